import { type FieldName, type HashedField, dimensionNames, hashedFields } from '#shared/domain/dimensions.ts';
import { type Query, literalOf } from '#shared/query/ast.ts';
import { compileFieldTest, momentsOf } from '#shared/query/event-values.ts';
import { isHashedField } from '#shared/query/fields.ts';
import { compileContains } from '#shared/query/glob.ts';
import { looksLikeId } from '#shared/query/matches.ts';
import { eventIdWords } from '#shared/util/event-id.ts';
import { hash32 } from '#shared/util/hash32.ts';
import type { HashColumn } from '../segments/columns.ts';
import { type FieldTexts, sourceOf } from './dictionary.ts';
import type { ConfirmHash, EventTable, SourceName } from './event-table.ts';
import { searchedFor } from './field-search.ts';
import { firstRowAt, rowsWithWord } from './kernels.ts';

/**
 * A query made ready for one table: what can be said of a dictionary entry is a lookup by entry, a time is a stretch
 * of rows, an id its few rows.
 */
export type Plan =
  | { readonly kind: 'none' | 'every' }
  | { readonly kind: 'lookup'; readonly source: SourceName; readonly lookup: Uint8Array }
  | { readonly kind: 'stretch'; readonly from: number; readonly to: number }
  | { readonly kind: 'rows'; readonly rows: readonly number[] }
  | { readonly kind: 'present'; readonly column: HashColumn }
  | { readonly kind: 'not'; readonly part: Plan }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Plan[] };

export function planQuery(query: Query, table: EventTable, confirm: ConfirmHash): Plan {
  if (query.kind === 'all') return { kind: 'every' };
  if (query.kind === 'and' || query.kind === 'or') {
    return combine(
      query.kind,
      query.parts.map((part) => planQuery(part, table, confirm)),
    );
  }
  if (query.kind === 'not') return invert(planQuery(query.part, table, confirm), table);
  if (query.kind === 'text') return planText(query, table, confirm);
  return planField(query, table, confirm);
}

/** The rows from `from` up to and without `to`. */
function stretch(from: number, to: number, table: EventTable): Plan {
  if (from >= to) return { kind: 'none' };
  return from === 0 && to === table.count ? { kind: 'every' } : { kind: 'stretch', from, to };
}

/** Joins plans: lookups of one source become one, stretches within `and` one; what is decided falls away. */
export function combine(kind: 'and' | 'or', plans: readonly Plan[]): Plan {
  const [neutral, decisive] = kind === 'and' ? (['every', 'none'] as const) : (['none', 'every'] as const);
  const lookups = new Map<SourceName, Uint8Array>();
  const others: Plan[] = [];
  let from = 0;
  let to = Number.POSITIVE_INFINITY;
  for (const plan of plans.flatMap((plan) => (plan.kind === kind ? plan.parts : [plan]))) {
    if (plan.kind === decisive) return { kind: decisive };
    if (plan.kind === neutral) continue;
    if (plan.kind === 'lookup') {
      lookups.set(plan.source, joined(kind, lookups.get(plan.source), plan.lookup));
    } else if (kind === 'and' && plan.kind === 'stretch') {
      from = Math.max(from, plan.from);
      to = Math.min(to, plan.to);
    } else others.push(plan);
  }
  if (from >= to) return { kind: 'none' };
  if (to !== Number.POSITIVE_INFINITY) others.push({ kind: 'stretch', from, to });
  for (const [source, lookup] of lookups) {
    const plan = lookupPlan(source, lookup);
    if (plan.kind === decisive) return plan;
    if (plan.kind !== neutral) others.push(plan);
  }
  const [first] = others;
  if (first === undefined) return { kind: neutral };
  return others.length === 1 ? first : { kind, parts: others };
}

function joined(kind: 'and' | 'or', first: Uint8Array | undefined, second: Uint8Array): Uint8Array {
  if (first === undefined) return second;
  return second.map((mark, id) => (kind === 'and' ? mark & (first[id] ?? 0) : mark | (first[id] ?? 0)));
}

function lookupPlan(source: SourceName, lookup: Uint8Array): Plan {
  if (!lookup.includes(1)) return { kind: 'none' };
  return lookup.includes(0) ? { kind: 'lookup', source, lookup } : { kind: 'every' };
}

