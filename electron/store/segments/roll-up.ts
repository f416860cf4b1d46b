import type { NumberArray } from './codec.ts';
import { type EntryClasses, ends } from './entry-classes.ts';
import { PairNumbers } from './pair-numbers.ts';
import { greatest, least } from './extremes.ts';
import { SessionUses } from './session-uses.ts';

/** Grows when roll-ups hold something else: those of another version are made anew. */
export const rollUpVersion = 1;

/**
 * What a segment's events come to, so that questions about identities and counts need not look at each event. Every
 * table is a set of columns of one length. Times are microseconds, nanoseconds and digits as in the segment; `row` is
 * the place in the segment.
 */
export const rollUpColumns = {
  /** Who acted, for whom, with what and to what end. `credential`: 0 one of a session, else its entry and one more. */
  use: [
    'format',
    'account',
    'subject',
    'actor',
    'credential',
    'end',
    'events',
    'firstMicros',
    'firstNanos',
    'firstDigits',
    'firstRow',
    'lastMicros',
    'lastNanos',
    'lastDigits',
  ],
  /** On which day (since 1970, UTC) each log, which is a format in one account, has events. */
  day: [
    'format',
    'account',
    'day',
    'firstMicros',
    'firstNanos',
    'firstDigits',
    'firstRow',
    'lastMicros',
    'lastNanos',
    'lastDigits',
    'lastRow',
  ],
  /** Which credentials of sessions each subject used, by the entry of the credential. */
  session: ['subject', 'actor', 'credential'],
} as const;

export type RollUpTableName = keyof typeof rollUpColumns;
export type RollUpTable<Name extends RollUpTableName> = {
  readonly length: number;
} & Readonly<Record<(typeof rollUpColumns)[Name][number], NumberArray>>;
export type RollUp = { readonly [Name in RollUpTableName]: RollUpTable<Name> };

/** The columns of a segment that a roll-up is made of. */
export const rolledUpColumns = [
  'micros',
  'nanos',
  'timeDigits',
  'dimension:format',
  'dimension:account',
  'dimension:subject',
  'dimension:actor',
  'dimension:credential',
  'dimension:decision',
] as const;
export type RolledUpColumn = (typeof rolledUpColumns)[number];

/** Events in the order of import. */
export interface SegmentRows {
  readonly count: number;
  column(name: RolledUpColumn): NumberArray;
}

const dayMicros = 86_400e6;
/** A case has few logs: more than so many are numbered by search. */
const mostLogs = 16;
/** Of a use's `credential`. */
export const sessionCredential = 0;

/** The entries of the long-lived credentials that a roll-up names. */
export function longLived({ use: { credential } }: RollUp): Set<number> {
  const entries = new Set<number>();
  // 1 is no credential.
  for (const stored of credential) if (stored > 1) entries.add(stored - 1);
  return entries;
}

/** The numbers that a segment's rows are given, by what they have in common. */
class RowNumbers {
  /** Format and account. */
  readonly logs: PairNumbers;
  /** Subject and actor. */
  readonly pairs: PairNumbers;
  /** A pair in a log, by what means it acted, and how that ended. */
  readonly people = new PairNumbers(mostLogs);
  readonly means = new PairNumbers(2);
  readonly used = new PairNumbers(ends.length);
  readonly days = new PairNumbers(mostLogs);
  readonly sessions: SessionUses;
  readonly useSpans: Spans;
  readonly daySpans: Spans;
  /** Days are counted from the first, so that the numbers are small. */
  readonly firstDay: number;

  constructor(rows: SegmentRows) {
    const { count } = rows;
    const micros = rows.column('micros') as Float64Array;
    const nanos = rows.column('nanos');
    this.logs = new PairNumbers(greatest(rows.column('dimension:account'), count) + 1);
    this.pairs = new PairNumbers(greatest(rows.column('dimension:actor'), count) + 1);
    this.sessions = new SessionUses(rows.column('dimension:credential'), count);
    this.useSpans = new Spans(micros, nanos);
    this.daySpans = new Spans(micros, nanos);
    this.firstDay = dayOf(least(micros, count));
  }

  /** Goes through the rows; a function of its own, as V8 compiles a loop before what comes behind it has ever been. */
  addRows(rows: SegmentRows, { ends: endOf, sessions: isSession }: EntryClasses): void {
    const { logs, pairs, people, means, used, days, sessions, useSpans, daySpans, firstDay } = this;
    const { count } = rows;
    const micros = rows.column('micros') as Float64Array;
    const [formats, accounts] = [rows.column('dimension:format'), rows.column('dimension:account')];
    const [subjects, actors] = [rows.column('dimension:subject'), rows.column('dimension:actor')];
    const [credentials, decisions] = [rows.column('dimension:credential'), rows.column('dimension:decision')];
    // Of the row before: most rows are of the same log, and many of the same day.
    let [format, account, log] = [-1, -1, 0];
    let [dayStart, dayEnd, day] = [0, 0, 0];
    for (let row = 0; row < count; row++) {
      const credential = credentials[row] as number;
      const end = endOf[decisions[row] as number] as number;
      if (formats[row] !== format || accounts[row] !== account) {
        format = formats[row] as number;
        account = accounts[row] as number;
        log = logs.numberOf(format, account);
      }
      const pair = pairs.numberOf(subjects[row] as number, actors[row] as number);
      const person = people.numberOf(pair, log);
      const session = isSession[credential] === 1;
      const mean = means.numberOf(person, session ? sessionCredential : credential + 1);
      useSpans.add(used.numberOf(mean, end), row);
      if (session) sessions.add(pair, credential);
      const moment = micros[row] as number;
      if (moment < dayStart || moment >= dayEnd) {
        day = dayOf(moment) - firstDay;
        // All before 1970 is of the first day.
        dayStart = moment < 0 ? 0 : (firstDay + day) * dayMicros;
        dayEnd = moment < 0 ? 0 : dayStart + dayMicros;
      }
      daySpans.add(days.numberOf(day, log), row);
    }
  }
}

