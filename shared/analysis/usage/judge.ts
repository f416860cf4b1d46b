import type { Entitlement } from '../../domain/entitlement.ts';
import { type AccessUse, type EntitlementUsage, isReadVerb, type LogReach } from '../../domain/usage.ts';
import { contains } from '#shared/util/pattern.ts';
import { dataHolder, isDataAction, isReading, isSilentAction } from './loggable.ts';
import { matchesUse } from './matching.ts';
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
const leastCoverage = 0.9;

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
  const bySubject = new Map<string, AccessUse[]>();
  for (const use of uses) {
    const known = bySubject.get(use.subject);
    if (known === undefined) bySubject.set(use.subject, [use]);
    else known.push(use);
  }
  const rhythms = new Map<string, ReturnType<typeof slowestRhythm>>();
  const rhythmOf = (subject: string): ReturnType<typeof slowestRhythm> => {
    let rhythm = rhythms.get(subject);
    if (rhythm === undefined) {
      rhythm = slowestRhythm(bySubject.get(subject) ?? []);
      rhythms.set(subject, rhythm);
    }
    return rhythm;
  };
  return entitlements.map((entitlement) => {
    const own = bySubject.get(entitlement.subject.id) ?? [];
    return judgeOne(entitlement, own, reachOf(entitlement, reaches), () => rhythmOf(entitlement.subject.id));
  });
}

/** The log of the subject's account; clusters have one log. Several logs of one cluster are taken by their sum. */
export function reachOf(
  { system, subject }: Pick<Entitlement, 'system' | 'subject'>,
  reaches: readonly LogReach[],
): LogReach | null {
  const own = reaches.filter(({ format }) => format === formatOfSystem[system]);
  const wanted =
    subject.account === undefined ? own : own.filter(({ account }) => account === subject.account);
  const [first, ...more] = wanted;
  if (first === undefined || more.length === 0) return first ?? null;
  const longest = wanted.reduce((best, reach) => (reach.daysWithEvents > best.daysWithEvents ? reach : best));
  const joined = (pick: (reach: LogReach) => ReadonlySet<string>): Set<string> =>
    new Set(wanted.flatMap((reach) => [...pick(reach)]));
  return { ...longest, actions: joined(({ actions }) => actions), kinds: joined(({ kinds }) => kinds) };
}

