import type { FieldName } from '#shared/domain/dimensions.ts';
import { outcomes } from '#shared/domain/event.ts';
import type { Coverage, Overview } from '#shared/ipc/views.ts';
import type { EventTable, SourceName } from './event-table.ts';
import { compareValues, countBy, countValues } from './group.ts';
import { stepFor, zeros } from './histogram.ts';
import { type SeenIdentity, identities } from './identities.ts';
import type { Steps } from './in-steps.ts';
import { firstRowAt } from './kernels.ts';
import { type Matches, matchRows } from './match.ts';
import { type Plan, combine } from './plan.ts';
import { stretchOf } from './rest.ts';
import { timeOf } from './rows.ts';
import { clip, rowAt, timeSlices } from './time-slices.ts';

const dayMicros = 86_400e6;
const listed = 10;
/** Of one field: addresses come and go, and would leave no room for the rest. */
const listedOfField = 3;
const coverageSteps = 240;
const changingFields = ['outcome', 'service', 'action', 'reason.class', 'region', 'account', 'ip'] as const;

/** What the events of a stretch of time show at first sight. Relative to the last of them, never to today. */
export function* overview(all: Matches, table: EventTable): Steps<Overview> {
  const counted = new Map(countValues('outcome', all, table).map(({ value, count }) => [value, count]));
  yield;
  const base = {
    outcomes: Object.fromEntries(
      outcomes.map((outcome) => [outcome, counted.get(outcome) ?? 0]),
    ) as Overview['outcomes'],
    coverage: coverage(all, table),
  };
  yield;
  if (all.count === 0) return { ...base, topDenied: [], newIdentities: [], quietIdentities: [], changes: [] };
  const [start, end] = [0, all.count - 1].map((position) => table.micros[rowAt(all, position)] as number) as [
    number,
    number,
  ];
  const seen = identities(all, table);
  yield;
  const denied = topDenied(all, table);
  yield;
  return {
    ...base,
    topDenied: denied,
    newIdentities: newIdentities(seen, table, end - (end - start) / 7, start),
    quietIdentities: quietIdentities(seen, table, end - Math.max((end - start) / 4, 7 * dayMicros), start),
    changes: yield* changes(all, table, start, end),
  };
}

function coverage(all: Matches, table: EventTable): Coverage[] {
  return table
    .dictionary('format')
    .field('format')
    .values.flatMap((format): Coverage[] => {
      if (format === null) return [];
      const matches = clip(
        all,
        matchRows(
          marked('format', 'format', (value) => value === format, table),
          table,
        ),
      );
      if (matches.count === 0) return [];
      const [first, last] = [rowAt(matches, 0), rowAt(matches, matches.count - 1)];
      const [firstMs, lastMs] = [first, last].map((row) =>
        Math.floor((table.micros[row] as number) / 1000),
      ) as [number, number];
      const stepMs = stepFor(firstMs, lastMs, coverageSteps);
      const fromMs = Math.floor(firstMs / stepMs) * stepMs;
      const counts = zeros(Math.floor(lastMs / stepMs) - Math.floor(firstMs / stepMs) + 1);
      for (const slice of timeSlices(matches, table, stepMs * 1000)) {
        counts[(slice.start / 1000 - fromMs) / stepMs] = slice.matches.count;
      }
      const range = { from: timeOf(table, first), to: timeOf(table, last) };
      return [{ format, events: matches.count, ...range, stepMs, fromMs, counts }];
    })
    .toSorted((one, other) => compareValues(one.format, other.format));
}

/** The denials of subjects that the log names. */
function deniedOf(all: Matches, table: EventTable): Matches {
  const denied = marked('decision', 'outcome', (value) => value === 'deny', table);
  const named = marked('subject', 'subject.id', (value) => value !== null, table);
  return clip(all, matchRows(combine('and', [denied, named]), table));
}

/** The rows whose value of a field passes the test. */
function marked(
  source: SourceName,
  field: FieldName,
  test: (value: string | null) => boolean,
  table: EventTable,
): Plan {
  const { values, indexes } = table.dictionary(source).field(field);
  const lookup = Uint8Array.from(indexes, (index) => (test(values[index] ?? null) ? 1 : 0));
  return { kind: 'lookup', source, lookup };
}

