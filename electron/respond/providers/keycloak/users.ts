import { type JsonObject, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Enforcement, Remainder, Target } from '#shared/domain/response.ts';
import { furtherCall, partial } from '../../outcomes.ts';
import { type Action, type FoundTarget, ProviderError, type ProviderIo } from '../../provider.ts';
import { stateAction } from '../../state-action.ts';
import { timeAction } from '../../time-action.ts';
import { type KeycloakRealm, part } from './realm.ts';

export const common = {
  nativeDryRun: false,
  rateLimit: null,
  settle: { typicalMs: 200, maxMs: 10_000 },
  beyondReach: null,
} as const;

/** Tokens that were issued live as long as the realm says. */
export function tokensLive(lifespanSeconds: number | null): Remainder {
  return {
    artefact: 'access_token',
    residualSeconds: lifespanSeconds,
    coveredBy: [],
    note: 'Applications that check access tokens by themselves accept them until they expire: as long as the realm says, unless a client says longer.',
  };
}

const elsewhere: Remainder = {
  artefact: 'app_session',
  residualSeconds: null,
  coveredBy: ['session.terminate'],
  note: 'Applications without back-channel logout go on with sessions of their own, and so does an external identity provider.',
};

const disableSpec: ActionSpec = {
  ...common,
  id: 'user.disable',
  title: 'Disable the user',
  verb: 'identity.disable',
  reversibility: 'R0',
  stops: ['login', 'refresh_token'],
  doesNotStop: [
    {
      artefact: 'web_session',
      residualSeconds: null,
      coveredBy: ['session.invalidate'],
      note: 'Sessions stay open at applications until the user is logged out.',
    },
    elsewhere,
  ],
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  requiredPermissions: ['manage-users'],
  undo: { possible: true, waitSeconds: 0, note: '' },
};

/** The whole representation is written back: what is left out of a `PUT` may be taken as removed. */
export function disableUserAction(realm: KeycloakRealm, io: ProviderIo, lifespan: number | null): Action {
  const spec = { ...disableSpec, doesNotStop: [...disableSpec.doesNotStop, tokensLive(lifespan)] };
  return stateAction({
    spec,
    io,
    async read({ id, name }, call) {
      const user = await realm.find(`/users/${part(id)}`, call);
      if (user === null) return null;
      const enabled = user['enabled'] === true;
      return {
        state: { enabled },
        isDone: !enabled,
        detail: `${name} is ${enabled ? 'enabled' : 'disabled'}.`,
      };
    },
    calls: ({ id }) => [putCall(realm, id, false)],
    undoCalls: ({ id }) => [putCall(realm, id, true)],
    apply: async ({ id }, _, call) => {
      const user = await realm.get(`/users/${part(id)}`, call);
      return realm.write(
        'PUT',
        `/users/${part(id)}`,
        { ...writable(user), enabled: false },
        spec.requiredPermissions,
        call,
      );
    },
    undo: async ({ id }, _before, _now, call) => {
      const user = await realm.get(`/users/${part(id)}`, call);
      return realm.write(
        'PUT',
        `/users/${part(id)}`,
        { ...writable(user), enabled: true },
        spec.requiredPermissions,
        call,
      );
    },
  });
}

function putCall(realm: KeycloakRealm, id: string, enabled: boolean) {
  return {
    method: 'PUT',
    address: realm.address(`/users/${part(id)}`),
    body: JSON.stringify({ '…': 'the present representation', enabled }),
  };
}

/** Members that Keycloak computes. */
function writable(user: JsonObject): JsonObject {
  const { access: _access, userProfileMetadata: _metadata, ...rest } = user;
  return rest;
}

const logoutSpec: ActionSpec = {
  ...common,
  id: 'user.logout',
  title: 'Log the user out everywhere, and refuse tokens from before',
  verb: 'session.invalidate',
  reversibility: 'R2',
  stops: ['web_session', 'refresh_token'],
  doesNotStop: [
    {
      artefact: 'login',
      residualSeconds: null,
      coveredBy: ['identity.disable'],
      note: 'The user signs in again at once unless disabled.',
    },
    elsewhere,
  ],
  idempotency: 'none',
  precondition: null,
  requiredPermissions: ['manage-users'],
  undo: { possible: false, waitSeconds: 0, note: 'The user signs in again.' },
};