function judgeOne(
  entitlement: Entitlement,
  uses: readonly AccessUse[],
  reach: LogReach | null,
  rhythm: () => ReturnType<typeof slowestRhythm>,
): EntitlementUsage {
  const found = {
    count: 0,
    denied: 0,
    lastUsed: '',
    lastDenied: '',
    actions: new Set<string>(),
    unsure: false,
  };
  for (const use of uses) {
    if (use.format !== formatOfSystem[entitlement.system]) continue;
    const matched = matchesUse(entitlement, use);
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
  const coverage = coverageOf(entitlement, reach);
  const { usage, why } =
    found.count > 0
      ? { usage: 'used' as const, why: `${found.count} events used it.` }
      : unusedVerdict(entitlement, found.unsure, coverage, reach, rhythm);
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

function coverageOf(entitlement: Entitlement, reach: LogReach | null): Coverage {
  if (reach === null) return { from: null, to: null, days: 0, daysWithEvents: 0, kind: 'none' };
  const { from, to, days, daysWithEvents } = reach;
  const kind =
    hiddenBecause(entitlement, reach) !== null
      ? 'management-events-only'
      : daysWithEvents / Math.max(1, days) < leastCoverage
        ? 'partial'
        : 'complete';
  return { from, to, days, daysWithEvents, kind };
}

/** Why use of an entitlement need not show in a log that is there; null where it would show. */
function hiddenBecause(entitlement: Permission, reach: LogReach): string | null {
  return entitlement.system === 'kubernetes-rbac'
    ? hiddenInCluster(entitlement, reach)
    : hiddenInTrail(entitlement, reach);
}

/** Whether use of a single action on resources of a pattern would not show in a log; where there is no log, none does. */
export function isHidden(system: string, action: string, resource: string, reach: LogReach | null): boolean {
  if (reach === null) return true;
  const type = resource.split(':')[1];
  const one = {
    system,
    action: { pattern: action },
    resource:
      system === 'kubernetes-rbac' && type !== undefined
        ? { pattern: resource, type }
        : { pattern: resource },
  };
  return hiddenBecause(one, reach) !== null;
}

type Permission = Pick<Entitlement, 'system' | 'action' | 'resource'>;

function hiddenInTrail({ action, resource }: Permission, { actions, kinds }: LogReach): string | null {
  const { pattern, expanded } = action;
  if (expanded === undefined && /[*?]|^not /.test(pattern)) {
    return `${pattern} covers too much to say of every action whether it would be logged.`;
  }
  const names = expanded ?? [pattern];
  const silent = names.find(isSilentAction);
  if (silent !== undefined) return `${silent} is used without an event of its own.`;
  const seen = [...actions];
  const unlogged = names.find(
    (name) =>
      isDataAction(name) &&
      !seen.some((other) => isDataAction(other) && serviceOf(other) === serviceOf(name)),
  );
  if (unlogged !== undefined) {
    return `${unlogged} is logged as data events, and the case has none of that service.`;
  }
  const data = names.find(isDataAction);
  if (data !== undefined && !hasDataEvents(resource.pattern, kinds)) {
    return `${data} is logged as data events, and the case has none of ${resource.pattern}.`;
  }
  const reading = names.find(isReading);
  if (reading !== undefined && !seen.some((name) => isReading(name) && !isDataAction(name))) {
    return `${reading} only reads, and the log has no event that only reads: it may not be written.`;
  }
  return null;
}

/** Data events are turned on for single buckets, tables, functions: those of others say nothing of these. */
function hasDataEvents(pattern: string, kinds: ReadonlySet<string>): boolean {
  if (pattern === '*' || pattern.startsWith('not ')) return true;
  const holder = dataHolder(pattern.replaceAll(/\$\{[^}]*\}/g, '*'));
  return [...kinds].some((kind) => kind.startsWith('data ') && contains(holder, kind.slice('data '.length)));
}

/** What an audit policy leaves out (level `None`) shows nowhere: a kind that nobody is seen to use may be left out. */
function hiddenInCluster({ action, resource }: Permission, { kinds }: LogReach): string | null {
  const type = resource.pattern.startsWith('url:') ? null : (resource.type ?? null);
  if (type === null) return 'Requests for paths that are no resources are often left out of audit logs.';
  const wants = action.pattern === '*' ? ['read', 'write'] : [isReadVerb(action.pattern) ? 'read' : 'write'];
  const missing = wants.find((kind) => ![...kinds].some((seen) => isOfType(seen, kind, type)));
  if (missing === undefined) return null;
  return `The log has no ${missing === 'read' ? 'reading' : 'changing'} request for ${type} by anybody: the audit policy may leave it out.`;
}

function isOfType(seen: string, kind: string, type: string): boolean {
  if (!seen.startsWith(`${kind} `)) return false;
  const [group = '', resource = ''] = type.split(/\/(.*)/s);
  const [seenGroup = '', seenResource = ''] = seen.slice(kind.length + 1).split(/\/(.*)/s);
  return (group === '*' || group === seenGroup) && (resource === '*' || resource === seenResource);
}

function cannot(why: string): Verdict {
  return { usage: 'cannot-know', why };
}

function unusedVerdict(
  entitlement: Entitlement,
  unsure: boolean,
  { kind, days, daysWithEvents }: Coverage,
  reach: LogReach | null,
  rhythm: () => ReturnType<typeof slowestRhythm>,
): Verdict {
  if (reach === null || kind === 'none') return cannot('No log that would show its use is in the case.');
  if (entitlement.subject.type.toLowerCase() === 'group') {
    return cannot('Events name the member, not the group through which it acted.');
  }
  if (unsure) return cannot('Events with its action do not name the resource: they may have used it.');
  const hidden = hiddenBecause(entitlement, reach);
  if (hidden !== null) return cannot(hidden);
  if (kind === 'partial') return cannot(`The log has events on ${daysWithEvents} of ${days} days only.`);
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

function serviceOf(action: string): string {
  return action.slice(0, action.indexOf(':') + 1).toLowerCase();
}
