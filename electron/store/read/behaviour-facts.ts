import { networkOf, programOf } from '#shared/analysis/behaviour/features.ts';
import type {
  BehaviourDay,
  BehaviourFacts,
  BehaviourFeature,
  BehaviourTurn,
  FeatureKind,
} from '#shared/domain/behaviour.ts';
import { PairNumbers } from '../segments/pair-numbers.ts';
import { type Side, meetings, namesOf, scopes, sideOf } from './behaviour-columns.ts';
import type { EventTable } from './event-table.ts';
import { firstRowAt } from './kernels.ts';
import { idOf, outcomeOf, principalOf, timeOf } from './rows.ts';

const dayMicros = 86_400e6;

/** What an outcome counts as; others count for nothing. */
const [allowed, denied, other] = [0, 1, 2];
const outcomeKinds = 3;

interface Kept {
  readonly asOf: string;
  readonly facts: BehaviourFacts;
}

/** They cost passes over all events: the last ones are kept as long as the table is. */
const kept = new WeakMap<EventTable, Kept>();

/** What everybody did on which day, and was first seen with, up to a time. */
export function behaviourFacts(table: EventTable, asOf: { micros: number; text: string }): BehaviourFacts {
  const known = kept.get(table);
  if (known?.asOf === asOf.text) return known.facts;
  const rows = firstRowAt(table.micros, null, { micros: asOf.micros + 1, nanos: 0 });
  const subjects = namesOf(table.dictionary('subject'), (tuple) => {
    const subject = principalOf(tuple);
    return subject?.id ?? subject?.name ?? null;
  });
  const who: Side = { ids: table.ids('subject'), ...subjects };
  const actions = namesOf(table.dictionary('operation'), ([operation]) => operation ?? null);
  const days = daysOf(table, rows);
  const outcomes = outcomesOf(table);
  const facts: BehaviourFacts = {
    asOf: asOf.text,
    subjects: subjectsOf(table, rows),
    features: [
      ...features(table, rows, 'action', who, { ids: table.ids('operation'), ...actions }),
      ...features(table, rows, 'address', who, sideOf(table, 'ip', networkOf)),
      ...features(table, rows, 'user-agent', who, sideOf(table, 'userAgent', programOf)),
      ...features(table, rows, 'scope', who, scopes(table, rows)),
    ],
    days: dailyOf(table, rows, who, days, outcomes),
    turns: turnsOf(table, rows, who, { ids: table.ids('operation'), ...actions }, outcomes),
    logs: logsOf(table, rows, days),
  };
  kept.set(table, { asOf: asOf.text, facts });
  return facts;
}

function features(
  table: EventTable,
  rows: number,
  kind: FeatureKind,
  who: Side,
  { ids, numbers, names }: Side,
): BehaviourFeature[] {
  return meetings(rows, who, ids, numbers, names.length + 1).map(({ subject, second, count, first }) => ({
    kind,
    subject: who.names[subject - 1] ?? '',
    value: names[second - 1] ?? '',
    events: count,
    firstDay: dayOf(table, first),
    first: timeOf(table, first),
    firstEvent: idOf(table, first),
  }));
}

function dayOf(table: EventTable, row: number): number {
  return Math.max(0, Math.floor((table.micros[row] as number) / dayMicros));
}

/** The day of each row, counted from the first. */
function daysOf(table: EventTable, rows: number): { readonly first: number; readonly of: Uint32Array } {
  const of = new Uint32Array(rows);
  if (rows === 0) return { first: 0, of };
  const first = dayOf(table, 0);
  for (let row = 0; row < rows; row++) of[row] = dayOf(table, row) - first;
  return { first, of };
}

function outcomesOf(table: EventTable): Uint8Array {
  const dictionary = table.dictionary('decision');
  return Uint8Array.from({ length: dictionary.size }, (_, entry) => {
    const outcome = outcomeOf(dictionary.tuple(entry)[0] ?? null);
    return outcome === 'allow' ? allowed : outcome === 'deny' ? denied : other;
  });
}

function subjectsOf(table: EventTable, rows: number): BehaviourFacts['subjects'] {
  const [ids, formats] = [table.ids('subject'), table.ids('format')];
  const dictionary = table.dictionary('subject');
  const seen = new Uint8Array(dictionary.size);
  const found = new Map<string, BehaviourFacts['subjects'][number]>();
  for (let row = 0; row < rows; row++) {
    const entry = ids[row] as number;
    if (seen[entry] === 1) continue;
    seen[entry] = 1;
    const subject = principalOf(dictionary.tuple(entry));
    const id = subject?.id ?? subject?.name ?? null;
    if (subject === null || id === null || found.has(id)) continue;
    const format = table.dictionary('format').tuple(formats[row] as number)[0] ?? '';
    found.set(id, { id, type: subject.type, account: subject.account, format });
  }
  return [...found.values()].toSorted((one, next) => (one.id < next.id ? -1 : 1));
}

