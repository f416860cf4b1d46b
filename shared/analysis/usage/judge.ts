import type { Entitlement } from '../../domain/entitlement.ts';
import type { AccessUse, EntitlementUsage, LogReach } from '../../domain/usage.ts';
import { hiddenBecause } from './hidden.ts';
import { matchesResource, SubjectUses } from './matching.ts';
import { slowestRhythm } from './rhythm.ts';

/** The log in which use of a policy system's permissions shows. */
export const formatOfSystem: Readonly<Record<string, string>> = {
  'aws-iam': 'aws-cloudtrail',
  'kubernetes-rbac': 'kubernetes-audit',
};
/** A right that is needed once a month is not seen in less. */
const shortestWindowDays = 28;
/** What is done again and again must have had time to be done twice. */
const rounds = 2;

type Coverage = EntitlementUsage['coverage'];
type Verdict = Pick<EntitlementUsage, 'usage' | 'why'>;

/**
 * Each entitlement beside the events that used it. A refusal is no use; “not used” is said only where the log that
 * would show it is there, long enough and without gaps, and writes that kind of event at all.
 */
export function judgeUsage(
  entitlements: readonly Entitlement[],
  uses: readonly AccessUse[],
  reaches: readonly LogReach[],
): EntitlementUsage[] {
  const bySubject = Map.groupBy(uses, ({ subject }) => subject);
  const known = new Map<string, Subject>();
  return entitlements.map((entitlement) => {
    const { system, subject } = entitlement;
    const key = JSON.stringify([system, subject.id, subject.account]);
    let own = known.get(key);
    if (own === undefined) {
      own = subjectOf(entitlement, bySubject.get(subject.id) ?? [], reaches);
      known.set(key, own);
    }
    return judgeOne(entitlement, own);
  });
}

/** What all permissions of a subject in one system are judged by. */
interface Subject {
  readonly uses: SubjectUses;
  readonly reach: LogReach | null;
  readonly rhythm: () => ReturnType<typeof slowestRhythm>;
}

function subjectOf(
  entitlement: Entitlement,
  uses: readonly AccessUse[],
  reaches: readonly LogReach[],
): Subject {
  const format = formatOfSystem[entitlement.system];
  let rhythm: ReturnType<typeof slowestRhythm> | undefined;
  return {
    uses: new SubjectUses(uses.filter((use) => use.format === format)),
    reach: reachOf(entitlement, reaches),
    rhythm: () => (rhythm === undefined ? (rhythm = slowestRhythm(uses)) : rhythm),
  };
}

/**
 * The log of the subject's account; clusters have one log. Of several that it may be, what they show is taken together,
 * and the one with the most gaps says how well.
 */
export function reachOf(
  { system, subject }: Pick<Entitlement, 'system' | 'subject'>,
  reaches: readonly LogReach[],
): LogReach | null {
  const own = reaches.filter(({ format }) => format === formatOfSystem[system]);
  const wanted =
    subject.account === undefined ? own : own.filter(({ account }) => account === subject.account);
  const [first, ...more] = wanted;
  if (first === undefined || more.length === 0) return first ?? null;
  const weakest = wanted.reduce((worst, reach) => {
    const gaps = reach.missingDays.length - worst.missingDays.length;
    return gaps > 0 || (gaps === 0 && reach.daysWithEvents < worst.daysWithEvents) ? reach : worst;
  });
  const joined = (pick: (reach: LogReach) => ReadonlySet<string>): Set<string> =>
    new Set(wanted.flatMap((reach) => [...pick(reach)]));
  return { ...weakest, actions: joined(({ actions }) => actions), kinds: joined(({ kinds }) => kinds) };
}

function judgeOne(entitlement: Entitlement, { uses, reach, rhythm }: Subject): EntitlementUsage {
  const found = {
    count: 0,
    denied: 0,
    lastUsed: '',
    lastDenied: '',
    actions: new Set<string>(),
    unsure: false,
  };
  for (const use of uses.ofAction(entitlement.action.pattern)) {
    const matched = matchesResource(entitlement, use);
    if (matched === false) continue;
    if (use.outcome === 'deny') {
      found.denied += use.events;
      if (use.last > found.lastDenied) found.lastDenied = use.last;
    } else if (matched === 'unknown') found.unsure = true;
    else if (use.outcome === 'allow' || use.outcome === 'error') {
      found.count += use.events;
      found.actions.add(use.action);
      if (use.last > found.lastUsed) found.lastUsed = use.last;
    }
  }
  const hidden = reach === null ? null : hiddenBecause(entitlement, reach);
  const coverage = coverageOf(hidden, reach);
  const { usage, why } =
    found.count > 0
      ? { usage: 'used' as const, why: `${found.count} events used it.` }
      : unusedVerdict(entitlement, found.unsure, hidden, coverage, rhythm);
  return {
    entitlement,
    usage,
    lastUsed: found.lastUsed === '' ? null : found.lastUsed,
    count: found.count,
    denied: found.denied,
    lastDenied: found.lastDenied === '' ? null : found.lastDenied,
    actionsUsed: [...found.actions].toSorted(),
    coverage,
    why,
  };
}

function coverageOf(hidden: string | null, reach: LogReach | null): Coverage {
  if (reach === null) return { from: null, to: null, days: 0, daysWithEvents: 0, kind: 'none' };
  const { from, to, days, daysWithEvents } = reach;
  const kind = hidden !== null ? 'management-events-only' : daysWithEvents < days ? 'partial' : 'complete';
  return { from, to, days, daysWithEvents, kind };
}

function cannot(why: string): Verdict {
  return { usage: 'cannot-know', why };
}

function unusedVerdict(
  entitlement: Entitlement,
  unsure: boolean,
  hidden: string | null,
  { kind, days, daysWithEvents }: Coverage,
  rhythm: () => ReturnType<typeof slowestRhythm>,
): Verdict {
  if (kind === 'none') return cannot('No log that would show its use is in the case.');
  if (entitlement.subject.type.toLowerCase() === 'group') {
    return cannot('Events name the member, not the group through which it acted.');
  }
  if (unsure) return cannot('Events with its action do not name the resource: they may have used it.');
  if (hidden !== null) return cannot(hidden);
  if (kind === 'partial') {
    return cannot(
      `The log has events on ${daysWithEvents} of ${days} days only: a use on another day would not show.`,
    );
  }
  if (days < shortestWindowDays) {
    return cannot(
      `The log covers ${days} days: less than the ${shortestWindowDays} that a monthly task needs to be seen.`,
    );
  }
  const slowest = rhythm();
  if (slowest !== null && slowest.days * rounds > days) {
    return cannot(
      `The log covers ${days} days, and ${slowest.action} is used every ${Math.round(slowest.days)}: ` +
        'other rights may have their turn less often than the log is long.',
    );
  }
  return { usage: 'not-used', why: `No event in ${days} days used it, and the log would show it.` };
}
