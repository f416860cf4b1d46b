import { type JsonObject, arrayAt, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Enforcement, Outcome, Target } from '#shared/domain/response.ts';
import type { Action, CallContext, FoundTarget, ProviderIo } from '../../provider.ts';
import { stateAction } from '../../state-action.ts';
import { type KeycloakRealm, part } from './realm.ts';
import { common } from './users.ts';

const permissions = ['manage-users'];
const grantsLive = {
  artefact: 'access_token',
  residualSeconds: null,
  coveredBy: ['session.invalidate'],
  note: 'Tokens carry it until they are renewed or expire.',
} as const;

const roleSpec: ActionSpec = {
  ...common,
  id: 'role-mapping.remove',
  title: 'Take the role away',
  verb: 'grant.remove',
  reversibility: 'R0',
  stops: ['grant'],
  doesNotStop: [grantsLive],
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  requiredPermissions: permissions,
  undo: { possible: true, waitSeconds: 0, note: '' },
};
const groupSpec: ActionSpec = {
  ...roleSpec,
  id: 'group-membership.remove',
  title: 'Take the user out of the group',
  stops: ['membership'],
};
const consentSpec: ActionSpec = {
  ...common,
  id: 'consent.revoke',
  title: 'Revoke the consent and the offline tokens of the client',
  verb: 'token.revoke',
  reversibility: 'R2',
  stops: ['consent', 'refresh_token'],
  doesNotStop: [grantsLive],
  idempotency: 'state_convergent',
  precondition: 'uid',
  requiredPermissions: permissions,
  undo: { possible: false, waitSeconds: 0, note: 'The user consents again.' },
};
const credentialSpec: ActionSpec = {
  ...common,
  id: 'credential.delete',
  title: 'Delete the credential',
  verb: 'credential.delete',
  reversibility: 'R3',
  stops: ['mfa_factor'],
  doesNotStop: [
    {
      artefact: 'web_session',
      residualSeconds: null,
      coveredBy: ['session.invalidate'],
      note: 'Sessions that it opened go on until the user is logged out.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'uid',
  requiredPermissions: permissions,
  undo: { possible: false, waitSeconds: 0, note: 'The user sets it up again.' },
};
const passwordSpec: ActionSpec = {
  ...credentialSpec,
  id: 'password.delete',
  title: 'Delete the password',
  stops: ['password'],
};

interface Held {
  readonly kind: 'role-mapping' | 'group-membership' | 'consent' | 'password' | 'credential';
  readonly key: string;
  readonly name: string;
  readonly createdAt: string | null;
  readonly attributes: FoundTarget['attributes'];
}

/** Roles, groups, consents with offline tokens, and credentials of a user. */
export async function heldBy(
  realm: KeycloakRealm,
  { id }: Pick<Target, 'id'>,
  call: CallContext,
): Promise<FoundTarget[]> {
  const [roles, groups, consents, credentials] = await Promise.all([
    rolesOf(realm, id, call),
    groupsOf(realm, id, call),
    consentsOf(realm, id, call),
    credentialsOf(realm, id, call),
  ]);
  return [...roles, ...groups, ...consents, ...credentials].map(
    ({ kind, key, name, createdAt, attributes }) => ({
      kind,
      id: `${id}/${key}`,
      name,
      parent: id,
      createdAt,
      managedBy: null,
      attributes: { ...attributes, user: id, key },
    }),
  );
}

function rolesIn(list: readonly unknown[], client: string | null, prefix: string): Held[] {
  return list.filter(isObject).map((role) => ({
    kind: 'role-mapping',
    key: textAt(role, 'id') ?? '',
    name: `${prefix}${textAt(role, 'name') ?? ''}`,
    createdAt: null,
    attributes: { role: textAt(role, 'name'), client },
  }));
}

async function rolesOf(realm: KeycloakRealm, user: string, call: CallContext): Promise<Held[]> {
  const mappings = await realm.get(`/users/${part(user)}/role-mappings`, call);
  const clients = Object.values(objectAt(mappings, 'clientMappings') ?? {}).filter(isObject);
  return [
    ...rolesIn(arrayAt(mappings, 'realmMappings'), null, ''),
    ...clients.flatMap((client) =>
      rolesIn(arrayAt(client, 'mappings'), textAt(client, 'id'), `${textAt(client, 'client') ?? ''}/`),
    ),
  ];
}

async function groupsOf(realm: KeycloakRealm, user: string, call: CallContext): Promise<Held[]> {
  return (await realm.pages(`/users/${part(user)}/groups`, call)).map((group) => ({
    kind: 'group-membership',
    key: textAt(group, 'id') ?? '',
    name: textAt(group, 'path') ?? textAt(group, 'name') ?? '',
    createdAt: null,
    attributes: {},
  }));
}

async function consentsOf(realm: KeycloakRealm, user: string, call: CallContext): Promise<Held[]> {
  return (await realm.list(`/users/${part(user)}/consents`, call)).map((consent) => ({
    kind: 'consent',
    key: textAt(consent, 'clientId') ?? '',
    name: textAt(consent, 'clientId') ?? '',
    createdAt: timeText(consent['createdDate']),
    attributes: { offline: arrayAt(consent, 'additionalGrants').length > 0 },
  }));
}

async function credentialsOf(realm: KeycloakRealm, user: string, call: CallContext): Promise<Held[]> {
  return (await realm.list(`/users/${part(user)}/credentials`, call)).map((credential) => ({
    kind: textAt(credential, 'type') === 'password' ? 'password' : 'credential',
    key: textAt(credential, 'id') ?? '',
    name: textAt(credential, 'userLabel') ?? textAt(credential, 'type') ?? '',
    createdAt: timeText(credential['createdDate']),
    attributes: { type: textAt(credential, 'type') },
  }));
}

function timeText(milliseconds: JsonObject['x']): string | null {
  return typeof milliseconds === 'number' && milliseconds > 0 ? new Date(milliseconds).toISOString() : null;
}

export function heldActions(realm: KeycloakRealm, io: ProviderIo): Readonly<Record<Held['kind'], Action>> {
  return {
    'role-mapping': heldAction(realm, io, roleSpec, rolesOf, {
      remove: { method: 'DELETE', path: rolesPath, body: rolesBody },
      give: { method: 'POST', path: rolesPath, body: rolesBody },
      probe: (target, _, call) => effectiveRole(realm, target, call),
    }),
    'group-membership': heldAction(realm, io, groupSpec, groupsOf, {
      remove: { method: 'DELETE', path: inCollection('groups'), body: nothing },
      give: { method: 'PUT', path: inCollection('groups'), body: nothing },
    }),
    consent: heldAction(realm, io, consentSpec, consentsOf, withoutReturn('consents')),
    password: heldAction(realm, io, passwordSpec, credentialsOf, withoutReturn('credentials')),
    credential: heldAction(realm, io, credentialSpec, credentialsOf, withoutReturn('credentials')),
  };
}

interface Change {
  readonly method: 'PUT' | 'POST' | 'DELETE';
  readonly path: (target: Target) => string;
  readonly body: (target: Target) => unknown;
}

interface HeldChanges {
  readonly remove: Change;
  readonly give: Change | null;
  readonly probe?: Action['probe'];
}

function withoutReturn(collection: string): HeldChanges {
  return { remove: { method: 'DELETE', path: inCollection(collection), body: nothing }, give: null };
}

function heldAction(
  realm: KeycloakRealm,
  io: ProviderIo,
  spec: ActionSpec,
  list: (realm: KeycloakRealm, user: string, call: CallContext) => Promise<Held[]>,
  { remove, give, probe }: HeldChanges,
): Action {
  const planned = ({ method, path, body }: Change, target: Target) => {
    const content = body(target);
    return [
      {
        method,
        address: realm.address(path(target)),
        body: content === null ? null : JSON.stringify(content),
      },
    ];
  };
  const send = ({ method, path, body }: Change, target: Target, call: CallContext): Promise<Outcome> =>
    realm.write(method, path(target), body(target), permissions, call);
  return stateAction({
    spec,
    io,
    async read(target, call) {
      const { user, key } = target.attributes;
      if ((await realm.find(`/users/${part(String(user))}`, call)) === null) return null;
      const there = (await list(realm, String(user), call)).some((held) => held.key === String(key));
      return {
        state: { there },
        isDone: !there,
        detail: `${target.name} is ${there ? 'there' : 'not there'}.`,
      };
    },
    probe: probe ?? null,
    calls: (target) => planned(remove, target),
    apply: (target, _, call) => send(remove, target, call),
    ...(give === null
      ? { undo: null }
      : {
          undo: (target: Target, _before: unknown, _now: unknown, call: CallContext) =>
            send(give, target, call),
          undoCalls: (target: Target) => planned(give, target),
        }),
  });
}

function nothing(): null {
  return null;
}

function inCollection(collection: string): (target: Target) => string {
  return ({ attributes }) =>
    `/users/${part(String(attributes['user']))}/${collection}/${part(String(attributes['key']))}`;
}

function rolesPath({ attributes }: Target): string {
  const { user, client } = attributes;
  const place = client === null || client === undefined ? 'realm' : `clients/${part(String(client))}`;
  return `/users/${part(String(user))}/role-mappings/${place}`;
}

/** Whether the user has the role still, by a group or within another role. */
async function effectiveRole(realm: KeycloakRealm, target: Target, call: CallContext): Promise<Enforcement> {
  const roles = await realm.list(`${rolesPath(target)}/composite`, call);
  const has = roles.some((role) => textAt(role, 'id') === target.attributes['key']);
  return {
    state: has ? 'still_allowed' : 'denied',
    method: 'live_list',
    artefacts: ['grant'],
    detail: `${target.name} is ${has ? 'still in force, by a group or another role' : 'not in force'}.`,
    facts: { roles: roles.length },
  };
}

function rolesBody({ attributes }: Target): unknown {
  return [{ id: attributes['key'], name: attributes['role'] }];
}
