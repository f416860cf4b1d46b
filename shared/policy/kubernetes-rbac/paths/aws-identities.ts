import type { AccessPath, AccessPathStep, PathCertainty } from '../../../domain/access-path.ts';
import type { GrantEdge } from '../../../domain/trace.ts';
import type { AwsMapping } from '../eks.ts';
import { mastersGroup } from '../user.ts';

/** Every right in the cluster: EKS User Guide, “Review access policy permissions”. */
const clusterAdministrator = /:cluster-access-policy\/AmazonEKSClusterAdminPolicy$/;
const administrator = /:cluster-access-policy\/AmazonEKSAdminPolicy$/;

/** What those come to whom an AWS identity is in the cluster. */
export interface BecomesInCluster {
  readonly to: { readonly type: string; readonly id: string };
  /** The way to every right from there, none where it has them; null where there is no such way. */
  readonly route: {
    readonly chain: readonly GrantEdge[];
    readonly steps: readonly AccessPathStep[];
    readonly certainty: PathCertainty;
    readonly conditions: readonly string[];
  } | null;
}

const titles = {
  'aws-auth': 'An AWS identity that the cluster’s aws-auth makes an administrator',
  'access-entry': 'An AWS identity that an access entry makes an administrator',
} as const;

/**
 * AWS identities that have every right of a cluster, or can come to it: by a group or user name that the cluster gives
 * them, or by an access policy. What is given on purpose is said to be an administrator and no escalation.
 */
export function* awsPaths(
  mappings: readonly AwsMapping[],
  becomes: (mapping: AwsMapping) => readonly BecomesInCluster[],
  subject: string | undefined,
): Generator<AccessPath> {
  const said = new Set<string>();
  for (const mapping of mappings) {
    const { principal } = mapping;
    if (subject !== undefined && subject !== principal) continue;
    for (const path of pathsOf(mapping, becomes(mapping))) {
      if (said.has(path.key)) continue;
      said.add(path.key);
      yield path;
    }
  }
}

function* pathsOf(mapping: AwsMapping, ends: readonly BecomesInCluster[]): Generator<AccessPath> {
  const whole = mapping.policies.find(
    ({ arn, namespaces }) => clusterAdministrator.test(arn) && namespaces === null,
  );
  const direct = ends.find(({ route }) => route !== null && route.chain.length === 0);
  const name = whole?.arn ?? (mapping.groups.includes(mastersGroup) ? mastersGroup : direct?.to.id);
  if (name !== undefined) {
    yield made(mapping, name, 'administrator', {
      title: titles[mapping.from],
      gives: 'everything',
      targets: [{ type: 'cluster', id: '*' }],
      summary: `${mapping.principal} has every right in the cluster, as ${name}.`,
    });
    return;
  }
  const local = mapping.policies.find(
    ({ arn, namespaces }) =>
      administrator.test(arn) || (clusterAdministrator.test(arn) && namespaces !== null),
  );
  if (local !== undefined) {
    const targets = (local.namespaces ?? ['*']).map((id) => ({ type: 'namespace', id }));
    yield made(mapping, local.arn, 'administrator', {
      title: 'An AWS identity that an access entry makes an administrator of namespaces',
      gives: 'more',
      targets,
      summary: `${mapping.principal} has every right in ${targets.map(({ id }) => id).join(', ')}, by ${local.arn}.`,
    });
  }
  for (const { to, route } of ends) {
    if (route === null) continue;
    yield made(mapping, to.id, 'privilege-escalation', {
      title: 'Come to every right of the cluster by an AWS identity',
      gives: 'everything',
      targets: [to],
      summary: `${mapping.principal} is ${to.type} ${to.id} in the cluster, which can come to every right.`,
      route,
    });
    return;
  }
}

interface Made extends Pick<AccessPath, 'title' | 'gives' | 'targets' | 'summary'> {
  readonly route?: NonNullable<BecomesInCluster['route']>;
}

function made(
  { principal, from, ref }: AwsMapping,
  to: string,
  kind: AccessPath['kind'],
  { title, gives, targets, summary, route }: Made,
): AccessPath {
  const account = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(principal)?.[1] ?? null;
  const technique = from === 'aws-auth' ? 'eks-aws-auth' : 'eks-access-entry';
  const becoming = { from: principal, to, kind: 'assumes' as const, ref };
  return {
    key: `kubernetes-rbac ${principal} ${technique} ${gives}`,
    system: 'kubernetes-rbac',
    subject: {
      type: principal.includes(':user/') ? 'user' : 'role',
      id: principal,
      ...(account === null ? null : { account }),
    },
    kind,
    technique,
    title,
    gives,
    certainty: route?.certainty ?? 'certain',
    targets,
    targetCount: targets.length,
    steps: [
      {
        action: 'eks:AccessKubernetesApi',
        resource: to,
        certainty: 'certain',
        path: [becoming],
        policies: [ref],
      },
      ...(route?.steps ?? []),
    ],
    chain: [becoming, ...(route?.chain ?? [])],
    conditions: route?.conditions ?? [],
    assumptions:
      from === 'aws-auth'
        ? ['The cluster takes identities from aws-auth: its authentication mode is not in the bundle.']
        : [],
    summary,
    tags: ['attack.t1078.004', 'owasp-nhi.5', 'nist-csf.pr.aa-05'],
  };
}