function topDenied(all: Matches, table: EventTable): Overview['topDenied'] {
  const denied = deniedOf(all, table);
  const { rows: top } = countBy(['subject.id', 'action'], null, listed, denied, table);
  const last = lastRows(
    top.map(({ values }) => values),
    denied,
    table,
  );
  return top.map(({ values: [subject = null, action = null], count }, index) => ({
    subject: subject ?? '',
    action,
    count,
    last: timeOf(table, last[index] ?? 0),
  }));
}

/** The last row of each pair of subject and action. */
function lastRows(
  pairs: readonly (readonly (string | null)[])[],
  denied: Matches,
  table: EventTable,
): number[] {
  const subjects = table.dictionary('subject').field('subject.id');
  const actions = table.dictionary('operation').field('action');
  const [subjectIds, actionIds] = [table.ids('subject'), table.ids('operation')];
  const wanted = new Map(
    pairs.map(([subject = null, action = null], index) => [
      `${subjects.values.indexOf(subject)} ${actions.values.indexOf(action)}`,
      index,
    ]),
  );
  const found: number[] = [];
  for (let position = denied.count - 1; position >= 0 && wanted.size > 0; position--) {
    const row = rowAt(denied, position);
    const key = `${subjects.indexes[subjectIds[row] as number]} ${actions.indexes[actionIds[row] as number]}`;
    const index = wanted.get(key);
    if (index === undefined) continue;
    found[index] = row;
    wanted.delete(key);
  }
  return found;
}

/** Subjects first seen after `since`, the newest first. None where everything is as new as that. */
function newIdentities(
  seen: readonly SeenIdentity[],
  table: EventTable,
  since: number,
  start: number,
): Overview['newIdentities'] {
  if (since <= start) return [];
  return seen
    .filter(({ first }) => (table.micros[first] as number) >= since)
    .toReversed()
    .slice(0, listed)
    .map(({ subject, first, events }) => ({ subject, first: timeOf(table, first), events }));
}

/** Subjects without an event after `since`, those with the most events first. None where no time lies before it. */
function quietIdentities(
  seen: readonly SeenIdentity[],
  table: EventTable,
  since: number,
  start: number,
): Overview['quietIdentities'] {
  if (since <= start) return [];
  return seen
    .filter(({ last }) => (table.micros[last] as number) < since)
    .toSorted((one, other) => other.events - one.events || one.first - other.first)
    .slice(0, listed)
    .map(({ subject, last, events }) => ({ subject, last: timeOf(table, last), events }));
}

/** Days that a case must span before events a day are said of it: of seconds they would be numbers out of the air. */
const leastDays = 1;

/** Values whose rate changed most from the first six sevenths of the time to the last one, weighed by how many events speak for it. */
function* changes(all: Matches, table: EventTable, start: number, end: number): Steps<Overview['changes']> {
  const split = end - (end - start) / 7;
  const [beforeDays, afterDays] = [(split - start) / dayMicros, (end - split) / dayMicros];
  if (beforeDays + afterDays < leastDays) return [];
  const middle = Math.max(all.from, firstRowAt(table.micros, table.nanos, { micros: split, nanos: 0 }));
  const before = stretchOf(all.from, middle);
  const after = stretchOf(middle, all.to);
  const changed: (Overview['changes'][number] & { readonly weight: number })[] = [];
  for (const field of changingFields) {
    const earlier = new Map(countValues(field, before, table).map(({ value, count }) => [value, count]));
    const later = new Map(countValues(field, after, table).map(({ value, count }) => [value, count]));
    for (const value of new Set([...earlier.keys(), ...later.keys()])) {
      if (value === null) continue;
      const [beforeCount, afterCount] = [earlier.get(value) ?? 0, later.get(value) ?? 0];
      const [beforePerDay, afterPerDay] = [beforeCount / beforeDays, afterCount / afterDays];
      const expected = beforePerDay * afterDays;
      const weight = (afterCount - expected) ** 2 / (afterCount + expected);
      changed.push({ field, value, beforePerDay, afterPerDay, weight });
    }
    yield;
  }
  const ofField = new Map<string, number>();
  return changed
    .filter(({ weight }) => weight > 0)
    .toSorted(
      (one, other) =>
        other.weight - one.weight ||
        compareValues(one.field, other.field) ||
        compareValues(one.value, other.value),
    )
    .filter(({ field }) => {
      const before = ofField.get(field) ?? 0;
      ofField.set(field, before + 1);
      return before < listedOfField;
    })
    .slice(0, listed)
    .map(({ field, value, beforePerDay, afterPerDay }) => ({ field, value, beforePerDay, afterPerDay }));
}