function invert(plan: Plan, table: EventTable): Plan {
  if (plan.kind === 'none') return { kind: 'every' };
  if (plan.kind === 'every') return { kind: 'none' };
  if (plan.kind === 'not') return plan.part;
  if (plan.kind === 'lookup') return { ...plan, lookup: plan.lookup.map((mark) => 1 - mark) };
  if (plan.kind === 'stretch' && plan.from === 0) return stretch(plan.to, table.count, table);
  if (plan.kind === 'stretch' && plan.to === table.count) return stretch(0, plan.from, table);
  return { kind: 'not', part: plan };
}

function planField(query: Extract<Query, { kind: 'field' }>, table: EventTable, confirm: ConfirmHash): Plan {
  const { field, test } = query;
  const exists = test.kind === 'exists';
  if ((field === 'id' || field === 'time') && exists) return { kind: 'every' };
  if (field === 'time' && test.kind === 'range') {
    const { from, to } = momentsOf(test);
    const first = from === null ? 0 : firstRowAt(table.micros, table.nanos, from);
    const end = to === null ? table.count : firstRowAt(table.micros, table.nanos, to);
    return stretch(first, end, table);
  }
  const literal = test.kind === 'glob' ? literalOf(test.glob) : null;
  if (field === 'id') return idPlan(literal ?? '', table);
  if (isHashedField(field)) {
    return exists
      ? { kind: 'present', column: `hash:${field}` }
      : hashPlan([field], literal ?? '', table, confirm);
  }
  const matches = compileFieldTest(field, test);
  const source = sourceOf(field)?.source;
  const searched = source === undefined ? null : searchedFor(query, table.dictionary(source));
  if (source !== undefined && searched !== null) {
    return lookupPlan(source, table.dictionary(source).passing(field, searched, matches));
  }
  return fieldLookup(field, table, ({ texts, lower }, mark) => {
    for (let text = 0; text < texts.length; text++) {
      if (matches(texts[text] as string, lower[text] as string)) mark(text);
    }
  });
}

function planText({ glob }: Extract<Query, { kind: 'text' }>, table: EventTable, confirm: ConfirmHash): Plan {
  const contains = compileContains(glob);
  const literal = literalOf(glob);
  const lower = literal?.toLowerCase() ?? '';
  const plans = dimensionNames.flatMap((source): readonly Plan[] => {
    const dictionary = table.dictionary(source);
    if (lower !== '') return [lookupPlan(source, dictionary.holding(lower))];
    return dictionary.fields.map((field) =>
      fieldLookup(field, table, (texts, mark) => {
        for (const [number, text] of texts.lower.entries()) if (contains(text)) mark(number);
      }),
    );
  });
  if (literal !== null && looksLikeId(literal)) {
    plans.push(idPlan(literal, table), hashPlan(hashedFields, literal, table, confirm));
  }
  return combine('or', plans);
}

/** Entries of the field's dictionary with a text that `search` marks. */
function fieldLookup(
  field: FieldName,
  table: EventTable,
  search: (texts: FieldTexts, mark: (text: number) => void) => void,
): Plan {
  const found = sourceOf(field);
  if (found === null) return { kind: 'none' };
  const { values, texts, indexes } = table.dictionary(found.source).field(field);
  const marks = new Uint8Array(values.length);
  search(texts, (text) => {
    marks[texts.owners[text] as number] = 1;
  });
  if (!marks.includes(1)) return { kind: 'none' };
  const lookup = new Uint8Array(indexes.length);
  for (let id = 0; id < lookup.length; id++) lookup[id] = marks[indexes[id] as number] as number;
  return lookupPlan(found.source, lookup);
}

const restOfKey = ['key1', 'key2', 'key3'] as const;

/** The row of an event id; ids of other length than 32 hexadecimal digits have none. */
function idPlan(text: string, table: EventTable): Plan {
  const words = eventIdWords(text.toLowerCase());
  if (words === null) return { kind: 'none' };
  const [first, ...rest] = words;
  const rows = table
    .rowsOfKey(first)
    .filter((row) => restOfKey.every((column, index) => table.wordAt(column, row) === rest[index]));
  return rows.length === 0 ? { kind: 'none' } : { kind: 'rows', rows };
}

/** The rows where one of the fields is the text: found by hash, confirmed on the raw record. */
function hashPlan(
  fields: readonly HashedField[],
  text: string,
  table: EventTable,
  confirm: ConfirmHash,
): Plan {
  const hash = hash32(text);
  const found = new Set<number>();
  for (const field of fields) {
    for (const row of rowsWithWord(table.words(`hash:${field}`), hash, 0, table.count)) {
      if (!found.has(row) && confirm(row, field, text)) found.add(row);
    }
  }
  return found.size === 0 ? { kind: 'none' } : { kind: 'rows', rows: [...found].toSorted((a, b) => a - b) };
}
