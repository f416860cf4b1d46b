import { type AccessPathStep, leastCertain, type PathCertainty } from '../../../domain/access-path.ts';
import type { Cluster } from '../cluster.ts';
import { mastersGroup } from '../user.ts';
import type { HeldNeed, Holder } from './holder.ts';
import { isEverything } from './holder.ts';
import type { ClusterTechnique } from './techniques.ts';

/** What one technique gives one subject, in the cluster or in one namespace. */
export interface ClusterEdge {
  readonly technique: ClusterTechnique;
  /** Empty: the whole cluster. */
  readonly namespace: string;
  /** Whose rights it comes to; empty where it is given rights itself. */
  readonly becomes: readonly Holder[];
  readonly gives: 'everything' | 'more' | 'secrets';
  readonly targets: readonly { readonly type: string; readonly id: string }[];
  readonly steps: readonly AccessPathStep[];
  readonly certainty: PathCertainty;
  readonly conditions: readonly string[];
}

/** The technique in a namespace (empty: in all of them); null where something is missing, or nothing is gained. */
export function edgeOf(
  cluster: Cluster,
  holders: ReadonlyMap<string, Holder>,
  holder: Holder,
  technique: ClusterTechnique,
  namespace: string,
): ClusterEdge | null {
  for (const list of technique.needs) {
    const held = list.map((need) => holder.holds(need, namespace));
    const needs = held.filter((one) => one !== null);
    if (needs.length < list.length || !needs.some(({ own }) => own)) continue;
    const gained = gainOf(cluster, holders, holder, technique, namespace, needs);
    if (gained === null) continue;
    const steps = needs.map(({ step }) => step);
    const words = steps.flatMap(({ action, resource, condition }) =>
      condition === undefined ? [] : [`${action} ${resource}: ${condition.expr}`],
    );
    const conditions = [
      ...words,
      ...(technique.condition === undefined ? [] : [technique.condition]),
      ...gained.conditions,
    ];
    const sure: PathCertainty[] = conditions.length > 0 ? ['conditional'] : [];
    return {
      technique,
      namespace,
      becomes: gained.becomes,
      gives: gained.gives,
      targets: gained.targets,
      steps,
      certainty: leastCertain([...steps.map((step) => step.certainty), ...sure]),
      conditions,
    };
  }
  return null;
}

interface Gained {
  readonly gives: ClusterEdge['gives'];
  readonly becomes: readonly Holder[];
  readonly targets: ClusterEdge['targets'];
  readonly conditions: readonly string[];
}

const nobody: readonly Holder[] = [];

function gainOf(
  cluster: Cluster,
  holders: ReadonlyMap<string, Holder>,
  holder: Holder,
  { gives }: ClusterTechnique,
  namespace: string,
  needs: readonly HeldNeed[],
): Gained | null {
  const last = needs.at(-1);
  const names = last?.names ?? null;
  const place = [
    { type: namespace === '' ? 'cluster' : 'namespace', id: namespace === '' ? '*' : namespace },
  ];
  switch (gives.kind) {
    case 'rights':
      return rightsOf(holder, gives.what, needs, place);
    case 'secrets': {
      const targets =
        names === null ? place : names.map((name) => ({ type: 'secret', id: `${namespace}/${name}` }));
      return { gives: 'secrets', becomes: nobody, targets, conditions: [] };
    }
    case 'service-accounts':
      return serviceAccounts(holders, holder, namespace, names, gives.otherwise, place);
    case 'impersonation':
      return impersonation(holders, holder, gives.of, namespace, needs[0]?.names ?? null);
    case 'roles':
    default:
      return boundRoles(cluster, holder, gives.clusterWide, namespace, needs);
  }
}

