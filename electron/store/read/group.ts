import { FailureError } from '#shared/util/result.ts';
import { formatInstant } from '#shared/util/instant.ts';
import type { CountRow, Facet } from '#shared/ipc/views.ts';
import { sourceOf } from './dictionary.ts';
import { entryCounts, groupCounts, isWhole, without } from './entry-counts.ts';
import type { EventTable, SourceName } from './event-table.ts';
import type { Steps } from './in-steps.ts';
import { addKeys, addKeysOf, countGroups, countPairs, countValuesOf } from './kernels.ts';
import type { Matches } from './match.ts';
import { KeyCounter, thresholdOf } from './key-counter.ts';
import { listOf, restOf, stretchAround } from './rest.ts';
import { timeSlices } from './time-slices.ts';

interface ValueCount {
  readonly value: string | null;
  readonly count: number;
}

/** How many matches have each value of a field, by its index. */
export function valueCountsIn(field: string, matches: Matches, table: EventTable): Uint32Array {
  const source = groupSource(field);
  const { values, indexes } = table.dictionary(source).field(field);
  const rest = matches.missing === null ? null : restOf(matches);
  if (rest !== null) {
    const all = valueCountsIn(field, stretchAround(matches), table);
    return without(all, valueCountsIn(field, rest, table));
  }
  if (matches.listed !== null) {
    const column = table.valueColumn(field);
    if (column !== null) return countValuesOf(column, values.length, matches.listed);
  }
  const hours = matches.listed === null && !isWhole(matches, table) ? table.hours(field) : null;
  if (hours === null) return groupCounts(source, indexes, values.length, matches, table);
  const counts = new Uint32Array(values.length);
  const counted = hours.add(matches.from, matches.to, counts);
  const ids = table.ids(source);
  countGroups(ids, indexes, matches.from, counted.from, counts);
  countGroups(ids, indexes, counted.to, matches.to, counts);
  return counts;
}

/** How many matches have each value of a field: the `limit` most frequent, most frequent first. */
export function countValues(
  field: string,
  matches: Matches,
  table: EventTable,
  limit = Number.POSITIVE_INFINITY,
): ValueCount[] {
  const counts = valueCounts(field, entryCounts(groupSource(field), matches, table), table);
  return mostFrequent(table.dictionary(groupSource(field)).field(field).values, counts, limit);
}

/** How many of what was counted by entry have each value of a field, by the value's index. */
function valueCounts(field: string, entries: Uint32Array, table: EventTable): Float64Array {
  const { values, indexes } = table.dictionary(groupSource(field)).field(field);
  const counts = new Float64Array(values.length);
  for (let id = 0; id < entries.length; id++) {
    const index = indexes[id] as number;
    counts[index] = (counts[index] as number) + (entries[id] as number);
  }
  return counts;
}

/** Of millions of values only those that may be listed are sorted. */
export function mostFrequent(
  values: readonly (string | null)[],
  counts: Float64Array,
  limit: number,
): ValueCount[] {
  const least = thresholdOf(counts, limit);
  const listed: ValueCount[] = [];
  for (let index = 0; index < counts.length; index++) {
    const count = counts[index] as number;
    if (count >= least) listed.push({ value: values[index] ?? null, count });
  }
  listed.sort((first, second) => second.count - first.count || compareValues(first.value, second.value));
  return limit < listed.length ? listed.slice(0, limit) : listed;
}

/**
 * The most frequent values of each field; `distinct` counts values alone, not the events without one. A step for each
 * field: they are below what is read first, and must not keep the next question waiting.
 */
export function* facets(
  fields: readonly string[],
  limit: number,
  matches: Matches,
  table: EventTable,
): Steps<Facet[]> {
  // Fields of one dictionary are counted in one pass.
  const byEntry = new Map<SourceName, Uint32Array>();
  const found: Facet[] = [];
  for (const field of fields) {
    if (found.length > 0) yield;
    const source = groupSource(field);
    const { values } = table.dictionary(source).field(field);
    let entries = byEntry.get(source);
    if (entries === undefined) {
      yield* table.loadIds(source);
      entries = entryCounts(source, matches, table);
      byEntry.set(source, entries);
    }
    const counts = valueCounts(field, entries, table);
    let distinct = 0;
    for (let index = 0; index < counts.length; index++) {
      if (counts[index] !== 0 && values[index] !== null) distinct++;
    }
    found.push({ field, distinct, values: mostFrequent(values, counts, limit) });
  }
  return found;
}

/** Keys of groups are whole numbers that a double holds, with room for the time steps. */
const largestKey = 2 ** 36;

const bucketMicros = { hour: 3600e6, day: 86_400e6 } as const;

