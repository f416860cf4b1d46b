import type { Matches } from './match.ts';

/** From this share of their stretch on it is less work to count what does not match. */
const most = 0.6;

const kept = new WeakMap<Matches, Matches>();

/**
 * The rows of the stretch that do not match, where nearly all do: what is counted of the matches is what is counted of
 * the whole stretch without those. Null where few match, or all of the stretch.
 */
export function restOf(matches: Matches): Matches | null {
  const { rows, count, from, to } = matches;
  if (rows === null || count < (to - from) * most) return null;
  let rest = kept.get(matches);
  if (rest === undefined) {
    const others = rowsBetween(rows, count, from, to);
    rest = { count: others.length, from, to, rows: others };
    kept.set(matches, rest);
  }
  return rest;
}

/** The whole stretch of the matches. */
export function stretchAround({ from, to }: Matches): Matches {
  return { count: to - from, from, to, rows: null };
}

function rowsBetween(rows: Uint32Array, count: number, from: number, to: number): Uint32Array {
  const others = new Uint32Array(to - from - count);
  let length = 0;
  let next = from;
  for (let index = 0; index < count; index++) {
    const row = rows[index] as number;
    for (; next < row; next++) others[length++] = next;
    next = row + 1;
  }
  for (; next < to; next++) others[length++] = next;
  return others;
}
