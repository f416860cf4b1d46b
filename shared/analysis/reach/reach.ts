import type { ReachableIdentity } from '../../domain/access-path.ts';
import type { AccessLevel, Entitlement } from '../../domain/entitlement.ts';
import { type CouldReach, type DidReach, mostPatterns, type ReachedService } from '../../domain/reach.ts';
import type { AccessUse } from '../../domain/usage.ts';
import { clusterResource } from '../../domain/cluster-resource.ts';

interface Draft {
  readonly levels: Set<AccessLevel>;
  readonly resources: Set<string>;
  readonly identities: Set<string>;
  permissions: number;
}

/** What the permissions of a subject, and of all that it can become, reach. */
export function couldReach(
  identities: readonly ReachableIdentity[],
  administrator: boolean,
  entitlements: Iterable<Entitlement>,
): CouldReach {
  const services = new Map<string, Draft>();
  const secrets = new Set<string>();
  const namespaces = new Set<string>();
  for (const { system, subject, action, resource, conditionality, risks } of entitlements) {
    if (conditionality === 'never-effective') continue;
    const isCluster = system === 'kubernetes-rbac';
    const service = isCluster ? (resource.type ?? '*') : serviceOf(action.pattern);
    const draft = services.get(service) ?? {
      levels: new Set(),
      resources: new Set(),
      identities: new Set(),
      permissions: 0,
    };
    services.set(service, draft);
    if (action.level !== undefined) draft.levels.add(action.level);
    if (draft.resources.size < mostPatterns) draft.resources.add(resource.pattern);
    draft.identities.add(subject.id);
    draft.permissions++;
    if (risks.includes('credential-access')) secrets.add(resource.pattern);
    if (isCluster && resource.type !== 'nonResourceURL') namespaces.add(scopeOf(resource.pattern));
  }
  return {
    administrator: administrator || identities.some((identity) => identity.administrator),
    identities,
    services: [...services].map(([service, draft]) => finish(service, draft)).toSorted(byService),
    secrets: [...secrets].toSorted().slice(0, mostPatterns),
    namespaces: [...namespaces].toSorted(),
  };
}

function finish(service: string, { levels, resources, identities, permissions }: Draft): ReachedService {
  return {
    service,
    levels: [...levels].toSorted(),
    resources: [...resources].toSorted(),
    permissions,
    identities: identities.size,
  };
}

/** What the log shows that a subject reached: refusals reach nothing. */
export function didReach(uses: readonly AccessUse[], subject: string): DidReach {
  const services = new Map<string, { events: number; last: string }>();
  const [identities, resources, namespaces] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const use of uses) {
    if (use.subject !== subject || use.outcome !== 'allow') continue;
    const isCluster = use.format === 'kubernetes-audit';
    const path = isCluster && use.resource !== null ? clusterResource(use.resource.id) : null;
    const service = isCluster ? typeOf(path ?? '*') : serviceOf(use.action);
    const known = services.get(service);
    services.set(service, {
      events: use.events + (known?.events ?? 0),
      last: known === undefined || use.last > known.last ? use.last : known.last,
    });
    if (use.resource === null) continue;
    resources.add(use.resource.id);
    if (/^sts:AssumeRole/i.test(use.action)) identities.add(use.resource.id);
    if (path !== null && !path.startsWith('url:')) namespaces.add(scopeOf(path));
  }
  return {
    identities: [...identities].toSorted(),
    services: [...services].map(([service, seen]) => ({ service, ...seen })).toSorted(byService),
    resources: resources.size,
    namespaces: [...namespaces].toSorted(),
  };
}

function serviceOf(action: string): string {
  const colon = action.indexOf(':');
  return colon < 0 ? '*' : action.slice(0, colon).toLowerCase();
}

function scopeOf(pattern: string): string {
  return pattern.slice(0, Math.max(0, pattern.indexOf(':')));
}

function typeOf(path: string): string {
  return path.split(':')[1] ?? '*';
}

function byService(one: { readonly service: string }, other: { readonly service: string }): number {
  if (one.service === other.service) return 0;
  return one.service < other.service ? -1 : 1;
}
