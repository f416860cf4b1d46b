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
  const condition = conditionOf(field, value);
  const added = negated === (value === null) ? condition : negate(condition);
  const parsed = parseQuery(text);
  if ('problem' in parsed) return `${text.trimEnd()} ${formatQuery(added)}`;
  const existing =
    parsed.ast.kind === 'and' ? parsed.ast.parts : parsed.ast.kind === 'all' ? [] : [parsed.ast];
  const [wanted, opposite] = [formatQuery(added), formatQuery(negate(added))];
  if (existing.some((part) => formatQuery(part) === wanted)) return text;
  if (existing.some((part) => formatQuery(part) === opposite)) {
    return formatQuery(join('and', [...existing.filter((part) => formatQuery(part) !== opposite), added]));
  }
  const kept = text.trim();
  if (kept === '') return wanted;
  return parsed.ast.kind === 'or' ? `(${kept}) ${wanted}` : `${kept} ${wanted}`;
}

function conditionOf(field: FieldName, value: string | null): Query {
  if (value === null) return { kind: 'field', field, test: { kind: 'exists' } };
  if (fieldNamed(field)?.kind === 'time') {
    const bound = { text: value, inclusive: true };
    return { kind: 'field', field, test: { kind: 'range', from: bound, to: bound } };
  }
  return { kind: 'field', field, test: { kind: 'glob', glob: literalGlob(value) } };
}
