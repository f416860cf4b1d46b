import type { AccessLevel, EntitlementRisk } from '../../domain/entitlement.ts';
import { all } from './match.ts';

interface Danger {
  readonly verbs: readonly string[];
  readonly group: string;
  readonly resources: readonly string[];
  readonly risk: EntitlementRisk;
}

const writing = ['create', 'update', 'patch'];
const rbac = 'rbac.authorization.k8s.io';

/** Permissions that lead to others: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks */
const dangers: readonly Danger[] = [
  { verbs: ['get', 'list', 'watch'], group: '', resources: ['secrets'], risk: 'credential-access' },
  { verbs: ['create'], group: '', resources: ['serviceaccounts/token'], risk: 'credential-access' },
  { verbs: ['create'], group: '', resources: ['pods'], risk: 'privilege-escalation' },
  {
    verbs: ['create', 'get'],
    group: '',
    resources: ['pods/exec', 'pods/attach'],
    risk: 'privilege-escalation',
  },
  {
    verbs: ['patch', 'update'],
    group: '',
    resources: ['pods/ephemeralcontainers'],
    risk: 'privilege-escalation',
  },
  {
    verbs: writing,
    group: 'apps',
    resources: ['deployments', 'daemonsets', 'statefulsets', 'replicasets'],
    risk: 'privilege-escalation',
  },
  { verbs: writing, group: 'batch', resources: ['jobs', 'cronjobs'], risk: 'privilege-escalation' },
  { verbs: ['create'], group: '', resources: ['persistentvolumes'], risk: 'privilege-escalation' },
  { verbs: ['get', 'create'], group: '', resources: ['nodes/proxy'], risk: 'privilege-escalation' },
  {
    verbs: ['impersonate'],
    group: '',
    resources: ['users', 'groups', 'serviceaccounts'],
    risk: 'privilege-escalation',
  },
  {
    verbs: ['impersonate'],
    group: 'authentication.k8s.io',
    resources: ['userextras', 'uids'],
    risk: 'privilege-escalation',
  },
  {
    verbs: ['escalate', 'bind'],
    group: rbac,
    resources: ['roles', 'clusterroles'],
    risk: 'privilege-escalation',
  },
  {
    verbs: writing,
    group: rbac,
    resources: ['rolebindings', 'clusterrolebindings'],
    risk: 'privilege-escalation',
  },
  {
    verbs: ['update', 'patch'],
    group: 'certificates.k8s.io',
    resources: ['certificatesigningrequests/approval'],
    risk: 'privilege-escalation',
  },
  {
    verbs: ['approve', 'sign'],
    group: 'certificates.k8s.io',
    resources: ['signers'],
    risk: 'privilege-escalation',
  },
  {
    verbs: writing,
    group: 'admissionregistration.k8s.io',
    resources: ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'],
    risk: 'privilege-escalation',
  },
];

/** What a verb on a resource can lead to; wildcards of the rule stand for what they include. */
export function risksOf(verb: string, group: string, resource: string): readonly EntitlementRisk[] {
  const risks = new Set<EntitlementRisk>();
  for (const danger of dangers) {
    const covers =
      (verb === all || danger.verbs.includes(verb)) &&
      (group === all || danger.group === group) &&
      danger.resources.some((wanted) => coversResource(resource, wanted));
    if (covers) risks.add(danger.risk);
  }
  if (verb === all || group === all || resource === all) risks.add('wildcard');
  return [...risks];
}

function coversResource(pattern: string, resource: string): boolean {
  if (pattern === all || pattern === resource) return true;
  // `userextras` has a subresource for each key.
  if (resource === 'userextras' && pattern.startsWith('userextras/')) return true;
  return pattern.startsWith('*/') && resource.endsWith(pattern.slice(1));
}

const levels: Readonly<Record<string, AccessLevel>> = {
  get: 'read',
  list: 'list',
  watch: 'list',
  create: 'write',
  update: 'write',
  patch: 'write',
  delete: 'write',
  deletecollection: 'write',
  escalate: 'permissions-management',
  bind: 'permissions-management',
  impersonate: 'permissions-management',
  approve: 'permissions-management',
  sign: 'permissions-management',
};

/** Null for `*` and for verbs that Kubernetes itself does not have. */
export function accessLevel(verb: string): AccessLevel | null {
  return Object.hasOwn(levels, verb) ? (levels[verb] ?? null) : null;
}
