import type { EventTable } from './event-table.ts';
import { firstRowAt } from './kernels.ts';
import { type Matches, withoutRows } from './match.ts';
import { stretchOf } from './rest.ts';

export interface TimeSlice {
  /** Start of the step, microseconds since 1970. */
  readonly start: number;
  readonly matches: Matches;
}

/** Matches step by step of time; steps without any are left out. Steps are counted from 1970. */
export function timeSlices(matches: Matches, table: EventTable, stepMicros: number): TimeSlice[] {
  const slices: TimeSlice[] = [];
  for (let at = 0; at < matches.count; ) {
    const row = rowAt(matches, at);
    const start = Math.floor((table.micros[row] as number) / stepMicros) * stepMicros;
    const endRow = firstRowAt(table.micros, null, { micros: start + stepMicros, nanos: 0 });
    const end = positionOf(matches, endRow, at);
    slices.push({ start, matches: part(matches, at, end) });
    at = end;
  }
  return slices;
}

/** The row of the match at a position. */
export function rowAt({ listed, missing, from }: Matches, position: number): number {
  if (listed !== null) return listed[position] as number;
  if (missing === null) return from + position;
  // Behind the first rows that are missing come as many more of the others.
  let [low, high] = [0, missing.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((missing[middle] as number) - from - middle <= position) low = middle + 1;
    else high = middle;
  }
  return from + position + low;
}

/** The position of the first match at or behind a row, from position `low` on. */
export function positionOf({ listed, missing, from, count }: Matches, row: number, low: number): number {
  if (listed !== null) return placeOf(row, listed, low, count);
  if (missing === null) return Math.min(row - from, count);
  return Math.max(low, Math.min(row - from - placeOf(row, missing, 0, missing.length), count));
}

/** The place of the first row that is at or behind another, among rows that ascend. */
function placeOf(row: number, rows: Uint32Array, from: number, to: number): number {
  let [first, last] = [from, to];
  while (first < last) {
    const middle = (first + last) >>> 1;
    if ((rows[middle] as number) < row) first = middle + 1;
    else last = middle;
  }
  return first;
}

/** Those of `matches` that lie in the stretch `all`. */
export function clip(all: Matches, matches: Matches): Matches {
  if (matches.listed !== null) {
    return part(matches, positionOf(matches, all.from, 0), positionOf(matches, all.to, 0));
  }
  const from = Math.max(all.from, matches.from);
  return between(matches, from, Math.max(from, Math.min(all.to, matches.to)));
}

/** The matches at the positions from `first` up to and without `end`, of which there are some. */
function part(matches: Matches, first: number, end: number): Matches {
  const { listed, from, to } = matches;
  if (listed !== null) {
    return { count: end - first, from, to, listed: listed.subarray(first, end), missing: null };
  }
  if (first === end) return stretchOf(from, from);
  return between(matches, rowAt(matches, first), rowAt(matches, end - 1) + 1);
}

/** What lies in a stretch of matches that are not listed. */
function between({ missing }: Matches, from: number, to: number): Matches {
  if (missing === null) return stretchOf(from, to);
  const start = placeOf(from, missing, 0, missing.length);
  const inside = missing.subarray(start, placeOf(to, missing, start, missing.length));
  return withoutRows(from, to, inside);
}
