import type { Evaluation, Layer, Step } from '../../../domain/trace.ts';
import type { Binding, Manifests, PlacedRule, Role } from '../model.ts';
import { bindingLabel, roleLabel } from '../model.ts';
import { unknownRole } from './unknown.ts';

/** What is not known of a cluster: objects by label, with the reason. */
export type Doubts = ReadonlyMap<string, string>;

const everything = (role: Pick<Role, 'kind' | 'namespace' | 'name' | 'ref'>): PlacedRule[] => [
  {
    verbs: ['*'],
    apiGroups: ['*'],
    resources: ['*'],
    resourceNames: [],
    nonResourceURLs: [],
    ref: role.ref,
    role: roleLabel(role),
  },
  {
    verbs: ['*'],
    apiGroups: [],
    resources: [],
    resourceNames: [],
    nonResourceURLs: ['*'],
    ref: role.ref,
    role: roleLabel(role),
  },
];

/** RBAC only adds: without what is not known a request is allowed by at least this … */
export function withoutDoubtful({ roles, bindings, serviceAccounts }: Manifests): Manifests {
  return {
    roles: roles.map((role) => (role.unknown === undefined ? role : { ...role, rules: [] })),
    bindings: bindings.filter(({ unknown }) => unknown === undefined),
    serviceAccounts,
  };
}

/** … and with all that it could hold by at most this. */
export function withAllPossible({ roles, bindings, serviceAccounts }: Manifests): Manifests {
  const isUnknown = roles.some(({ unknown }) => unknown !== undefined);
  const wide = roles.map((role): Role => {
    // A role that is put together from others may have any of one that is not known.
    const isTaken = isUnknown && role.selectors !== null && !role.fromServer;
    return role.unknown === undefined && !isTaken
      ? role
      : { ...role, rules: everything(role), selectors: null };
  });
  const stand: Role = {
    kind: 'ClusterRole',
    name: unknownRole,
    namespace: null,
    labels: new Map(),
    rules: [],
    selectors: null,
    fromServer: false,
    ref: { path: '', locator: '', policyId: `ClusterRole ${unknownRole}` },
  };
  return {
    roles: [...wide, { ...stand, rules: everything(stand) }],
    bindings: bindings.map((binding) =>
      binding.unknown === undefined ? binding : { ...binding, subjects: everyone },
    ),
    serviceAccounts,
  };
}

const everyone: Binding['subjects'] = ['system:authenticated', 'system:unauthenticated'].map((name) => ({
  kind: 'Group',
  name,
  namespace: null,
}));

export function doubtsOf({ roles, bindings }: Manifests): Doubts {
  const doubts = new Map<string, string>();
  for (const role of roles) if (role.unknown !== undefined) doubts.set(roleLabel(role), role.unknown);
  for (const binding of bindings) {
    if (binding.unknown !== undefined) doubts.set(bindingLabel(binding), binding.unknown);
  }
  return doubts;
}

/** A denial that stands only as long as nothing that is not known allows it is none. */
export function weigh(certain: Evaluation, possible: () => Evaluation, doubts: Doubts): Evaluation {
  if (certain.decision !== 'deny') return certain;
  const other = possible();
  if (other.decision === 'deny') return certain;
  const steps = other.layers
    .flatMap(({ steps: found }) => found)
    .filter(({ id }) => other.determiningSteps.includes(id));
  const named = [...doubts].filter(([label]) => steps.some((step) => names(step, label)));
  const told = named.length === 0 ? [...doubts] : named;
  const layer: Layer = {
    name: 'rbac',
    label: 'What is not known of that time',
    role: 'grant',
    outcome: 'unknown',
    why: told.map(([label, why]) => `${label}: ${why}`).join(' '),
    steps: steps.map(
      (step): Step => ({
        id: `unknown ${step.id}`,
        ref: step.ref,
        effect: 'allow',
        matched: 'unknown',
        tests: {},
      }),
    ),
  };
  const labels = told.map(([label]) => label);
  return {
    ...certain,
    decision: 'indeterminate',
    blockedBy: [],
    layers: [...certain.layers, layer],
    unknowns: [...certain.unknowns, ...labels],
    completeness: 'partial',
    verdict: `Cannot tell: nothing that is known of that time allows it, and ${labels.join(', ')} may have: ${told[0]?.[1] ?? ''}`,
  };
}

function names({ ref, via, id }: Step, label: string): boolean {
  return (
    ref.policyId === label ||
    id.startsWith(`${label}#`) ||
    (via ?? []).some(({ from, to }) => from === label || to === label)
  );
}
