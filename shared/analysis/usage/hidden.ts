import type { Entitlement } from '../../domain/entitlement.ts';
import { isReadVerb, type LogReach } from '../../domain/usage.ts';
import { contains } from '#shared/util/pattern.ts';
import { dataHolder, isDataAction, isReading, isSilentAction } from './loggable.ts';

type Permission = Pick<Entitlement, 'system' | 'action' | 'resource'>;

/** Why use of an entitlement need not show in a log that is there; null where it would show. */
export function hiddenBecause(entitlement: Permission, reach: LogReach): string | null {
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

function hiddenInTrail({ action, resource }: Permission, reach: LogReach): string | null {
  const { pattern, expanded } = action;
  if (expanded === undefined && /[*?]|^not /.test(pattern)) {
    return `${pattern} covers too much to say of every action whether it would be logged.`;
  }
  const { silent, data, reading } = expanded === undefined ? actionFacts([pattern]) : factsOf(expanded);
  if (silent !== undefined) return `${silent} is used without an event of its own.`;
  const trail = trailOf(reach);
  const unlogged = data.find((name) => !trail.dataServices.has(serviceOf(name)));
  if (unlogged !== undefined) {
    return `${unlogged} is logged as data events, and the case has none of that service.`;
  }
  if (data[0] !== undefined && !hasDataEvents(resource.pattern, trail.dataHolders)) {
    return `${data[0]} is logged as data events, and the case has none of ${resource.pattern}.`;
  }
  if (reading !== undefined && !trail.hasReads) {
    return `${reading} only reads, and the log has no event that only reads: it may not be written.`;
  }
  return null;
}

/** What counts of a list of actions: the first of each kind, of data events the first of each service. */
interface ActionFacts {
  readonly silent: string | undefined;
  readonly data: readonly string[];
  readonly reading: string | undefined;
}

/** Lists of what a pattern covers are long and shared by many permissions. */
const knownFacts = new WeakMap<readonly string[], ActionFacts>();

function factsOf(names: readonly string[]): ActionFacts {
  let facts = knownFacts.get(names);
  if (facts === undefined) {
    facts = actionFacts(names);
    knownFacts.set(names, facts);
  }
  return facts;
}

function actionFacts(names: readonly string[]): ActionFacts {
  const data = new Map<string, string>();
  for (const name of names) {
    if (isDataAction(name) && !data.has(serviceOf(name))) data.set(serviceOf(name), name);
  }
  return { silent: names.find(isSilentAction), data: [...data.values()], reading: names.find(isReading) };
}

/** What a trail is seen to write. */
interface Trail {
  /** Services that have data events. */
  readonly dataServices: ReadonlySet<string>;
  readonly dataHolders: readonly string[];
  /** Whether there are management events that only read. */
  readonly hasReads: boolean;
}

const knownTrails = new WeakMap<LogReach, Trail>();

function trailOf(reach: LogReach): Trail {
  let trail = knownTrails.get(reach);
  if (trail === undefined) {
    const actions = [...reach.actions];
    trail = {
      dataServices: new Set(actions.filter(isDataAction).map(serviceOf)),
      dataHolders: [...reach.kinds].flatMap((kind) =>
        kind.startsWith('data ') ? [kind.slice('data '.length)] : [],
      ),
      hasReads: actions.some((name) => isReading(name) && !isDataAction(name)),
    };
    knownTrails.set(reach, trail);
  }
  return trail;
}

/** Data events are turned on for single buckets, tables, functions: those of others say nothing of these. */
function hasDataEvents(pattern: string, holders: readonly string[]): boolean {
  if (pattern === '*' || pattern.startsWith('not ')) return true;
  const holder = dataHolder(pattern.replaceAll(/\$\{[^}]*\}/g, '*'));
  return holders.some((seen) => contains(holder, seen));
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

function serviceOf(action: string): string {
  return action.slice(0, action.indexOf(':') + 1).toLowerCase();
}
