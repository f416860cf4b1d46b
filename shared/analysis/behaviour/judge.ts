import type {
  BehaviourChange,
  BehaviourDay,
  BehaviourFacts,
  BehaviourFeature,
  BehaviourTurn,
} from '../../domain/behaviour.ts';
import { formatInstant } from '#shared/util/instant.ts';
import { atLeast, atMost } from './chance.ts';

const dayMicros = 86_400e6;
/** Less than two weeks make no baseline: work has the rhythm of weeks. */
const shortestBaseline = 14;
const leastCoverage = 0.9;
/** An identity that was active on fewer days has no habits to hold it to. */
const leastActiveDays = 5;
/** While everything is new nothing is: days that do not count towards how much new is usual. */
const learningDays = 7;
/** One in so many is chance no more: hundreds of identities are looked at on tens of days. */
const unlikely = 1e-5;
const leastDenials = 10;
const leastVolume = 100;
/** Over the most that was ever seen in a day. */
const manifold = 3;
const leastSilence = 14;
const leastTurns = 3;

type Baseline = BehaviourChange['baseline'];

/**
 * On which days identities left what they and their peers had done before. Nothing is said where the baseline is too
 * short or the log before it has gaps. In the order of days, then subjects.
 */
export function judgeBehaviour(facts: BehaviourFacts): BehaviourChange[] {
  const featuresOf = groupBy(facts.features);
  const daysOf = groupBy(facts.days);
  const turnsOf = groupBy(facts.turns);
  const peers = new PeerGroups(facts);
  const logs = new Map(facts.logs.map(({ format, days }) => [format, days]));
  const changes = facts.subjects.flatMap((subject) => {
    const log = logs.get(subject.format) ?? [];
    const own = (daysOf.get(subject.id) ?? []).toSorted((one, other) => one.day - other.day);
    const baselineAt = baselines(log, own, peers.sizeOf(subject.id));
    return [
      ...newThings(subject.id, featuresOf.get(subject.id) ?? [], own, peers, baselineAt),
      ...dayByDay(subject.id, own, baselineAt),
      ...turned(subject.id, turnsOf.get(subject.id) ?? [], baselineAt),
      ...woke(subject.id, own, baselineAt),
    ];
  });
  const returned = returnsOf(changes, peers);
  return changes
    .filter(
      ({ kind, subject }) =>
        kind !== 'woken' || (returned.get(peers.groupOf(subject))?.size ?? 0) <= usualReturns,
    )
    .toSorted(
      (one, other) =>
        compare(one.day, other.day) || compare(one.subject, other.subject) || compare(one.kind, other.kind),
    );
}

/** To come back after a silence is usual where so many peers do (holidays, work that comes now and then). */
const usualReturns = 2;

/** Who came back after a silence, by the group of its peers. */
function returnsOf(changes: readonly BehaviourChange[], peers: PeerGroups): Map<string, Set<string>> {
  const returned = new Map<string, Set<string>>();
  for (const { kind, subject } of changes) {
    if (kind !== 'woken') continue;
    const group = peers.groupOf(subject);
    const subjects = returned.get(group) ?? new Set();
    returned.set(group, subjects.add(subject));
  }
  return returned;
}

/** The baseline before a day; null where it is too short to say anything. */
type BaselineAt = (day: number) => Baseline | null;

function baselines(log: readonly number[], own: readonly BehaviourDay[], peers: number): BaselineAt {
  const [start] = log;
  return (day) => {
    if (start === undefined) return null;
    const days = day - start;
    const daysWithEvents = log.filter((each) => each < day).length;
    if (days < shortestBaseline || daysWithEvents / days < leastCoverage) return null;
    const daysActive = own.filter((each) => each.day < day).length;
    return { from: dayText(start), to: dayText(day), days, daysWithEvents, daysActive, peers };
  };
}

/** Identities of one kind in one account, and what any of them had been seen with before. */
class PeerGroups {
  readonly #groups = new Map<string, string>();
  readonly #sizes = new Map<string, number>();
  /** Of a group, or of all: whom a thing was seen with first, and who else was the first after that, by day. */
  readonly #firsts = new Map<string, First[]>();

  constructor({ subjects, features }: BehaviourFacts) {
    for (const { id, type, account } of subjects) {
      const group = JSON.stringify([type, account]);
      this.#groups.set(id, group);
      this.#sizes.set(group, (this.#sizes.get(group) ?? 0) + 1);
    }
    for (const feature of features) {
      const key = this.#keyOf(feature);
      this.#firsts.set(key, earliestTwo(this.#firsts.get(key) ?? [], feature));
    }
  }