/** Rights that are written into an object: where it is limited to names, into one that the subject has something of. */
function rightsOf(
  holder: Holder,
  what: 'everything' | 'more',
  needs: readonly HeldNeed[],
  place: Gained['targets'],
): Gained {
  const named = needs.flatMap(({ names }) => names ?? []);
  const isRole = needs.some(({ step }) => step.action === 'escalate');
  if (named.length === 0 || !isRole) return { gives: what, becomes: nobody, targets: place, conditions: [] };
  const bound = holder.view.cluster.held.some(({ grant }) => named.includes(grant.binding.roleRef.name));
  const targets = [...new Set(named)].map((id) => ({ type: 'role', id }));
  const conditions = bound ? [] : [`whoever uses it is bound to ${named.join(' or ')}`];
  return { gives: what, becomes: nobody, targets, conditions };
}

function serviceAccounts(
  holders: ReadonlyMap<string, Holder>,
  holder: Holder,
  namespace: string,
  names: readonly string[] | null,
  otherwise: 'nothing' | 'more',
  place: Gained['targets'],
): Gained | null {
  const accounts = [...holders.values()].filter(
    (other) =>
      other.namespace !== null &&
      other !== holder &&
      (namespace === '' || other.namespace === namespace) &&
      (names === null || names.some((name) => other.id.endsWith(`:${name}`))) &&
      holder.lacks(other),
  );
  if (accounts.length === 0 && otherwise === 'nothing') return null;
  return {
    gives: 'more',
    becomes: accounts,
    targets: accounts.length === 0 ? place : accounts.map(({ type, id }) => ({ type, id })),
    conditions:
      accounts.length === 0 ? ['admission does not keep pods from the node (Pod Security Standards)'] : [],
  };
}

function impersonation(
  holders: ReadonlyMap<string, Holder>,
  holder: Holder,
  of: 'User' | 'Group' | 'ServiceAccount',
  namespace: string,
  names: readonly string[] | null,
): Gained | null {
  const mayBeMaster = of === 'Group' && (names === null || names.includes(mastersGroup));
  const others = [...holders.values()].filter(
    (other) =>
      other.type === of &&
      other !== holder &&
      (namespace === '' || other.namespace === namespace) &&
      (names === null || names.includes(nameOf(other))) &&
      holder.lacks(other),
  );
  if (!mayBeMaster && others.length === 0) return null;
  const masters = mayBeMaster ? [{ type: 'Group', id: mastersGroup }] : [];
  return {
    gives: mayBeMaster ? 'everything' : 'more',
    becomes: mayBeMaster ? nobody : others,
    targets: [...masters, ...others.map(({ type, id }) => ({ type, id }))],
    conditions: [],
  };
}

/** `name` of a service account, which is how the verb's rules name it. */
function nameOf({ type, id }: Holder): string {
  return type === 'ServiceAccount' ? id.slice(id.lastIndexOf(':') + 1) : id;
}

function boundRoles(
  cluster: Cluster,
  holder: Holder,
  clusterWide: boolean,
  namespace: string,
  needs: readonly HeldNeed[],
): Gained | null {
  const bind = needs.find(({ step }) => step.action === 'bind');
  const everywhere = clusterWide || namespace === '';
  if (bind?.names === null) {
    const id = everywhere ? '*' : namespace;
    const targets = [{ type: everywhere ? 'cluster' : 'namespace', id }];
    return { gives: clusterWide ? 'everything' : 'more', becomes: nobody, targets, conditions: [] };
  }
  const scope = clusterWide ? null : namespace;
  const kinds = ['ClusterRole', 'Role'] as const;
  const roles = (bind?.names ?? []).flatMap((name) =>
    kinds.flatMap((kind) => cluster.role(kind, name, namespace === '' ? null : namespace) ?? []),
  );
  const gained = roles.filter((role) => holder.lacksRules(scope, cluster.rulesOf(role)));
  if (gained.length === 0) return null;
  const everything = clusterWide && gained.some((role) => cluster.rulesOf(role).some(isEverything));
  return {
    gives: everything ? 'everything' : 'more',
    becomes: nobody,
    targets: gained.map(({ kind, name }) => ({ type: kind, id: name })),
    conditions: [],
  };
}
