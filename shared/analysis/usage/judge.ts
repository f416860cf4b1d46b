import type { Entitlement } from '../../domain/entitlement.ts';
import type { AccessUse, EntitlementUsage, LogReach } from '../../domain/usage.ts';
import { contains, containsAction } from '#shared/util/pattern.ts';
import { isDataAction } from './data-events.ts';
import { clusterResource } from '../../domain/cluster-resource.ts';

/** The log in which use of a policy system's permissions shows. */
const formatOf: Readonly<Record<string, string>> = {
  'aws-iam': 'aws-cloudtrail',
  'kubernetes-rbac': 'kubernetes-audit',
};
/** A right that is needed once a month is not seen in less. */
const shortestWindowDays = 28;
const leastCoverage = 0.9;

type Coverage = EntitlementUsage['coverage'];

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
  return entitlements.map((entitlement) =>
    judgeOne(
      entitlement,
      bySubject.get(entitlement.subject.id) ?? [],
      reaches.find(({ format }) => format === formatOf[entitlement.system]) ?? null,
    ),
  );
}

function judgeOne(
  entitlement: Entitlement,
  uses: readonly AccessUse[],
  reach: LogReach | null,
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
    if (use.format !== formatOf[entitlement.system]) continue;
    if (!containsAction(entitlement.action.pattern, use.action)) continue;
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
  const coverage = coverageOf(entitlement, reach);
  const { usage, why } = verdict(entitlement, found.count, found.unsure, coverage, reach);
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

/** `unknown`: the event names no resource, or one that the entitlement's resource cannot be held against. */
function matchesResource({ system, resource }: Entitlement, use: AccessUse): boolean | 'unknown' {
  const { pattern } = resource;
  if (pattern === '*') return true;
  if (use.resource === null) return 'unknown';
  if (system === 'kubernetes-rbac') return contains(pattern, clusterResource(use.resource.id));
  return use.resource.id.startsWith('arn:') ? contains(pattern, use.resource.id) : 'unknown';
}

function coverageOf(entitlement: Entitlement, reach: LogReach | null): Coverage {
  if (reach === null) return { from: null, to: null, days: 0, daysWithEvents: 0, kind: 'none' };
  const { from, to, days, daysWithEvents, actions } = reach;
  const names = entitlement.action.expanded ?? [entitlement.action.pattern];
  const data = entitlement.system === 'aws-iam' ? names.filter(isDataAction) : [];
  const unlogged = data.filter(
    (name) => ![...actions].some((seen) => isDataAction(seen) && serviceOf(seen) === serviceOf(name)),
  );
  const kind =
    unlogged.length > 0
      ? 'management-events-only'
      : daysWithEvents / Math.max(1, days) < leastCoverage
        ? 'partial'
        : 'complete';
  return { from, to, days, daysWithEvents, kind };
}

function verdict(
  { action, subject }: Entitlement,
  count: number,
  unsure: boolean,
  { kind, days, daysWithEvents }: Coverage,
  reach: LogReach | null,
): Pick<EntitlementUsage, 'usage' | 'why'> {
  if (count > 0) return { usage: 'used', why: `${count} events used it.` };
  if (reach === null || kind === 'none') {
    return { usage: 'cannot-know', why: 'No log that would show its use is in the case.' };
  }
  if (subject.type.toLowerCase() === 'group') {
    return { usage: 'cannot-know', why: 'Events name the member, not the group through which it acted.' };
  }
  if (unsure) {
    return {
      usage: 'cannot-know',
      why: 'Events with its action do not name the resource: they may have used it.',
    };
  }
  if (kind === 'management-events-only') {
    return {
      usage: 'cannot-know',
      why: `${action.pattern} is logged as data events, and the case has none of that service.`,
    };
  }
  if (kind === 'partial') {
    return { usage: 'cannot-know', why: `The log has events on ${daysWithEvents} of ${days} days only.` };
  }
  if (days < shortestWindowDays) {
    return {
      usage: 'cannot-know',
      why: `The log covers ${days} days: less than the ${shortestWindowDays} that a monthly task needs to be seen.`,
    };
  }
  return { usage: 'not-used', why: `No event in ${days} days used it, and the log would show it.` };
}

function serviceOf(action: string): string {
  return action.slice(0, action.indexOf(':') + 1).toLowerCase();
}