/** `logout` sets the user's `notBefore`, which ends offline tokens too; ending single sessions does not. */
export function logoutAction(realm: KeycloakRealm, io: ProviderIo, lifespan: number | null): Action {
  const spec = { ...logoutSpec, doesNotStop: [...logoutSpec.doesNotStop, tokensLive(lifespan)] };
  return timeAction({
    spec,
    io,
    named: 'tokens are refused from before',
    async read({ id }, call) {
      const user = await realm.find(`/users/${part(id)}`, call);
      return user === null ? null : { time: timeOf(user['notBefore']) };
    },
    calls: ({ id }) => [{ method: 'POST', address: realm.address(`/users/${part(id)}/logout`), body: null }],
    apply: ({ id }, call) =>
      realm.write('POST', `/users/${part(id)}/logout`, null, spec.requiredPermissions, call),
    async probe({ id, name }, _, call): Promise<Enforcement> {
      const sessions = await realm.list(`/users/${part(id)}/sessions`, call);
      const old = sessions.filter((session) => Number(session['start'] ?? 0) < call.since);
      return {
        state: old.length === 0 ? 'denied' : 'still_allowed',
        method: 'live_list',
        artefacts: ['web_session'],
        detail: `${name} has ${old.length === 0 ? 'no' : old.length} sessions from before.`,
        facts: { sessions: sessions.length, old: old.length },
      };
    },
  });
}

const pushSpec: ActionSpec = {
  ...common,
  id: 'realm.push-not-before',
  title: 'Refuse everybody’s tokens from before, in the whole realm',
  verb: 'session.invalidate',
  reversibility: 'R4',
  stops: ['web_session', 'refresh_token'],
  doesNotStop: [elsewhere],
  idempotency: 'none',
  precondition: null,
  requiredPermissions: ['manage-realm'],
  undo: { possible: false, waitSeconds: 0, note: 'Everybody signs in again.' },
};

/** The realm's `notBefore`, pushed to the clients that have an address for it. */
export function pushRealmAction(realm: KeycloakRealm, io: ProviderIo, lifespan: number | null): Action {
  const spec = { ...pushSpec, doesNotStop: [...pushSpec.doesNotStop, tokensLive(lifespan)] };
  const permissions = spec.requiredPermissions;
  return timeAction({
    spec,
    io,
    named: `tokens of ${realm.name} are refused from before`,
    read: async (_, call) => ({ time: timeOf((await realm.get('', call))['notBefore']) }),
    calls: () => [
      { method: 'PUT', address: realm.address(''), body: '{"notBefore":"now"}' },
      { method: 'POST', address: realm.address('/push-revocation'), body: null },
    ],
    async apply(_, call) {
      const set = await realm.write('PUT', '', { notBefore: secondsNow(io) }, permissions, call);
      if (set.kind !== 'applied') return set;
      const pushed = await furtherCall(() =>
        realm.write('POST', '/push-revocation', null, permissions, call),
      );
      return pushed.kind === 'applied'
        ? set
        : partial(['notBefore'], ['push-revocation'], 'Set, but not pushed to the clients.');
    },
  });
}

/** Keycloak counts `notBefore` in seconds of the epoch; 0 is never. */
export function timeOf(seconds: unknown): string | null {
  return typeof seconds === 'number' && seconds > 0 ? new Date(seconds * 1_000).toISOString() : null;
}

export function secondsNow(io: ProviderIo): number {
  return Math.floor(io.clock.now() / 1_000);
}

export function userTarget(user: JsonObject): FoundTarget {
  const id = textAt(user, 'id');
  if (id === null) throw new ProviderError('protocol', 'Keycloak answered a user without an id.');
  const created = user['createdTimestamp'];
  return {
    kind: 'user',
    id,
    name: textAt(user, 'username') ?? id,
    parent: null,
    createdAt: typeof created === 'number' ? new Date(created).toISOString() : null,
    managedBy:
      textAt(user, 'federationLink') === null ? null : 'a user federation (a directory behind Keycloak)',
    attributes: { enabled: user['enabled'] === true, mail: textAt(user, 'email') },
  };
}

export function isUser({ kind }: Pick<Target, 'kind'>): boolean {
  return kind === 'user';
}
