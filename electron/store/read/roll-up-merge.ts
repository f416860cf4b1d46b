import { appearanceKey } from '#shared/analysis/identities/appearances.ts';
import type { DimensionName } from '#shared/domain/dimensions.ts';
import type { Principal } from '#shared/domain/event.ts';
import type { LogDays, Moment, Use } from '#shared/domain/identity.ts';
import { formatInstant } from '#shared/util/instant.ts';
import { ends } from '../segments/entry-classes.ts';
import { PairNumbers } from '../segments/pair-numbers.ts';
import { type RollUp, sessionCredential } from '../segments/roll-up.ts';
import type { Dictionary } from './dictionary.ts';
import { principalOf } from './rows.ts';

/** A segment's roll-up and the place of its first event in the order of import. */
export interface PlacedRollUp {
  readonly firstOrdinal: number;
  readonly rollUp: RollUp;
}

type DictionaryOf = (name: DimensionName) => Dictionary;

/** A moment and the event's place in the order of import, which decides between events of one time. */
interface Placed {
  readonly micros: number;
  readonly nanos: number;
  readonly digits: number;
  readonly ordinal: number;
}

function compare(one: Placed, other: Placed): number {
  return one.micros - other.micros || one.nanos - other.nanos || one.ordinal - other.ordinal;
}

function momentOf({ micros, nanos, digits }: Placed): Moment {
  return { micros, text: formatInstant({ micros, nanos, digits }) };
}

interface MergedUse {
  events: number;
  first: Placed;
  last: Placed;
}

/** The uses of all segments, each once, in the order of its first event. `credentialTexts` reads entries by id. */
export function mergedUses(
  parts: readonly PlacedRollUp[],
  dictionaryOf: DictionaryOf,
  credentialTexts: (ids: ReadonlySet<number>) => ReadonlyMap<number, string>,
): Use[] {
  const [logs, pairs, people] = [new PairNumbers(), new PairNumbers(), new PairNumbers()];
  const [means, used] = [new PairNumbers(), new PairNumbers()];
  const merged: MergedUse[] = [];
  const longLived = new Set<number>();
  for (const { firstOrdinal, rollUp } of parts) {
    const { use } = rollUp;
    for (let at = 0; at < use.length; at++) {
      const log = logs.numberOf(use.format[at] as number, use.account[at] as number);
      const pair = pairs.numberOf(use.subject[at] as number, use.actor[at] as number);
      const credential = use.credential[at] as number;
      const mean = means.numberOf(people.numberOf(log, pair), credential);
      const number = used.numberOf(mean, use.end[at] as number);
      const first = {
        micros: use.firstMicros[at] as number,
        nanos: use.firstNanos[at] as number,
        digits: use.firstDigits[at] as number,
        ordinal: firstOrdinal + (use.firstRow[at] as number),
      };
      // Where in its segment the last event stands is not needed: segments come in the order of import.
      const last = {
        micros: use.lastMicros[at] as number,
        nanos: use.lastNanos[at] as number,
        digits: use.lastDigits[at] as number,
        ordinal: firstOrdinal,
      };
      const known = merged[number];
      if (known === undefined) {
        merged.push({ events: use.events[at] as number, first, last });
        if (credential > 1) longLived.add(credential - 1);
        continue;
      }
      known.events += use.events[at] as number;
      if (compare(first, known.first) < 0) known.first = first;
      if (compare(last, known.last) >= 0) known.last = last;
    }
  }

  const texts = credentialTexts(longLived);
  const tupleOf = remembered((id: number): Use['credential'] => credentialOf(texts.get(id)));
  const only = (name: 'format' | 'account') =>
    remembered((entry: number) => dictionaryOf(name).tuple(entry)[0] ?? null);
  const [formatOf, accountOf] = [only('format'), only('account')];
  const principals = (name: 'subject' | 'actor') =>
    remembered((entry: number) => principalOf(dictionaryOf(name).tuple(entry)));
  const [subjectOf, actorOf] = [principals('subject'), principals('actor')];
  const sizes = { subjects: dictionaryOf('subject').size, actors: dictionaryOf('actor').size };
  const sessions = countSessions(parts, sizes, subjectOf, actorOf);

  return merged
    .map((_, number) => number)
    .toSorted((one, other) => compare((merged[one] as MergedUse).first, (merged[other] as MergedUse).first))
    .map((number): Use => {
      const { events, first, last } = merged[number] as MergedUse;
      const mean = used.firstOf(number);
      const person = means.firstOf(mean);
      const [log, pair] = [people.firstOf(person), people.secondOf(person)];
      const credential = means.secondOf(mean);
      const subject = pairs.firstOf(pair);
      const actor = actorOf(pairs.secondOf(pair));
      const { outcome, unauthenticated } = ends[used.secondOf(number)] ?? unknownEnd;
      return {
        format: formatOf(logs.firstOf(log)) ?? '',
        account: accountOf(logs.secondOf(log)),
        subject: subjectOf(subject) ?? nobody,
        actor,
        credential: credential > 1 ? tupleOf(credential - 1) : null,
        sessions: credential === sessionCredential && actor?.type !== 'service' ? sessions(subject) : 0,
        outcome,
        unauthenticated,
        events,
        first: momentOf(first),
        last: momentOf(last),
      };
    });
}

