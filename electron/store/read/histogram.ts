import type { Histogram } from '#shared/ipc/views.ts';
import { groupCounts } from './entry-counts.ts';
import type { EventTable } from './event-table.ts';
import { countValues, groupSource, mostFrequent, valueCountsIn } from './group.ts';
import type { Matches } from './match.ts';
import { restOf, stretchAround } from './rest.ts';
import { rowAt, timeSlices } from './time-slices.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Steps that people read easily, in milliseconds; beyond the last one, whole multiples of it. */
const steps = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 7].map((count) => count * day),
];

/** Series beside the one that sums up the rest. */
const mostSeries = 12;
/** So few values are all counted. */
const mostCounted = 64;

/** A count for each of `length` steps. */
export function zeros(length: number): number[] {
  return Array.from({ length }, () => 0);
}

/** The least step with which `fromMs`..`toMs`, counted from whole steps, takes at most `buckets` of them. */
export function stepFor(fromMs: number, toMs: number, buckets: number): number {
  const needed = (step: number): number => Math.floor(toMs / step) - Math.floor(fromMs / step) + 1;
  const step = steps.find((candidate) => needed(candidate) <= buckets);
  if (step !== undefined) return step;
  const week = 7 * day;
  let count = Math.max(1, Math.floor((toMs - fromMs) / week / buckets));
  while (needed(count * week) > buckets && toMs - fromMs >= count * week) count++;
  return count * week;
}

/**
 * Matches by step of time and by value of a field. Each step starts at a whole multiple of `stepMs` since 1970. Values
 * beyond the twelve most frequent share the series `other`; events without a value are in the series ``.
 */
export function histogram(
  matches: Matches,
  table: EventTable,
  range: { readonly fromMs: number | null; readonly toMs: number | null },
  buckets: number,
  split: string,
): Histogram {
  const source = groupSource(split);
  if (matches.count === 0 && (range.fromMs === null || range.toMs === null)) {
    const at = range.fromMs ?? range.toMs ?? 0;
    return { fromMs: at, toMs: at, stepMs: 1, series: [], total: 0 };
  }
  const firstMs = range.fromMs ?? Math.floor(microsAt(matches, table, 0) / 1000);
  const lastMs = range.toMs ?? Math.floor(microsAt(matches, table, matches.count - 1) / 1000);
  const stepMs = stepFor(firstMs, Math.max(firstMs, lastMs), buckets);
  const fromMs = Math.floor(firstMs / stepMs) * stepMs;
  const toMs = (Math.floor(Math.max(firstMs, lastMs) / stepMs) + 1) * stepMs;
  const length = (toMs - fromMs) / stepMs;

  const slicesOf = (some: Matches): Step[] =>
    timeSlices(some, table, stepMs * 1000).map((slice) => ({
      at: (slice.start / 1000 - fromMs) / stepMs,
      matches: slice.matches,
    }));
  const few = table.dictionary(source).field(split).values.length <= mostCounted;
  const { frequent, series, others } = (few ? countedFirst : rankedFirst)(
    split,
    matches,
    slicesOf,
    length,
    table,
  );
  const named = series.map((counts, index) => ({ value: frequent[index] ?? '', counts }));
  if (others.some((count) => count > 0)) named.push({ value: 'other', counts: others });
  return { fromMs, toMs, stepMs, series: named, total: matches.count };
}

interface Step {
  readonly at: number;
  readonly matches: Matches;
}

interface Series {
  /** The values with a series of their own, the most frequent first. */
  readonly frequent: readonly (string | null)[];
  /** Of each of them. */
  readonly series: readonly number[][];
  readonly others: number[];
}

/** Counts every value and ranks them by what they came to: one pass over the matches. */
function countedFirst(
  split: string,
  matches: Matches,
  slicesOf: (some: Matches) => readonly Step[],
  length: number,
  table: EventTable,
): Series {
  const { values } = table.dictionary(groupSource(split)).field(split);
  const byValue = values.map(() => zeros(length));
  const totals = new Float64Array(values.length);
  const add = (some: Matches, sign: 1 | -1): void => {
    for (const slice of slicesOf(some)) {
      for (const [value, count] of valueCountsIn(split, slice.matches, table).entries()) {
        const counts = byValue[value] as number[];
        // What does not match may lie before the first match and behind the last.
        if (slice.at < 0 || slice.at >= length) continue;
        counts[slice.at] = (counts[slice.at] as number) + sign * count;
        totals[value] = (totals[value] as number) + sign * count;
      }
    }
  };
  const rest = restOf(matches);
  add(rest === null ? matches : stretchAround(matches), 1);
  if (rest !== null) add(rest, -1);
  const frequent = mostFrequent(values, totals, mostSeries).map(({ value }) => value);
  const others = zeros(length);
  for (const [value, counts] of byValue.entries()) {
    if (frequent.includes(values[value] ?? null)) continue;
    for (let at = 0; at < length; at++) others[at] = (others[at] as number) + (counts[at] as number);
  }
  return { frequent, series: frequent.map((value) => byValue[values.indexOf(value)] ?? []), others };
}

/** Ranks the values and counts those that get a series: another pass, and no array for each of thousands. */
function rankedFirst(
  split: string,
  matches: Matches,
  slicesOf: (some: Matches) => readonly Step[],
  length: number,
  table: EventTable,
): Series {
  const source = groupSource(split);
  const { values, indexes } = table.dictionary(source).field(split);
  const frequent = countValues(split, matches, table, mostSeries).map(({ value }) => value);
  const series = [...frequent, null].map(() => zeros(length));
  // Values without a series of their own share the last one.
  const seriesOfValue = values.map((value) => {
    const index = frequent.indexOf(value);
    return index === -1 ? frequent.length : index;
  });
  const groups = indexes.map((index) => seriesOfValue[index] as number);
  for (const slice of slicesOf(matches)) {
    for (const [index, count] of groupCounts(source, groups, series.length, slice.matches, table).entries()) {
      (series[index] as number[])[slice.at] = count;
    }
  }
  return { frequent, others: series.pop() ?? [], series };
}

function microsAt(matches: Matches, table: EventTable, position: number): number {
  return table.micros[rowAt(matches, position)] as number;
}
