import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { MethodContext } from '#electron/platform/rpc.ts';
import type { DimensionName } from '#shared/domain/dimensions.ts';
import type { EventGroup } from '#shared/domain/replay.ts';
import { PairNumbers } from '../segments/pair-numbers.ts';
import type { CaseReader } from './case-reader.ts';
import type { Column } from './event-table.ts';
import { stopIfAborted } from './in-steps.ts';
import { timeOf } from './rows.ts';

/** What every policy system reads of a request, and the outcome. */
const always: readonly DimensionName[] = ['format', 'subject', 'actor', 'operation', 'resource', 'decision'];
const groupsAtOnce = 200;
/** Groups whose last records are held at once. */
const groupsInSlice = 20_000;

interface Group {
  count: number;
  readonly first: number;
  last: number;
}

/**
 * The events that match as groups that are alike in what a policy can read: by subject, actor, action, resource and
 * outcome, and by the further dimensions that are named; where a policy reads more of a record than the columns hold,
 * also by that. Each comes with the records of its first and last event.
 */
export async function emitEventGroups(
  reader: CaseReader,
  input: {
    readonly query: string;
    readonly from: string | null;
    readonly to: string | null;
    readonly dimensions: readonly DimensionName[];
    readonly reads: readonly string[];
    readonly boundaries?: readonly number[];
  },
  { emit, signal, drained }: MethodContext,
): Promise<{ groups: number; events: number }> {
  const { table, records, engine } = reader;
  const matches = engine.matches(input);
  const rows = engine.rows(matches, 'time', 0, matches.count);
  const columns = [...always, ...input.dimensions].map((name) => table.ids(name));
  const keys = await requestKeys(reader, rows, input.reads, signal);
  const groups = groupsOf(columns, rows, table.micros, input.boundaries ?? [], keys);
  for (let at = 0; at < groups.length; at += groupsInSlice) {
    const slice = groups.slice(at, at + groupsInSlice);
    const lastRecords = readLast(reader, slice);
    let part: EventGroup[] = [];
    for (const group of slice) {
      const { count, first, last } = group;
      const event = records.event(table, first);
      part.push({
        events: count,
        outcome: event.outcome,
        first: timeOf(table, first),
        last: timeOf(table, last),
        id: event.id,
        reason: event.reason?.class ?? null,
        policy: event.reason?.policy ?? null,
        event: JSON.stringify(event),
        record: JSON.stringify(records.native(table, first)?.record ?? {}),
        lastRecord: lastRecords.get(group) ?? null,
      });
      if (part.length < groupsAtOnce) continue;
      emit(part);
      part = [];
      await setImmediate();
      await drained?.();
      stopIfAborted(signal);
    }
    if (part.length > 0) emit(part);
  }
  return { groups: groups.length, events: rows.length };
}

/**
 * The records of the groups' last events, read in the order of time: they lie anywhere in the log, and each block of
 * it is decompressed once that way.
 */
function readLast({ table, records }: CaseReader, groups: readonly Group[]): Map<Group, string> {
  const found = new Map<Group, string>();
  const several = groups.filter(({ count }) => count > 1);
  for (const group of several.toSorted((one, other) => one.last - other.last)) {
    const record = records.native(table, group.last)?.record;
    if (record !== undefined) found.set(group, JSON.stringify(record));
  }
  return found;
}

/** Rows whose keys are read between two looks at whether the question still stands. */
const keysAtOnce = 2_000;

/**
 * A number for each row: the same where the records of two make the same request. Null where the columns tell that of
 * every row. Records are read in the order of time, so that each block of a log is decompressed once.
 */
async function requestKeys(
  { table, records }: CaseReader,
  rows: ArrayLike<number>,
  reads: readonly string[],
  signal: AbortSignal,
): Promise<Uint32Array | null> {
  let found: Uint32Array | null = null;
  const numbers = new Map<string, number>();
  const keyOf = records.requestKeys(table, reads);
  for (let at = 0; at < rows.length; at++) {
    if (at % keysAtOnce === keysAtOnce - 1) {
      await setImmediate();
      stopIfAborted(signal);
    }
    const key = keyOf(rows[at] as number);
    if (key === null) continue;
    found ??= new Uint32Array(rows.length);
    const digest = createHash('sha256').update(key).digest('base64');
    const number = numbers.get(digest) ?? numbers.size + 1;
    numbers.set(digest, number);
    found[at] = number;
  }
  return found;
}

/** `boundaries` are moments in ascending order that no group reaches over. Rows are in the order of time. */
function groupsOf(
  columns: readonly Column[],
  rows: ArrayLike<number>,
  micros: Float64Array,
  boundaries: readonly number[],
  keys: Uint32Array | null,
): Group[] {
  let epoch = 0;
  const [head = new Uint32Array(0), ...rest] = columns;
  const levels = rest.map(() => new PairNumbers());
  const keyLevel = new PairNumbers();
  const groups: Group[] = [];
  const numbers = new Map<number, Group>();
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number;
    const before = epoch;
    while (epoch < boundaries.length && (boundaries[epoch] as number) <= (micros[row] as number)) epoch++;
    if (epoch !== before) numbers.clear();
    let number = head[row] as number;
    for (const [level, pairs] of levels.entries()) {
      number = pairs.numberOf(number, (rest[level] as Column)[row] as number);
    }
    if (keys !== null) number = keyLevel.numberOf(number, keys[at] as number);
    const known = numbers.get(number);
    if (known === undefined) {
      const group = { count: 1, first: row, last: row };
      numbers.set(number, group);
      groups.push(group);
    } else {
      known.count++;
      known.last = row;
    }
  }
  return groups;
}
