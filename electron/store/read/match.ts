import type { EventTable } from './event-table.ts';
import {
  countMask,
  keepMasked,
  keepRows,
  maskAnd,
  maskNonZero,
  maskOr,
  selectMasked,
  selectRows,
} from './kernels.ts';
import type { Plan } from './plan.ts';
import { mostListed, stretchOf } from './rest.ts';

/**
 * The rows that match, ascending: those that are `listed`, else all from `from` up to and without `to`, except for
 * those that are `missing`. Where nearly all match, few are missing.
 */
export interface Matches {
  readonly count: number;
  readonly from: number;
  readonly to: number;
  readonly listed: Uint32Array | null;
  /** Null, never empty, where all of the stretch match, and where rows are listed. */
  readonly missing: Uint32Array | null;
}

type Lookup = Extract<Plan, { kind: 'lookup' }>;

/** Rows with the most selective condition first, the others on what is left. */
export function matchRows(plan: Plan, table: EventTable): Matches {
  const parts = plan.kind === 'and' ? [...plan.parts] : [plan];
  let [from, to] = [0, table.count];
  const lookups: Lookup[] = [];
  const others: Plan[] = [];
  let listed: readonly number[] | Uint32Array | null = null;
  for (const part of parts) {
    if (part.kind === 'none') return stretchOf(0, 0);
    if (part.kind === 'stretch') [from, to] = [Math.max(from, part.from), Math.min(to, part.to)];
    else if (part.kind === 'lookup') lookups.push(part);
    else if (part.kind === 'rows' && listed === null) listed = part.rows;
    else if (part.kind !== 'every') others.push(part);
  }
  if (from >= to) return stretchOf(0, 0);
  if (listed === null && lookups.length === 0 && others.length === 0) return stretchOf(from, to);

  if (listed === null) listed = takeRarest(lookups, table);
  const [only] = lookups;
  if (listed === null && others.length === 0 && only !== undefined && lookups.length === 1) {
    const rows = markedRows(only, table);
    if (rows > table.count * mostListed) return allBut(only, table.count - rows, table, from, to);
  }
  const sized = lookups.map((part) => ({ ...part, share: markedRows(part, table) }));
  sized.sort((first, second) => first.share - second.share);
  let rows: Uint32Array | null = null;
  let count = 0;
  if (listed !== null) {
    rows = Uint32Array.from(listed).filter((row) => row >= from && row < to);
    count = rows.length;
  }
  for (const { source, lookup, share } of sized) {
    const ids = table.ids(source);
    if (rows === null) {
      rows = new Uint32Array(Math.min(share, to - from) + 1);
      count = selectRows(ids, lookup, from, to, rows);
    } else count = keepRows(ids, lookup, rows, count);
  }
  for (const part of others) {
    const mask = maskOf(part, table, from, to);
    if (rows === null) {
      rows = new Uint32Array(countMask(mask) + 1);
      count = selectMasked(mask, from, rows);
    } else count = keepMasked(mask, from, rows, count);
  }
  return { count, from, to, listed: fitted(rows ?? new Uint32Array(0), count), missing: null };
}

/** The rows of a stretch whose entry is marked, by those whose entry is not: `most` of the whole table. */
function allBut(
  { source, lookup }: Lookup,
  most: number,
  table: EventTable,
  from: number,
  to: number,
): Matches {
  const others = lookup.map((mark) => 1 - mark);
  const rows = new Uint32Array(Math.min(most, to - from) + 1);
  const count = selectRows(table.ids(source), others, from, to, rows);
  return withoutRows(from, to, fitted(rows, count));
}

/** All rows of a stretch but some. */
export function withoutRows(from: number, to: number, missing: Uint32Array): Matches {
  if (missing.length === 0) return stretchOf(from, to);
  return { count: to - from - missing.length, from, to, listed: null, missing };
}

/** Takes the lookup with the fewest rows out of the list, where its rows are indexed and few: those rows, ascending. */
function takeRarest(lookups: Lookup[], table: EventTable): Uint32Array | null {
  let best: { readonly at: number; readonly rows: Uint32Array } | null = null;
  for (const [at, { source, lookup }] of lookups.entries()) {
    const rows = table.entryRows(source)?.marked(lookup) ?? null;
    if (rows !== null && rows.length < (best?.rows.length ?? Number.POSITIVE_INFINITY)) best = { at, rows };
  }
  if (best === null) return null;
  lookups.splice(best.at, 1);
  return best.rows.toSorted();
}

/** The listed rows alone; copied where most of the array would lie idle. */
function fitted(rows: Uint32Array, count: number): Uint32Array {
  return count * 2 < rows.length ? rows.slice(0, count) : rows.subarray(0, count);
}

/** How many rows of the whole table have a marked entry. */
function markedRows({ source, lookup }: Lookup, table: EventTable): number {
  const counts = table.counts(source);
  let rows = 0;
  for (let id = 0; id < lookup.length; id++) rows += (lookup[id] as number) * (counts[id] as number);
  return rows;
}

/** One byte a row of `from`..`to`: 1 where the plan holds. */
function maskOf(plan: Plan, table: EventTable, from: number, to: number): Uint8Array {
  const mask = new Uint8Array(to - from);
  switch (plan.kind) {
    case 'none':
      break;
    case 'every':
      mask.fill(1);
      break;
    case 'stretch':
      mask.fill(1, Math.max(0, plan.from - from), Math.max(0, plan.to - from));
      break;
    case 'rows':
      for (const row of plan.rows) if (row >= from && row < to) mask[row - from] = 1;
      break;
    case 'lookup':
      maskLookup(plan, table, from, mask);
      break;
    case 'present':
      maskNonZero(table.words(plan.column), from, mask);
      break;
    case 'not': {
      const inner = maskOf(plan.part, table, from, to);
      for (let index = 0; index < mask.length; index++) mask[index] = 1 - (inner[index] as number);
      break;
    }
    case 'and':
      mask.fill(1);
      for (const part of plan.parts) combineInto(mask, part, table, from, to, 'and');
      break;
    case 'or':
      for (const part of plan.parts) combineInto(mask, part, table, from, to, 'or');
      break;
  }
  return mask;
}

/** Marks the rows of a lookup's entries, beside those that are marked already. */
function maskLookup({ source, lookup }: Lookup, table: EventTable, from: number, mask: Uint8Array): void {
  const rows = table.entryRows(source)?.marked(lookup) ?? null;
  if (rows === null) {
    maskOr(table.ids(source), lookup, from, mask);
    return;
  }
  for (let index = 0; index < rows.length; index++) {
    const place = (rows[index] as number) - from;
    if (place >= 0 && place < mask.length) mask[place] = 1;
  }
}

function combineInto(
  mask: Uint8Array,
  part: Plan,
  table: EventTable,
  from: number,
  to: number,
  kind: 'and' | 'or',
): void {
  if (part.kind === 'lookup' && kind === 'or') {
    maskLookup(part, table, from, mask);
    return;
  }
  if (part.kind === 'lookup') {
    maskAnd(table.ids(part.source), part.lookup, from, mask);
    return;
  }
  const other = maskOf(part, table, from, to);
  for (let index = 0; index < mask.length; index++) {
    const [here, there] = [mask[index] as number, other[index] as number];
    mask[index] = kind === 'and' ? here & there : here | there;
  }
}
