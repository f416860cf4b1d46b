import type { Matches } from './match.ts';

/** From this share of their stretch on it is less work to keep, and to count, what does not match. */
export const mostListed = 0.6;

const kept = new WeakMap<Matches, Matches>();
const lists = new WeakMap<Matches, Uint32Array>();

/**
 * The rows of the stretch that do not match, where nearly all do: what is counted of the matches is what is counted of
 * the whole stretch without those. Null where few match, or all of the stretch.
 */
export function restOf(matches: Matches): Matches | null {
  const { listed, missing, count, from, to } = matches;
  if (missing !== null) return { count: missing.length, from, to, listed: missing, missing: null };
  if (listed === null || count < (to - from) * mostListed) return null;
  let rest = kept.get(matches);
  if (rest === undefined) {
    const others = othersIn(listed, from, to);
    rest = { count: others.length, from, to, listed: others, missing: null };
    kept.set(matches, rest);
  }
  return rest;
}

/** The rows themselves, where they are no whole stretch. */
export function listOf(matches: Matches): Uint32Array | null {
  const { listed, missing, from, to } = matches;
  if (missing === null) return listed;
  let list = lists.get(matches);
  if (list === undefined) lists.set(matches, (list = othersIn(missing, from, to)));
  return list;
}

/** The rows from `from` up to and without `to`, all of them. */
export function stretchOf(from: number, to: number): Matches {
  return { count: to - from, from, to, listed: null, missing: null };
}

/** The whole stretch of the matches. */
export function stretchAround({ from, to }: Matches): Matches {
  return stretchOf(from, to);
}

/** The rows of a stretch that are not among some of it, both ascending. */
function othersIn(rows: Uint32Array, from: number, to: number): Uint32Array {
  const others = new Uint32Array(to - from - rows.length);
  let length = 0;
  let next = from;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as number;
    for (; next < row; next++) others[length++] = next;
    next = row + 1;
  }
  for (; next < to; next++) others[length++] = next;
  return others;
}
