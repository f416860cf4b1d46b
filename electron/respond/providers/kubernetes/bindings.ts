import { type JsonObject, arrayAt, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Target } from '#shared/domain/response.ts';
import { outcome } from '../../outcomes.ts';
import type { Action, CallContext, FoundTarget, ProviderIo } from '../../provider.ts';
import { accessOf } from './access.ts';
import { type Cluster, managerOf, metadataOf, rbac } from './cluster.ts';
import { type Suspect, isSuspect, subjectsOf, suspectOfTarget, userNameOf } from './subjects.ts';

export interface Binding {
  readonly kind: 'role-binding' | 'cluster-role-binding';
  readonly object: JsonObject;
}

/** Every binding of the cluster. */
export async function allBindings(cluster: Cluster, call: CallContext): Promise<Binding[]> {
  const [inNamespaces, inCluster] = await Promise.all([
    cluster.list(`${rbac}/rolebindings`, call),
    cluster.list(`${rbac}/clusterrolebindings`, call),
  ]);
  return [
    ...inNamespaces.map((object) => ({ kind: 'role-binding' as const, object })),
    ...inCluster.map((object) => ({ kind: 'cluster-role-binding' as const, object })),
  ];
}

export function namesSuspect({ object }: Binding, suspect: Suspect): boolean {
  return subjectsOf(object).some((subject) => isSuspect(subject, suspect));
}

export function bindingTarget({ kind, object }: Binding, suspect: Suspect, parent: string): FoundTarget {
  const metadata = metadataOf(object);
  const role = objectAt(object, 'roleRef');
  const namespace = textAt(metadata, 'namespace');
  const name = textAt(metadata, 'name') ?? '';
  return {
    kind,
    id: textAt(metadata, 'uid') ?? '',
    name: namespace === null ? name : `${namespace}/${name}`,
    parent,
    createdAt: textAt(metadata, 'creationTimestamp'),
    managedBy: managerOf(object),
    attributes: {
      namespace,
      binding: name,
      user: userNameOf(suspect),
      roleKind: textAt(role, 'kind'),
      role: textAt(role, 'name'),
    },
  };
}

const spec: ActionSpec = {
  id: 'binding.remove-subject',
  title: 'Take the subject out of the binding',
  verb: 'grant.remove',
  reversibility: 'R0',
  stops: ['grant'],
  doesNotStop: [
    {
      artefact: 'access_token',
      residualSeconds: null,
      coveredBy: ['identity.disable'],
      note: 'Tokens go on authenticating, and may do what other bindings and groups give.',
    },
    {
      artefact: 'client_certificate',
      residualSeconds: null,
      coveredBy: ['authority.rekey'],
      note: 'Members of system:masters pass by RBAC altogether: only a new certificate authority ends that.',
    },
    {
      artefact: 'open_connection',
      residualSeconds: null,
      coveredBy: ['session.terminate'],
      note: 'Watches, exec sessions and port forwards that are open go on; pods keep running.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'resourceVersion',
  nativeDryRun: true,
  requiredPermissions: ['update bindings', 'bind roles'],
  rateLimit: 'API priority and fairness',
  settle: { typicalMs: 100, maxMs: 5_000 },
  beyondReach: null,
  undo: {
    possible: true,
    waitSeconds: 0,
    note: 'Only while the binding is the same object with the same role.',
  },
};

const permissions = spec.requiredPermissions;

/**
 * Replaces a binding by itself without the subject. The uid and resourceVersion of the snapshot go along: the server
 * answers 409 where the object has changed or is another under the same name. Its role can never be changed.
 */
export function removeSubjectAction(cluster: Cluster, io: ProviderIo): Action {
  /** The binding that was found, and no other of its name. */
  const current = async (target: Target, call: CallContext): Promise<JsonObject | null> => {
    const object = await cluster.find(pathOf(target), call);
    return textAt(metadataOf(object), 'uid') === target.id ? object : null;
  };
  const remove = async (target: Target, version: string | null, isDryRun: boolean, call: CallContext) => {
    const object = await current(target, call);
    if (object === null) return outcome('target_absent', `${target.name} is not there.`);
    if (isOut(object, target))
      return outcome('already_in_state', `${target.name} does not name the subject.`);
    const changed = { ...withVersion(object, version), subjects: without(object, target) };
    const written = await cluster.write('PUT', pathOf(target), changed, { isDryRun, permissions }, call);
    return written.outcome;
  };
  return {
    spec,
    async snapshot(target, call) {
      const object = await current(target, call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: object !== null && isOut(object, target),
        version: textAt(metadataOf(object), 'resourceVersion'),
        state: { roleRef: objectAt(object ?? undefined, 'roleRef'), subjects: subjectsOf(object ?? {}) },
      };
    },
    preview: async (target, { state, version }) => [
      {
        method: 'PUT',
        address: cluster.address(pathOf(target)),
        body: JSON.stringify({
          metadata: { uid: target.id, resourceVersion: version },
          roleRef: state['roleRef'],
          subjects: without(state, target),
        }),
      },
    ],
    apply: (target, { version }, call) => remove(target, version, false, call),
    dryRun: (target, { version }, call) => remove(target, version, true, call),
    async observe(target, _, call) {
      const object = await current(target, call);
      if (object === null) return { state: 'target_absent', detail: 'The binding is not there.', facts: {} };
      const out = isOut(object, target);
      return {
        state: out ? 'in_effect' : 'not_in_effect',
        detail: `${target.name} ${out ? 'does not name' : 'names'} the subject.`,
        facts: { resourceVersion: textAt(metadataOf(object), 'resourceVersion') },
      };
    },
    probe: (target, _, call) => accessOf(cluster, target, call),
    async undo(target, { state }, call) {
      const object = await current(target, call);
      if (object === null) return outcome('target_absent', `${target.name} is not there any more.`);
      const before = arrayAt(state, 'subjects').filter(isObject);
      const now = subjectsOf(object);
      if (isEqual(now, before)) return outcome('already_in_state', `${target.name} is as it was.`);
      if (!isEqual(now, without(state, target)) || !isEqual(objectAt(object, 'roleRef'), state['roleRef'])) {
        return outcome('precondition_failed', `${target.name} was changed since.`);
      }
      const written = await cluster.write(
        'PUT',
        pathOf(target),
        { ...object, subjects: before },
        { isDryRun: false, permissions },
        call,
      );
      return written.outcome;
    },
  };
}

function withVersion(object: JsonObject, version: string | null): JsonObject {
  const metadata = metadataOf(object);
  return { ...object, metadata: version === null ? metadata : { ...metadata, resourceVersion: version } };
}

function isEqual(left: unknown, right: unknown): boolean {
  return sorted(left) === sorted(right);
}

/** JSON with the keys of objects in order. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}

/** The subjects of a binding but the suspect. */
function without(object: JsonObject, target: Target): JsonObject[] {
  return subjectsOf(object).filter((subject) => !isSuspect(subject, suspectOfTarget(target)));
}

function isOut(object: JsonObject, target: Target): boolean {
  return without(object, target).length === subjectsOf(object).length;
}

function pathOf({ kind, attributes }: Target): string {
  const name = encodeURIComponent(String(attributes['binding']));
  return kind === 'cluster-role-binding'
    ? `${rbac}/clusterrolebindings/${name}`
    : `${rbac}/namespaces/${encodeURIComponent(String(attributes['namespace']))}/rolebindings/${name}`;
}
