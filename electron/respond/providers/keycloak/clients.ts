import { type JsonObject, textAt } from '#shared/domain/json.ts';
import type { ActionSpec } from '#shared/domain/response.ts';
import { furtherCall, outcome, partial } from '../../outcomes.ts';
import type { Action, CallContext, FoundTarget, ProviderIo } from '../../provider.ts';
import { stateAction } from '../../state-action.ts';
import { timeAction } from '../../time-action.ts';
import { type KeycloakRealm, part } from './realm.ts';
import { common, secondsNow, timeOf, tokensLive } from './users.ts';

const permissions = ['manage-clients'];

const disableSpec: ActionSpec = {
  ...common,
  id: 'client.disable',
  title: 'Disable the client',
  verb: 'credential.disable',
  reversibility: 'R0',
  stops: ['login', 'client_secret', 'refresh_token'],
  doesNotStop: [],
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  requiredPermissions: permissions,
  undo: {
    possible: true,
    waitSeconds: 0,
    note: 'Everybody who signs in through this client is hit meanwhile.',
  },
};
const pushSpec: ActionSpec = {
  ...common,
  id: 'client.push-not-before',
  title: 'Refuse the client’s tokens from before',
  verb: 'session.invalidate',
  reversibility: 'R2',
  stops: ['refresh_token'],
  doesNotStop: [],
  idempotency: 'none',
  precondition: null,
  requiredPermissions: permissions,
  undo: { possible: false, waitSeconds: 0, note: 'Everybody who uses the client signs in again.' },
};
const rotateSpec: ActionSpec = {
  ...common,
  id: 'client.rotate-secret',
  title: 'Give the client a new secret, and drop the old one',
  verb: 'credential.rotate',
  reversibility: 'R3',
  stops: ['client_secret'],
  doesNotStop: [
    {
      artefact: 'refresh_token',
      residualSeconds: null,
      coveredBy: ['session.invalidate'],
      note: 'Tokens that the client holds are ended by refusing those from before.',
    },
  ],
  idempotency: 'none',
  precondition: 'compare_snapshot',
  requiredPermissions: permissions,
  undo: {
    possible: false,
    waitSeconds: 0,
    note: 'Whoever runs the client fetches the new secret from Keycloak.',
  },
};

export function clientTarget(client: JsonObject): FoundTarget {
  return {
    kind: 'client',
    id: textAt(client, 'id') ?? '',
    name: textAt(client, 'clientId') ?? '',
    parent: null,
    createdAt: null,
    managedBy: null,
    attributes: { enabled: client['enabled'] === true, isPublic: client['publicClient'] === true },
  };
}

export function disableClientAction(realm: KeycloakRealm, io: ProviderIo, lifespan: number | null): Action {
  const write = async (id: string, enabled: boolean, call: CallContext) => {
    const client = await realm.get(`/clients/${part(id)}`, call);
    return realm.write(
      'PUT',
      `/clients/${part(id)}`,
      { ...withoutSecret(client), enabled },
      permissions,
      call,
    );
  };
  const call = (id: string, enabled: boolean) => ({
    method: 'PUT',
    address: realm.address(`/clients/${part(id)}`),
    body: JSON.stringify({ '…': 'the present representation', enabled }),
  });
  return stateAction({
    spec: { ...disableSpec, doesNotStop: [tokensLive(lifespan)] },
    io,
    async read({ id, name }, context) {
      const client = await realm.find(`/clients/${part(id)}`, context);
      if (client === null) return null;
      const enabled = client['enabled'] === true;
      return {
        state: { enabled },
        isDone: !enabled,
        detail: `${name} is ${enabled ? 'enabled' : 'disabled'}.`,
      };
    },
    calls: ({ id }) => [call(id, false)],
    undoCalls: ({ id }) => [call(id, true)],
    apply: ({ id }, _, context) => write(id, false, context),
    undo: ({ id }, _before, _now, context) => write(id, true, context),
  });
}

/** Without its secret a representation leaves it as it is. */
function withoutSecret(client: JsonObject): JsonObject {
  const { secret: _secret, access: _access, ...rest } = client;
  return rest;
}

export function pushClientAction(realm: KeycloakRealm, io: ProviderIo, lifespan: number | null): Action {
  return timeAction({
    spec: { ...pushSpec, doesNotStop: [tokensLive(lifespan)] },
    io,
    named: 'tokens are refused from before',
    async read({ id }, call) {
      const client = await realm.find(`/clients/${part(id)}`, call);
      return client === null ? null : { time: timeOf(client['notBefore']) };
    },
    calls: ({ id }) => [
      { method: 'PUT', address: realm.address(`/clients/${part(id)}`), body: '{"notBefore":"now"}' },
      { method: 'POST', address: realm.address(`/clients/${part(id)}/push-revocation`), body: null },
    ],
    async apply({ id }, call) {
      const client = await realm.get(`/clients/${part(id)}`, call);
      const changed = { ...withoutSecret(client), notBefore: secondsNow(io) };
      const set = await realm.write('PUT', `/clients/${part(id)}`, changed, permissions, call);
      if (set.kind !== 'applied') return set;
      const pushed = await furtherCall(() =>
        realm.write('POST', `/clients/${part(id)}/push-revocation`, null, permissions, call),
      );
      return pushed.kind === 'applied'
        ? set
        : partial(['notBefore'], ['push-revocation'], 'Set, but not pushed to the client.');
    },
  });
}

/** The secret is known by its fingerprint alone; the new one is fetched in Keycloak by whoever runs the client. */
export function rotateSecretAction(realm: KeycloakRealm, io: ProviderIo): Action {
  const fingerprint = async (id: string, call: CallContext): Promise<string | null> => {
    const secret = await realm.find(`/clients/${part(id)}/client-secret`, call);
    const value = textAt(secret ?? {}, 'value');
    return value === null ? null : io.fingerprint(value);
  };
  return {
    spec: rotateSpec,
    async snapshot({ id }, call) {
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: false,
        version: null,
        state: { secret: await fingerprint(id, call) },
      };
    },
    preview: async ({ id }) => [
      { method: 'POST', address: realm.address(`/clients/${part(id)}/client-secret`), body: null },
      { method: 'DELETE', address: realm.address(`/clients/${part(id)}/client-secret/rotated`), body: null },
    ],
    async apply({ id, name }, { state }, call) {
      const now = await fingerprint(id, call);
      if (now === null) return outcome('target_absent', `${name} has no secret.`);
      if (now !== textAt(state, 'secret')) {
        return outcome('precondition_failed', `The secret of ${name} was changed since.`);
      }
      const made = await realm.write('POST', `/clients/${part(id)}/client-secret`, null, permissions, call);
      if (made.kind !== 'applied') return made;
      // Where rotation is on, the old secret would go on for a time.
      const dropped = await furtherCall(() =>
        realm.write('DELETE', `/clients/${part(id)}/client-secret/rotated`, null, permissions, call),
      );
      return dropped.kind === 'applied' || dropped.kind === 'target_absent' || dropped.kind === 'unsupported'
        ? made
        : partial(['new secret'], ['old secret'], 'The old secret may go on for a time.');
    },
    async observe({ id, name }, { state }, call) {
      const now = await fingerprint(id, call);
      if (now === null) return { state: 'target_absent', detail: `${name} has no secret.`, facts: {} };
      const isNew = now !== textAt(state, 'secret');
      return {
        state: isNew ? 'in_effect' : 'not_in_effect',
        detail: `${name} has ${isNew ? 'another' : 'the same'} secret.`,
        facts: { secret: now },
      };
    },
    probe: null,
    undo: null,
    dryRun: null,
  };
}