/** Counts by up to four fields and by hour or day, largest first, then by value. */
export function countBy(
  by: readonly string[],
  bucket: 'hour' | 'day' | null,
  limit: number,
  matches: Matches,
  table: EventTable,
): { rows: CountRow[]; groups: number } {
  const fields = by.map((field) => ({ field, source: groupSource(field) }));
  // Fields of one dictionary vary together: they make one axis.
  const axes = [...new Set(fields.map(({ source }) => source))].map((source) =>
    axisOf(
      source,
      fields.filter((entry) => entry.source === source).map(({ field }) => field),
      table,
    ),
  );
  let size = 1;
  const strides = axes.map(({ tuples }) => {
    const stride = size;
    size *= tuples.length;
    return stride;
  });
  if (size > largestKey) {
    throw new FailureError(
      'invalid-input',
      `${by.join(', ')} have too many combinations to be counted together. Leave one of them out.`,
    );
  }
  const slices = bucket === null ? [{ start: 0, matches }] : timeSlices(matches, table, bucketMicros[bucket]);
  const counter = new KeyCounter(size * slices.length, matches.count);
  const keys = new Float64Array(Math.min(block, matches.count));
  // One or two fields are mostly counted without weights.
  let made: readonly Float64Array[] | null = null;
  const weights = (): readonly Float64Array[] =>
    (made ??= axes.map(({ indexes }, at) => weightsOf(indexes, strides[at] as number)));
  for (const [index, slice] of slices.entries()) {
    countSlice(slice.matches, axes, weights, index * size, table, counter, keys);
  }
  const rows = counter.largest(limit).map(({ key, count }): CountRow => {
    const values: (string | null)[] = [];
    let rest = key % size;
    const found = new Map<string, string | null>();
    for (const { tuples, fields: names } of axes) {
      const tuple = tuples[rest % tuples.length] ?? [];
      rest = Math.floor(rest / tuples.length);
      for (const [position, name] of names.entries()) found.set(name, tuple[position] ?? null);
    }
    if (bucket !== null) values.push(startText(slices[Math.floor(key / size)]?.start ?? 0));
    for (const field of by) values.push(found.get(field) ?? null);
    return { values, count };
  });
  rows.sort((first, second) => second.count - first.count || compareTuples(first.values, second.values));
  return { rows: rows.slice(0, limit), groups: counter.size };
}

function startText(micros: number): string {
  return formatInstant({ micros, nanos: 0, digits: 0 });
}

interface Axis {
  readonly source: SourceName;
  readonly fields: readonly string[];
  /** Distinct tuples of the fields' values. */
  readonly tuples: readonly (readonly (string | null)[])[];
  /** Entry → index into `tuples`. */
  readonly indexes: Uint32Array;
}

function axisOf(source: SourceName, fields: readonly string[], table: EventTable): Axis {
  const dictionary = table.dictionary(source);
  const columns = fields.map((field) => dictionary.field(field));
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) {
    return { source, fields, tuples: only.values.map((value) => [value]), indexes: only.indexes };
  }
  const seen = new Map<string, number>();
  const tuples: (string | null)[][] = [];
  const indexes = new Uint32Array(dictionary.size);
  for (let id = 0; id < dictionary.size; id++) {
    const positions = columns.map((column) => column.indexes[id] as number);
    const key = positions.join(',');
    let index = seen.get(key);
    if (index === undefined) {
      index = tuples.length;
      seen.set(key, index);
      tuples.push(columns.map((column, at) => column.values[positions[at] as number] ?? null));
    }
    indexes[id] = index;
  }
  return { source, fields, tuples, indexes };
}

const block = 16_384;
/** So few groups may be counted one by one, however few the matches are. */
const fewGroups = 1024;

/** What each entry adds to the key of a group. */
function weightsOf(indexes: Uint32Array, stride: number): Float64Array {
  const weights = new Float64Array(indexes.length);
  for (let entry = 0; entry < weights.length; entry++) weights[entry] = (indexes[entry] as number) * stride;
  return weights;
}

function countSlice(
  matches: Matches,
  axes: readonly Axis[],
  weights: () => readonly Float64Array[],
  base: number,
  table: EventTable,
  counter: KeyCounter,
  keys: Float64Array,
): void {
  const [axis] = axes;
  if (axis === undefined) {
    counter.add(base, matches.count);
    return;
  }
  const [, second] = axes;
  if (second === undefined && axis.tuples.length <= Math.max(fewGroups, matches.count)) {
    const [field, another] = axis.fields;
    const counts =
      field !== undefined && another === undefined
        ? valueCountsIn(field, matches, table)
        : groupCounts(axis.source, axis.indexes, axis.tuples.length, matches, table);
    for (let index = 0; index < counts.length; index++) {
      if (counts[index] !== 0) counter.add(base + index, counts[index] as number);
    }
    return;
  }
  const { dense } = counter;
  if (
    second !== undefined &&
    axes.length === 2 &&
    dense !== null &&
    matches.count === matches.to - matches.from
  ) {
    const one = { ids: table.ids(axis.source), groups: axis.indexes };
    const other = { ids: table.ids(second.source), groups: second.indexes };
    countPairs(one, other, axis.tuples.length, matches.from, matches.to, base, dense);
    return;
  }
  const weighted = weights();
  const list = listOf(matches);
  for (let start = 0; start < matches.count; start += block) {
    const count = Math.min(block, matches.count - start);
    keys.fill(base, 0, count);
    for (const [index, { source }] of axes.entries()) {
      const weight = weighted[index] as Float64Array;
      if (list === null) addKeys(table.ids(source), weight, matches.from + start, count, keys);
      else addKeysOf(table.ids(source), weight, list, start, count, keys);
    }
    counter.addAll(keys, count);
  }
}

/** The dictionary of a field to group by. Throws kind `invalid-input` for fields that have none. */
export function groupSource(field: string): SourceName {
  const found = sourceOf(field);
  if (found !== null) return found.source;
  throw new FailureError(
    'invalid-input',
    `Events cannot be counted by “${field}”. Count by a field of the event such as outcome, subject.id, action, service, resource.id, ip, account or region.`,
    { field },
  );
}

/** Order of values by code units, missing ones last. */
export function compareValues(first: string | null, second: string | null): number {
  if (first === second) return 0;
  if (first === null) return 1;
  if (second === null) return -1;
  return first < second ? -1 : 1;
}

function compareTuples(first: readonly (string | null)[], second: readonly (string | null)[]): number {
  for (const [index, value] of first.entries()) {
    const order = compareValues(value, second[index] ?? null);
    if (order !== 0) return order;
  }
  return 0;
}
