import type { EventTable } from './event-table.ts';
import { firstRowAt } from './kernels.ts';
import type { Matches } from './match.ts';

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

export function rowAt(matches: Matches, position: number): number {
  return matches.rows === null ? matches.from + position : (matches.rows[position] as number);
}

/** The position of the first match at or behind a row, from position `low` on. */
export function positionOf(matches: Matches, row: number, low: number): number {
  if (matches.rows === null) return Math.min(row - matches.from, matches.count);
  let [first, last] = [low, matches.count];
  while (first < last) {
    const middle = (first + last) >>> 1;
    if ((matches.rows[middle] as number) < row) first = middle + 1;
    else last = middle;
  }
  return first;
}

/** Those of `matches` that lie in the stretch `all`. */
export function clip(all: Matches, matches: Matches): Matches {
  if (matches.rows === null) {
    const from = Math.max(all.from, matches.from);
    const to = Math.max(from, Math.min(all.to, matches.to));
    return { count: to - from, from, to, rows: null };
  }
  return part(matches, positionOf(matches, all.from, 0), positionOf(matches, all.to, 0));
}

function part(matches: Matches, from: number, to: number): Matches {
  const count = to - from;
  if (matches.rows === null) return { count, from: matches.from + from, to: matches.from + to, rows: null };
  return { count, from: matches.from, to: matches.to, rows: matches.rows.subarray(from, to) };
}
