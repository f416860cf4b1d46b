import type { FieldName } from '../domain/dimensions.ts';
import { type Query, join, literalGlob, negate } from './ast.ts';
import { fieldNamed } from './fields.ts';
import { formatQuery } from './format.ts';
import { parseQuery } from './parse.ts';

/**
 * The query with one more condition: filter for a value, or with `negated` filter it out. A null value stands for no
 * value at all. The opposite condition is replaced, the same one is not added twice; text that does not parse is kept
 * as it is, so that its problem stays in sight.
 */
export function withFilter(text: string, field: FieldName, value: string | null, negated: boolean): string {
  const condition = filterOf(field, value);
  const added = negated ? negate(condition) : condition;
  const parsed = parseQuery(text);
  if ('problem' in parsed) return `${text.trimEnd()} ${formatQuery(added)}`;
  const existing = partsOf(parsed.ast);
  const [wanted, opposite] = [formatQuery(added), formatQuery(negate(added))];
  if (existing.some((part) => formatQuery(part) === wanted)) return text;
  if (existing.some((part) => formatQuery(part) === opposite)) {
    return formatQuery(join('and', [...existing.filter((part) => formatQuery(part) !== opposite), added]));
  }
  const kept = text.trim();
  if (kept === '') return wanted;
  return parsed.ast.kind === 'or' ? `(${kept}) ${wanted}` : `${kept} ${wanted}`;
}

/** What `withFilter` adds for a value, as text. */
export function filterText(field: FieldName, value: string | null): string {
  return formatQuery(filterOf(field, value));
}

/** The conditions of a query that must all hold, as `filterText` writes them; none of a text that does not parse. */
export function conditionsOf(text: string): ReadonlySet<string> {
  const parsed = parseQuery(text);
  return new Set('problem' in parsed ? [] : partsOf(parsed.ast).map(formatQuery));
}

function partsOf(query: Query): readonly Query[] {
  if (query.kind === 'all') return [];
  return query.kind === 'and' ? query.parts : [query];
}

function filterOf(field: FieldName, value: string | null): Query {
  const condition = conditionOf(field, value);
  return value === null ? negate(condition) : condition;
}

function conditionOf(field: FieldName, value: string | null): Query {
  if (value === null) return { kind: 'field', field, test: { kind: 'exists' } };
  if (fieldNamed(field)?.kind === 'time') {
    const bound = { text: value, inclusive: true };
    return { kind: 'field', field, test: { kind: 'range', from: bound, to: bound } };
  }
  return { kind: 'field', field, test: { kind: 'glob', glob: literalGlob(value) } };
}
