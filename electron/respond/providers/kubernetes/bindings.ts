import { type JsonObject, arrayAt, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Outcome, Snapshot, Target } from '#shared/domain/response.ts';
import { oneAtATime } from '../../one-at-a-time.ts';
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

/** A binding may name several suspects: each is taken out, and put back, by itself. */
export function bindingTarget({ kind, object }: Binding, suspect: Suspect, parent: string): FoundTarget {
  const metadata = metadataOf(object);
  const role = objectAt(object, 'roleRef');
  const namespace = textAt(metadata, 'namespace');
  const name = textAt(metadata, 'name') ?? '';
  return {
    kind,
    id: `${textAt(metadata, 'uid') ?? ''}/${userNameOf(suspect)}`,
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
 * Replaces a binding by itself without the subject. The uid and resourceVersion of the reading go along: the server
 * answers 409 where the object has changed since or is another under the same name. Its role can never be changed.
 */
export function removeSubjectAction(cluster: Cluster, io: ProviderIo): Action {
  /** Two suspects may stand in one binding. */
  const alone = oneAtATime();
  /** The binding that was found, and no other of its name. */
  const current = async (target: Target, call: CallContext): Promise<JsonObject | null> => {
    const object = await cluster.find(pathOf(target), call);
    return textAt(metadataOf(object), 'uid') === uidOf(target) ? object : null;
  };
  const put = async (
    target: Target,
    object: JsonObject,
    subjects: readonly JsonObject[],
    isDryRun: boolean,
    call: CallContext,
  ): Promise<Outcome> => {
    const changed = { ...object, subjects };
    return (await cluster.write('PUT', pathOf(target), changed, { isDryRun, permissions }, call)).outcome;
  };
  const remove = (target: Target, { state }: Snapshot, isDryRun: boolean, call: CallContext) =>
    alone(async () => {
      const object = await current(target, call);
      if (object === null) return outcome('target_absent', `${target.name} is not there.`);
      const now = stateOf(object, target);
      if (now.subjects.length === 0) {
        return outcome('already_in_state', `${target.name} does not name the subject.`);
      }
      if (!isEqual(now, state)) return outcome('precondition_failed', `${target.name} was changed since.`);
      return put(target, object, without(object, target), isDryRun, call);
    });
  return {
    spec,
    async snapshot(target, call) {
      const object = await current(target, call);
      const state = stateOf(object ?? {}, target);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: object !== null && state.subjects.length === 0,
        version: textAt(metadataOf(object), 'resourceVersion'),
        state,
      };
    },
    async preview(target, { version }, call) {
      const object = (await current(target, call)) ?? {};
      return [
        {
          method: 'PUT',
          address: cluster.address(pathOf(target)),
          body: JSON.stringify({
            metadata: { uid: uidOf(target), resourceVersion: version },
            roleRef: object['roleRef'],
            subjects: without(object, target),
          }),
        },
      ];
    },
    apply: (target, before, call) => remove(target, before, false, call),
    dryRun: (target, before, call) => remove(target, before, true, call),
    async observe(target, _, call) {
      const object = await current(target, call);
      if (object === null) return { state: 'target_absent', detail: 'The binding is not there.', facts: {} };
      const out = stateOf(object, target).subjects.length === 0;
      return {
        state: out ? 'in_effect' : 'not_in_effect',
        detail: `${target.name} ${out ? 'does not name' : 'names'} the subject.`,
        facts: { resourceVersion: textAt(metadataOf(object), 'resourceVersion') },
      };
    },
    probe: (target, _, call) => accessOf(cluster, target, call),
    undo: (target, { state }, call) =>
      alone(async () => {
        const object = await current(target, call);
        if (object === null) return outcome('target_absent', `${target.name} is not there any more.`);
        const now = stateOf(object, target);
        if (isEqual(now, state)) return outcome('already_in_state', `${target.name} is as it was.`);
        if (now.subjects.length > 0 || !isEqual(now.roleRef, state['roleRef'])) {
          return outcome('precondition_failed', `${target.name} was changed since.`);
        }
        const before = arrayAt(state, 'subjects').filter(isObject);
        return put(target, object, [...subjectsOf(object), ...before], false, call);
      }),
  };
}

/** What a binding gives the suspect. Others who stand in it are no part of it: they may change meanwhile. */
function stateOf(object: JsonObject, target: Target) {
  const suspect = suspectOfTarget(target);
  return {
    roleRef: objectAt(object, 'roleRef') ?? null,
    subjects: subjectsOf(object).filter((subject) => isSuspect(subject, suspect)),
  };
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

function uidOf({ id }: Target): string {
  return id.split('/')[0] ?? '';
}

function pathOf({ kind, attributes }: Target): string {
  const name = encodeURIComponent(String(attributes['binding']));
  return kind === 'cluster-role-binding'
    ? `${rbac}/clusterrolebindings/${name}`
    : `${rbac}/namespaces/${encodeURIComponent(String(attributes['namespace']))}/rolebindings/${name}`;
}