/** Rolls the events of a segment up. */
export function rollUpSegment(rows: SegmentRows, classes: EntryClasses): RollUp {
  const numbersOf = new RowNumbers(rows);
  numbersOf.addRows(rows, classes);
  const { logs, pairs, people, means, used, days, sessions, useSpans, daySpans, firstDay } = numbersOf;
  const micros = rows.column('micros');
  const nanos = rows.column('nanos');
  const digits = rows.column('timeDigits');
  const meanOf = (use: number): number => used.firstOf(use);
  const personOf = (use: number): number => means.firstOf(meanOf(use));
  const logOf = (use: number): number => people.secondOf(personOf(use));
  const pairOf = (use: number): number => people.firstOf(personOf(use));
  const sessionsInOrder = sessions.inOrder();
  return {
    use: {
      length: used.size,
      format: numbers(used.size, (use) => logs.firstOf(logOf(use))),
      account: numbers(used.size, (use) => logs.secondOf(logOf(use))),
      subject: numbers(used.size, (use) => pairs.firstOf(pairOf(use))),
      actor: numbers(used.size, (use) => pairs.secondOf(pairOf(use))),
      credential: numbers(used.size, (use) => means.secondOf(meanOf(use))),
      end: numbers(used.size, (use) => used.secondOf(use)),
      events: useSpans.counts.values(used.size),
      ...momentsOf('first', useSpans.first, micros, nanos, digits),
      firstRow: new Uint32Array(useSpans.first),
      ...momentsOf('last', useSpans.last, micros, nanos, digits),
    },
    day: {
      length: days.size,
      format: numbers(days.size, (day) => logs.firstOf(days.secondOf(day))),
      account: numbers(days.size, (day) => logs.secondOf(days.secondOf(day))),
      day: numbers(days.size, (day) => firstDay + days.firstOf(day)),
      ...momentsOf('first', daySpans.first, micros, nanos, digits),
      firstRow: new Uint32Array(daySpans.first),
      ...momentsOf('last', daySpans.last, micros, nanos, digits),
      lastRow: new Uint32Array(daySpans.last),
    },
    session: {
      length: sessionsInOrder.pairs.length,
      subject: sessionsInOrder.pairs.map((pair) => pairs.firstOf(pair)),
      actor: sessionsInOrder.pairs.map((pair) => pairs.secondOf(pair)),
      credential: sessionsInOrder.credentials,
    },
  };
}

function dayOf(micros: number): number {
  return Math.max(0, Math.floor(micros / dayMicros));
}

/** Counts by number, which is given in order. */
class Counts {
  #counts = new Uint32Array(1024);
  /** How many there are; asking the array for it is slower. */
  #length = 1024;

  add(number: number): void {
    if (number >= this.#length) {
      this.#length *= 2;
      const larger = new Uint32Array(this.#length);
      larger.set(this.#counts);
      this.#counts = larger;
    }
    this.#counts[number] = (this.#counts[number] as number) + 1;
  }

  values(length: number): Uint32Array {
    return this.#counts.subarray(0, length);
  }
}

/** First and last row of each number in the order of time, then of import; and how many there are. */
class Spans {
  readonly first: number[] = [];
  readonly last: number[] = [];
  readonly counts = new Counts();
  readonly #micros: Float64Array;
  readonly #nanos: NumberArray;

  constructor(micros: Float64Array, nanos: NumberArray) {
    this.#micros = micros;
    this.#nanos = nanos;
  }

  add(number: number, row: number): void {
    this.counts.add(number);
    if (number === this.first.length) {
      this.first.push(row);
      this.last.push(row);
      return;
    }
    if (this.#compare(row, this.first[number] as number) < 0) this.first[number] = row;
    if (this.#compare(row, this.last[number] as number) >= 0) this.last[number] = row;
  }

  #compare(one: number, other: number): number {
    return (
      (this.#micros[one] as number) - (this.#micros[other] as number) ||
      (this.#nanos[one] as number) - (this.#nanos[other] as number)
    );
  }
}

type MomentColumns<Which extends 'first' | 'last'> = Record<
  `${Which}Micros` | `${Which}Nanos` | `${Which}Digits`,
  NumberArray
>;

function momentsOf<Which extends 'first' | 'last'>(
  which: Which,
  rows: readonly number[],
  micros: NumberArray,
  nanos: NumberArray,
  digits: NumberArray,
): MomentColumns<Which> {
  const [theirMicros, theirNanos, theirDigits] = [
    new Float64Array(rows.length),
    new Uint32Array(rows.length),
    new Uint32Array(rows.length),
  ];
  // `from` with a function is slower.
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as number;
    theirMicros[index] = micros[row] as number;
    theirNanos[index] = nanos[row] as number;
    theirDigits[index] = digits[row] as number;
  }
  return {
    [`${which}Micros`]: theirMicros,
    [`${which}Nanos`]: theirNanos,
    [`${which}Digits`]: theirDigits,
  } as MomentColumns<Which>;
}

function numbers(length: number, valueOf: (index: number) => number): Uint32Array {
  const values = new Uint32Array(length);
  for (let index = 0; index < length; index++) values[index] = valueOf(index);
  return values;
}