  sizeOf(subject: string): number {
    return Math.max(0, (this.#sizes.get(this.#groups.get(subject) ?? '') ?? 1) - 1);
  }

  groupOf(subject: string): string {
    return this.#groups.get(subject) ?? '';
  }

  /** Whether a peer had been seen with it on an earlier day; an address is everybody's. */
  knew(feature: BehaviourFeature): boolean {
    const firsts = this.#firsts.get(this.#keyOf(feature)) ?? [];
    return firsts.some(({ subject, day }) => subject !== feature.subject && day < feature.firstDay);
  }

  #keyOf({ kind, subject, value }: BehaviourFeature): string {
    const group = kind === 'address' ? '' : (this.#groups.get(subject) ?? '');
    return JSON.stringify([kind, group, value]);
  }
}

interface First {
  readonly subject: string;
  readonly day: number;
}

/** Two are enough: whoever asks is at most one of them. */
function earliestTwo(known: readonly First[], { subject, firstDay }: BehaviourFeature): First[] {
  const all = [...known, { subject, day: firstDay }].toSorted((left, right) => left.day - right.day);
  const [one] = all;
  if (one === undefined) return [];
  const next = all.find((each) => each.subject !== one.subject);
  return next === undefined ? [one] : [one, next];
}

const kindWords = {
  action: ['action', 'actions'],
  scope: ['scope', 'scopes'],
  address: ['network', 'networks'],
  'user-agent': ['user agent', 'user agents'],
} as const;

/** Days on which more is new than the identity is used to. */
function newThings(
  subject: string,
  features: readonly BehaviourFeature[],
  own: readonly BehaviourDay[],
  peers: PeerGroups,
  baselineAt: BaselineAt,
): BehaviourChange[] {
  const byDay = new Map<number, BehaviourFeature[]>();
  for (const feature of features) {
    if (peers.knew(feature)) continue;
    const list = byDay.get(feature.firstDay);
    if (list === undefined) byDay.set(feature.firstDay, [feature]);
    else list.push(feature);
  }
  const [firstOwn] = own;
  const changes: BehaviourChange[] = [];
  const flagged = new Set<number>();
  for (const [day, fresh] of [...byDay].toSorted(([one], [other]) => one - other)) {
    const baseline = baselineAt(day);
    if (baseline === null || firstOwn === undefined || baseline.daysActive < leastActiveDays) continue;
    const learned = Math.max(firstOwn.day + learningDays, 0);
    if (day <= learned) continue;
    const activeDays = own.filter(
      (each) => each.day >= learned && each.day < day && !flagged.has(each.day),
    ).length;
    let before = 0;
    for (const [other, list] of byDay)
      if (other >= learned && other < day && !flagged.has(other)) before += list.length;
    const expected = (before + 0.5) / Math.max(1, activeDays);
    const probability = atLeast(fresh.length, expected);
    if (probability >= unlikely) continue;
    flagged.add(day);
    changes.push({
      kind: 'first-seen',
      subject,
      day: dayText(day),
      seen: fresh.length,
      expected: round(expected),
      probability,
      baseline,
      novelties: fresh.map(({ kind, value }) => ({ kind, value })),
      events: [
        ...new Set(
          fresh.toSorted((one, other) => compare(one.first, other.first)).map(({ firstEvent }) => firstEvent),
        ),
      ],
      why:
        `${fresh.length} things that neither it nor its ${baseline.peers} peers had shown before: ${newWords(fresh)}. ` +
        `${numberWords(expected)} would be usual, by ${baseline.daysActive} active days in ${baseline.days}.`,
    });
  }
  return changes;
}

function newWords(fresh: readonly BehaviourFeature[]): string {
  return (['address', 'user-agent', 'scope', 'action'] as const)
    .flatMap((kind) => {
      const values = fresh.filter((feature) => feature.kind === kind).map(({ value }) => value);
      if (values.length === 0) return [];
      const shown = values.slice(0, 3).join(', ');
      const more = values.length > 3 ? ` and ${values.length - 3} more` : '';
      return [`${values.length} ${kindWords[kind][values.length === 1 ? 0 : 1]} (${shown}${more})`];
    })
    .join(', ');
}

/** Days with far more denials, or far more that was allowed, than any before; or with far fewer denials than usual. */
function dayByDay(subject: string, own: readonly BehaviourDay[], baselineAt: BaselineAt): BehaviourChange[] {
  const changes: BehaviourChange[] = [];
  const past = { denied: 0, allowed: 0, mostDenied: 0, mostAllowed: 0, days: 0 };
  for (const { day, allowed, denied, firstEvent, firstDenied } of own) {
    const baseline = baselineAt(day);
    const found: BehaviourChange[] = [];
    const change = (
      kind: BehaviourChange['kind'],
      seen: number,
      expected: number,
      probability: number,
      why: string,
      event: string | null,
    ): void => {
      if (baseline === null) return;
      const events = event === null ? [] : [event];
      found.push({
        kind,
        subject,
        day: dayText(day),
        seen,
        expected: round(expected),
        probability,
        baseline,
        novelties: [],
        events,
        why,
      });
    };
    if (baseline !== null && past.days > 0) {
      // Denials count by calendar days: an identity that is never denied needs not be busy for that.
      const usual = Math.max(past.denied / baseline.days, 0.1);
      const rising = atLeast(denied, Math.max(usual, past.mostDenied));
      if (denied >= leastDenials && denied > manifold * past.mostDenied && rising < unlikely) {
        const most =
          past.mostDenied === 0
            ? 'It had never been denied anything'
            : `The most in a day had been ${past.mostDenied}`;
        change(
          'rising-denials',
          denied,
          usual,
          rising,
          `${denied} denials in a day. ${most} in ${baseline.days} days.`,
          firstDenied,
        );
      }
      const mean = past.allowed / past.days;
      const busy = atLeast(allowed, Math.max(past.mostAllowed, mean, 1));
      const known = baseline.daysActive >= leastActiveDays;
      if (known && allowed >= leastVolume && allowed > manifold * past.mostAllowed && busy < unlikely) {
        change(
          'unexpected-volume',
          allowed,
          mean,
          busy,
          `${allowed} allowed requests in a day. The most on ${baseline.daysActive} active days had been ${past.mostAllowed}, ${numberWords(mean)} on average.`,
          firstEvent,
        );
      }
      const share = past.denied / Math.max(1, past.denied + past.allowed);
      const expected = share * (allowed + denied);
      const fewer = atMost(denied, expected);
      if (known && share >= 0.2 && past.denied >= 50 && expected >= 20 && fewer < unlikely) {
        change(
          'unexpected-allow-rate',
          allowed,
          allowed + denied - expected,
          fewer,
          `${denied} of ${allowed + denied} requests were denied. Of those before it had been ${Math.round(share * 100)} %: ${numberWords(expected)} denials would be usual.`,
          firstEvent,
        );
      }
    }
    changes.push(...found);
    if (found.length > 0) continue;
    past.days++;
    past.denied += denied;
    past.allowed += allowed;
    past.mostDenied = Math.max(past.mostDenied, denied);
    past.mostAllowed = Math.max(past.mostAllowed, allowed);
  }
  return changes;
}

/** Actions that were denied again and again, and then allowed, and never had been before. */
function turned(subject: string, turns: readonly BehaviourTurn[], baselineAt: BaselineAt): BehaviourChange[] {
  return turns.flatMap(({ action, denied, allowed, firstDenied, firstDeniedDay, firstAllowed, events }) => {
    const baseline = baselineAt(firstDeniedDay);
    if (baseline === null || denied < leastTurns || firstAllowed <= firstDenied) return [];
    return [
      {
        kind: 'denied-then-allowed' as const,
        subject,
        day: `${firstAllowed.slice(0, 10)}T00:00:00Z`,
        seen: allowed,
        expected: 0,
        probability: null,
        baseline,
        novelties: [{ kind: 'action' as const, value: action }],
        events: [...events],
        why: `${action} was denied ${denied} times from ${firstDenied}, and is allowed from ${firstAllowed}. It never was in the ${baseline.days} days before.`,
      },
    ];
  });
}

/** Days on which an identity is back after a silence far longer than any of its own. */
function woke(subject: string, own: readonly BehaviourDay[], baselineAt: BaselineAt): BehaviourChange[] {
  const changes: BehaviourChange[] = [];
  let longest = 0;
  for (const [index, { day, firstEvent, allowed, denied }] of own.entries()) {
    const before = own[index - 1];
    if (before === undefined) continue;
    const silence = day - before.day - 1;
    const baseline = baselineAt(day);
    if (baseline !== null && silence >= leastSilence && silence > manifold * longest) {
      changes.push({
        kind: 'woken',
        subject,
        day: dayText(day),
        seen: silence,
        expected: longest,
        probability: null,
        baseline,
        novelties: [],
        events: [firstEvent],
        why: `Back after ${silence} days without an event, with ${allowed + denied} in a day. Its longest silence before was ${longest} days; the log has events on ${baseline.daysWithEvents} of the ${baseline.days} days before.`,
      });
    }
    longest = Math.max(longest, silence);
  }
  return changes;
}

function groupBy<T extends { readonly subject: string }>(list: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const group = groups.get(item.subject);
    if (group === undefined) groups.set(item.subject, [item]);
    else group.push(item);
  }
  return groups;
}

function dayText(day: number): string {
  return formatInstant({ micros: day * dayMicros, nanos: 0, digits: 0 });
}

function round(number: number): number {
  return Math.round(number * 1000) / 1000;
}

function numberWords(number: number): string {
  return number < 10 ? number.toFixed(1) : String(Math.round(number));
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