/** Each row's number with its outcome beside it, for `meetings`. */
function withOutcomes(
  table: EventTable,
  rows: number,
  outcomes: Uint8Array,
  numberOf: (row: number) => number,
): Uint32Array {
  const decisions = table.ids('decision');
  const joined = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    const number = numberOf(row);
    if (number === 0) continue;
    joined[row] = number * outcomeKinds + (outcomes[decisions[row] as number] as number);
  }
  return joined;
}

/** Numbers that stand for themselves. */
function plainNumbers(size: number): Uint32Array {
  return Uint32Array.from({ length: size }, (_, at) => at);
}

function dailyOf(
  table: EventTable,
  rows: number,
  who: Side,
  days: ReturnType<typeof daysOf>,
  outcomes: Uint8Array,
): BehaviourDay[] {
  const last = rows === 0 ? 0 : (days.of[rows - 1] as number);
  const joined = withOutcomes(table, rows, outcomes, (row) => (days.of[row] as number) + 1);
  const width = (last + 3) * outcomeKinds;
  const found = new Map<
    number,
    { subject: number; day: number; allowed: number; denied: number; row: number; denial: number | null }
  >();
  for (const { subject, second, count, first } of meetings(rows, who, joined, plainNumbers(width), width)) {
    const day = Math.floor(second / outcomeKinds) - 1;
    const key = subject * (last + 1) + day;
    const known = found.get(key) ?? { subject, day, allowed: 0, denied: 0, row: first, denial: null };
    found.set(key, known);
    known.row = Math.min(known.row, first);
    if (second % outcomeKinds === allowed) known.allowed += count;
    if (second % outcomeKinds !== denied) continue;
    known.denied += count;
    known.denial = Math.min(known.denial ?? first, first);
  }
  return [...found.values()].map((each) => ({
    subject: who.names[each.subject - 1] ?? '',
    day: each.day + days.first,
    allowed: each.allowed,
    denied: each.denied,
    firstEvent: idOf(table, each.row),
    firstDenied: each.denial === null ? null : idOf(table, each.denial),
  }));
}

/** Actions that a subject was denied before it was ever allowed them. */
function turnsOf(
  table: EventTable,
  rows: number,
  who: Side,
  actions: Side,
  outcomes: Uint8Array,
): BehaviourTurn[] {
  const joined = withOutcomes(
    table,
    rows,
    outcomes,
    (row) => actions.numbers[actions.ids[row] as number] as number,
  );
  const width = (actions.names.length + 2) * outcomeKinds;
  const found = new Map<
    number,
    { subject: number; action: number; denied: number; allowed: number; denial: number; allowance: number }
  >();
  for (const { subject, second, count, first } of meetings(rows, who, joined, plainNumbers(width), width)) {
    const outcome = second % outcomeKinds;
    if (outcome === other) continue;
    const action = Math.floor(second / outcomeKinds);
    const key = subject * width + action;
    const known = found.get(key) ?? { subject, action, denied: 0, allowed: 0, denial: rows, allowance: rows };
    found.set(key, known);
    if (outcome === denied) {
      known.denied += count;
      known.denial = Math.min(known.denial, first);
    } else {
      known.allowed += count;
      known.allowance = Math.min(known.allowance, first);
    }
  }
  return [...found.values()].flatMap((each) =>
    each.denial >= each.allowance || each.allowance === rows
      ? []
      : [
          {
            subject: who.names[each.subject - 1] ?? '',
            action: actions.names[each.action - 1] ?? '',
            denied: each.denied,
            allowed: each.allowed,
            firstDenied: timeOf(table, each.denial),
            firstDeniedDay: dayOf(table, each.denial),
            firstAllowed: timeOf(table, each.allowance),
            events: [idOf(table, each.denial), idOf(table, each.allowance)] as const,
          },
        ],
  );
}

function logsOf(table: EventTable, rows: number, days: ReturnType<typeof daysOf>): BehaviourFacts['logs'] {
  const ids = table.ids('format');
  const pairs = new PairNumbers((days.of[rows - 1] ?? 0) + 1);
  for (let row = 0; row < rows; row++) pairs.numberOf(ids[row] as number, days.of[row] as number);
  const logs = new Map<string, Set<number>>();
  for (let number = 0; number < pairs.size; number++) {
    const format = table.dictionary('format').tuple(pairs.firstOf(number))[0] ?? '';
    const day = pairs.secondOf(number) + days.first;
    const known = logs.get(format);
    if (known === undefined) logs.set(format, new Set([day]));
    else known.add(day);
  }
  return [...logs].map(([format, seen]) => ({
    format,
    days: [...seen].toSorted((one, next) => one - next),
  }));
}