const nobody: Principal = { type: 'unknown', id: null, name: null, account: null };
const unknownEnd = { outcome: 'unknown', unauthenticated: false } as const;

function credentialOf(text: string | undefined): Use['credential'] {
  const tuple: unknown = text === undefined ? null : JSON.parse(text);
  const [id, type] = (Array.isArray(tuple) ? tuple : []) as readonly unknown[];
  return typeof id === 'string' ? { id, type: typeof type === 'string' ? type : '' } : null;
}

function remembered<Value>(make: (key: number) => Value): (key: number) => Value {
  const known = new Map<number, Value>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined || known.has(key)) return found as Value;
    const made = make(key);
    known.set(key, made);
    return made;
  };
}

/**
 * How many credentials of sessions an appearance used itself: answered for the first of its subjects that is asked for,
 * 0 for all others, so that they add up. What a service does on behalf of somebody uses none of their credentials.
 */
function countSessions(
  parts: readonly PlacedRollUp[],
  { subjects, actors }: { readonly subjects: number; readonly actors: number },
  subjectOf: (entry: number) => Principal | null,
  actorOf: (entry: number) => Principal | null,
): (subject: number) => number {
  const keys = new Map<string, number>();
  /** By subject, 0 where not asked for yet. */
  const appearances = new Uint32Array(subjects);
  const appearanceOf = (subject: number): number => {
    const known = appearances[subject] ?? 0;
    if (known !== 0) return known;
    const key = appearanceKey(subjectOf(subject) ?? nobody);
    const number = keys.get(key) ?? keys.size + 1;
    keys.set(key, number);
    appearances[subject] = number;
    return number;
  };
  const isService = Uint8Array.from({ length: actors }, (_, actor) =>
    actorOf(actor)?.type === 'service' ? 1 : 0,
  );
  const counts: number[] = [];
  const largest = parts.reduce(
    (most, { rollUp: { session } }) => Math.max(most, session.credential[session.length - 1] ?? 0),
    0,
  );
  // Nearly every credential has one holder: only further ones are kept as pairs.
  const holders = new Uint32Array(largest + 1);
  const further = new PairNumbers();
  for (const { session } of parts.map(({ rollUp }) => rollUp)) {
    for (let at = 0; at < session.length; at++) {
      if (isService[session.actor[at] as number] === 1) continue;
      const holder = appearanceOf(session.subject[at] as number);
      const credential = session.credential[at] as number;
      const known = holders[credential] as number;
      if (known === holder) continue;
      if (known === 0) holders[credential] = holder;
      else {
        const { size } = further;
        if (further.numberOf(credential, holder) < size) continue;
      }
      counts[holder] = (counts[holder] ?? 0) + 1;
    }
  }
  return (subject) => {
    const holder = appearanceOf(subject);
    const count = counts[holder] ?? 0;
    counts[holder] = 0;
    return count;
  };
}

/** On which days each log has events, in the order of their first. */
export function mergedLogDays(parts: readonly PlacedRollUp[], dictionaryOf: DictionaryOf): LogDays[] {
  const logs = new Map<
    string,
    { format: number; account: number; from: Placed; to: Placed; days: Set<number> }
  >();
  for (const { rollUp, firstOrdinal } of parts) {
    const { day } = rollUp;
    for (let at = 0; at < day.length; at++) {
      const [format, account] = [day.format[at] as number, day.account[at] as number];
      const key = `${format},${account}`;
      const [from, to] = [placedFirst(day, at, firstOrdinal), placedLast(day, at, firstOrdinal)];
      const known = logs.get(key);
      if (known === undefined) {
        logs.set(key, { format, account, from, to, days: new Set([day.day[at] as number]) });
        continue;
      }
      if (compare(from, known.from) < 0) known.from = from;
      if (compare(to, known.to) > 0) known.to = to;
      known.days.add(day.day[at] as number);
    }
  }
  return [...logs.values()]
    .toSorted((one, other) => compare(one.from, other.from))
    .map(({ format, account, from, to, days }) => ({
      format: dictionaryOf('format').tuple(format)[0] ?? '',
      account: dictionaryOf('account').tuple(account)[0] ?? null,
      from: momentOf(from),
      to: momentOf(to),
      days: [...days].toSorted((one, other) => one - other),
    }));
}

/** The time of the last event; null without any. */
export function endOfLogs(parts: readonly PlacedRollUp[]): Moment | null {
  let end: Placed | null = null;
  for (const { rollUp, firstOrdinal } of parts) {
    for (let at = 0; at < rollUp.day.length; at++) {
      const last = placedLast(rollUp.day, at, firstOrdinal);
      if (end === null || compare(last, end) > 0) end = last;
    }
  }
  return end === null ? null : momentOf(end);
}

function placedFirst(day: RollUp['day'], at: number, firstOrdinal: number): Placed {
  return {
    micros: day.firstMicros[at] as number,
    nanos: day.firstNanos[at] as number,
    digits: day.firstDigits[at] as number,
    ordinal: firstOrdinal + (day.firstRow[at] as number),
  };
}

function placedLast(day: RollUp['day'], at: number, firstOrdinal: number): Placed {
  return {
    micros: day.lastMicros[at] as number,
    nanos: day.lastNanos[at] as number,
    digits: day.lastDigits[at] as number,
    ordinal: firstOrdinal + (day.lastRow[at] as number),
  };
}
