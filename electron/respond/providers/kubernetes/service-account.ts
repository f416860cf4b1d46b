import { type JsonObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Target } from '#shared/domain/response.ts';
import { outcome } from '../../outcomes.ts';
import type { Action, CallContext, FoundTarget, ProviderIo } from '../../provider.ts';
import { type Cluster, managerOf, metadataOf } from './cluster.ts';
import type { Suspect } from './subjects.ts';

type Account = Extract<Suspect, { kind: 'ServiceAccount' }>;

export function accountPath({ namespace, name }: Pick<Account, 'namespace' | 'name'>): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/serviceaccounts/${encodeURIComponent(name)}`;
}

export function accountTarget(object: JsonObject, { namespace, name }: Account): FoundTarget {
  const metadata = metadataOf(object);
  return {
    kind: 'service-account',
    id: textAt(metadata, 'uid') ?? '',
    name: `${namespace}/${name}`,
    parent: null,
    createdAt: textAt(metadata, 'creationTimestamp'),
    // The controller makes the account “default” of every namespace anew.
    managedBy: managerOf(object) ?? (name === 'default' ? 'the service account controller' : null),
    attributes: { namespace, account: name, user: `system:serviceaccount:${namespace}:${name}` },
  };
}

const spec: ActionSpec = {
  id: 'service-account.delete',
  title: 'Delete the service account, which ends its tokens',
  verb: 'identity.disable',
  reversibility: 'R1',
  stops: ['access_token', 'api_key'],
  doesNotStop: [
    {
      artefact: 'open_connection',
      residualSeconds: null,
      coveredBy: ['session.terminate'],
      note: 'Pods of the account keep running, with what else they hold; watches and exec sessions that are open go on.',
    },
    {
      artefact: 'role_session',
      residualSeconds: null,
      coveredBy: ['deny.attach', 'session.invalidate'],
      note: 'Credentials of a cloud that were taken with its tokens are that cloud’s.',
    },
  ],
  idempotency: 'precondition',
  precondition: 'uid',
  nativeDryRun: true,
  requiredPermissions: ['delete serviceaccounts', 'create serviceaccounts'],
  rateLimit: 'API priority and fairness',
  // The API server keeps that a token is good for 10 seconds.
  settle: { typicalMs: 9_000, maxMs: 15_000 },
  beyondReach: null,
  undo: {
    possible: true,
    waitSeconds: 0,
    note: 'It gets a new uid: tokens from before stay dead, pods have to be started again, and legacy token Secrets are lost.',
  },
};

/** Deletes the account by its uid. Tokens are bound to the uid: one of the same name does not revive them. */
export function deleteAccountAction(cluster: Cluster, io: ProviderIo): Action {
  const current = async (target: Target, call: CallContext): Promise<JsonObject | null> => {
    const object = await cluster.find(pathOf(target), call);
    return textAt(metadataOf(object), 'uid') === target.id ? object : null;
  };
  const remove = async (target: Target, version: string | null, isDryRun: boolean, call: CallContext) => {
    if ((await current(target, call)) === null) {
      return outcome('target_absent', `${target.name} with the uid ${target.id} is not there.`);
    }
    const { outcome: came } = await cluster.write(
      'DELETE',
      pathOf(target),
      deleteOptions(target, version),
      { isDryRun, permissions: ['delete serviceaccounts'] },
      call,
    );
    return came;
  };
  return {
    spec,
    async snapshot(target, call) {
      const object = await current(target, call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: object === null,
        version: textAt(metadataOf(object), 'resourceVersion'),
        state: { serviceAccount: object === null ? null : withoutServerFields(object) },
      };
    },
    preview: async (target, { version }) => [
      {
        method: 'DELETE',
        address: cluster.address(pathOf(target)),
        body: JSON.stringify(deleteOptions(target, version)),
      },
    ],
    apply: (target, { version }, call) => remove(target, version, false, call),
    dryRun: (target, { version }, call) => remove(target, version, true, call),
    async observe(target, _, call) {
      const object = await current(target, call);
      const isLeaving = textAt(metadataOf(object), 'deletionTimestamp') !== null;
      return {
        state: object === null ? 'in_effect' : isLeaving ? 'unknown' : 'not_in_effect',
        detail:
          object === null
            ? 'No service account has this uid.'
            : isLeaving
              ? 'The service account waits for its finalizers; its tokens end 60 seconds after the deletion.'
              : 'The service account is there.',
        facts: { uid: textAt(metadataOf(object), 'uid') },
      };
    },
    probe: null,
    async undo(target, { state }, call) {
      const before = objectAt(state, 'serviceAccount');
      if (before === undefined) return outcome('precondition_failed', 'There was no service account before.');
      const there = await cluster.find(pathOf(target), call);
      if (there !== null) {
        const uid = textAt(metadataOf(there), 'uid');
        return uid === target.id
          ? outcome('already_in_state', `${target.name} is there.`)
          : outcome('precondition_failed', `${target.name} was made again by somebody else.`, { uid });
      }
      const collection = pathOf(target).replace(/\/[^/]+$/, '');
      const options = { isDryRun: false, permissions: ['create serviceaccounts'] };
      const { outcome: came, object } = await cluster.write('POST', collection, before, options, call);
      const newId = textAt(metadataOf(object), 'uid');
      return came.kind === 'applied' && newId !== null ? { ...came, newId } : came;
    },
  };
}

function deleteOptions({ id }: Target, resourceVersion: string | null): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid: id, ...(resourceVersion === null ? {} : { resourceVersion }) },
  };
}

/** What a creation must not bring along: the server gives it. */
function withoutServerFields(object: JsonObject): JsonObject {
  const {
    uid: _uid,
    resourceVersion: _version,
    creationTimestamp: _created,
    managedFields: _fields,
    selfLink: _link,
    generation: _generation,
    ...metadata
  } = metadataOf(object);
  return { apiVersion: 'v1', kind: 'ServiceAccount', ...object, metadata };
}

function pathOf({ attributes }: Target): string {
  return accountPath({ namespace: String(attributes['namespace']), name: String(attributes['account']) });
}
