import { arrayAt, objectAt, textAt } from '#shared/domain/json.ts';
import {
  type ActionList,
  type CallContext,
  type FoundTarget,
  type Permission,
  type Provider,
  ProviderError,
  type ProviderIo,
  type ProviderType,
} from '../../provider.ts';
import { sweepParts } from '../../sweep-parts.ts';
import { realmAdministrators } from './administrators.ts';
import { clientTarget, disableClientAction, pushClientAction, rotateSecretAction } from './clients.ts';
import { type KeycloakConfig, keycloakConfig } from './config.ts';
import { heldActions, heldBy } from './held.ts';
import { KeycloakRealm, part } from './realm.ts';
import { disableUserAction, isUser, logoutAction, pushRealmAction, userTarget } from './users.ts';

const permissions: readonly Permission[] = [
  { name: 'view-realm', neededFor: 'read', why: 'to know the realm and how long its tokens live' },
  { name: 'view-users', neededFor: 'read', why: 'to find users and what they hold' },
  { name: 'view-clients', neededFor: 'read', why: 'to find clients and the realm’s administrators' },
  {
    name: 'manage-users',
    neededFor: 'user.disable',
    why: 'to disable and log out users, and take away what they hold',
  },
  { name: 'manage-clients', neededFor: 'client.disable', why: 'to disable clients and change their secrets' },
  {
    name: 'manage-realm',
    neededFor: 'realm.push-not-before',
    why: 'to refuse everybody’s tokens from before',
  },
];

/** Keycloak: users, clients, and what they hold in one realm. */
export const keycloak: ProviderType<KeycloakConfig> = {
  type: 'keycloak',
  title: 'Keycloak',
  config: keycloakConfig,
  secrets: [{ name: 'clientSecret', title: 'Secret of the client that acts', required: true }],
  permissions,
  provedOn: 'contract-fake',
  origins: ({ url }) => [new URL(url).origin],
  open: (config, io) => openKeycloak(config, io),
};

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function openKeycloak(config: KeycloakConfig, io: ProviderIo): Provider {
  const realm = new KeycloakRealm(config, io);
  const held = heldActions(realm, io);
  const whoami = async (call: CallContext): ReturnType<Provider['whoami']> => {
    const [own, claims] = [await realm.get('', call), await realm.claims(call)];
    const [tenant, subject] = [textAt(own, 'id'), textAt(claims, 'sub')];
    if (tenant === null || subject === null) {
      throw new ProviderError('protocol', 'Keycloak did not say which realm this is, or who asks.');
    }
    const isHere = config.loginRealm === undefined || config.loginRealm === config.realm;
    const [client] = isHere ? await realm.list(`/clients?clientId=${part(config.clientId)}`, call) : [];
    const clientId = textAt(client, 'id');
    return {
      tenant,
      tenantName: textAt(own, 'realm') ?? config.realm,
      operator: clientId === null ? [subject] : [subject, clientId],
      operatorName: textAt(claims, 'preferred_username') ?? config.clientId,
    };
  };
  return {
    whoami,
    async test(call) {
      const roles = await ownRoles(realm, config, call);
      const names = permissions.map(({ name }) => name);
      const missing = roles === null ? [] : names.filter((name) => !roles.has(name));
      if (!missing.includes('view-realm')) {
        const notes = ['Federated users can be disabled here only where their federation is writable.'];
        return { identity: await whoami(call), missing, unchecked: roles === null ? names : [], notes };
      }
      const identity = {
        tenant: config.realm,
        tenantName: config.realm,
        operator: [config.clientId],
        operatorName: config.clientId,
      };
      return { identity, missing, unchecked: [], notes: ['Without view-realm the realm cannot be told.'] };
    },
    async resolve({ kind, id, aliases }, call) {
      if (kind !== 'identity') return { targets: [], ambiguous: [], notes: [] };
      const found = new Map<string, FoundTarget>();
      for (const name of new Set([id, ...aliases])) {
        for (const target of await find(realm, name, call)) found.set(target.id, target);
      }
      const targets = [...found.values()];
      return targets.length > 1
        ? { targets: [], ambiguous: targets, notes: [] }
        : { targets, ambiguous: [], notes: [] };
    },
    descendants: (target, call) => (isUser(target) ? heldBy(realm, target, call) : Promise.resolve([])),
    async actions(target, call): Promise<ActionList> {
      if (target.kind !== 'user' && target.kind !== 'client') {
        const action = Object.entries(held).find(([kind]) => kind === target.kind)?.[1];
        return { actions: action === undefined ? [] : [action], missing: [] };
      }
      const lifespan = Number((await realm.get('', call))['accessTokenLifespan']);
      const seconds = Number.isFinite(lifespan) ? lifespan : null;
      if (isUser(target)) {
        return {
          actions: [
            disableUserAction(realm, io, seconds),
            logoutAction(realm, io, seconds),
            pushRealmAction(realm, io, seconds),
          ],
          missing:
            target.managedBy === null
              ? []
              : [
                  {
                    control: `${target.name} comes from ${target.managedBy}`,
                    consequence: 'The next synchronisation may enable the user again.',
                    advice:
                      'Disable the account in the directory first; this provider is then sourced from it.',
                  },
                ],
        };
      }
      const rotate = target.attributes['isPublic'] === true ? [] : [rotateSecretAction(realm, io)];
      return {
        actions: [disableClientAction(realm, io, seconds), pushClientAction(realm, io, seconds), ...rotate],
        missing: [],
      };
    },
    administrators: (call) => realmAdministrators(realm, call),
    sweep: (since, targets, call) =>
      sweepParts(
        async () => {
          const users = (await realm.pages('/users?briefRepresentation=true', call)).map(userTarget);
          const why = 'Created since the incident began.';
          return users.filter((target) => isSince(target, since)).map((target) => ({ target, why }));
        },
        ...targets.filter(isUser).map((user) => async () => {
          const held = await heldBy(realm, user, call);
          const why = `${user.name} got it since the incident began.`;
          return held.filter((target) => isSince(target, since)).map((target) => ({ target, why }));
        }),
      ),
    close: () => Promise.resolve(),
  };
}

/** Users by id, name or mail address; clients by either id. */
async function find(realm: KeycloakRealm, name: string, call: CallContext): Promise<FoundTarget[]> {
  if (name === '') return [];
  if (uuid.test(name)) {
    const [user, client] = await Promise.all([
      realm.find(`/users/${part(name)}`, call),
      realm.find(`/clients/${part(name)}`, call),
    ]);
    return [...(user === null ? [] : [userTarget(user)]), ...(client === null ? [] : [clientTarget(client)])];
  }
  const users = [
    ...(await realm.list(`/users?exact=true&username=${part(name)}`, call)),
    ...(name.includes('@') ? await realm.list(`/users?exact=true&email=${part(name)}`, call) : []),
  ];
  const clients = await realm.list(`/clients?clientId=${part(name)}`, call);
  return [...users.map(userTarget), ...clients.map(clientTarget)];
}

/**
 * Roles of the client in the realm, as its token carries them: of the realm’s own management client, or of the client
 * that stands for the realm in the realm where it is registered. Null where the token carries none at all.
 */
async function ownRoles(
  realm: KeycloakRealm,
  { realm: name, loginRealm }: KeycloakConfig,
  call: CallContext,
): Promise<Set<string> | null> {
  const access = objectAt(await realm.claims(call), 'resource_access');
  if (access === undefined) return null;
  const isHere = loginRealm === undefined || loginRealm === name;
  const roles = arrayAt(objectAt(access, isHere ? 'realm-management' : `${name}-realm`), 'roles').map(String);
  const all = roles.includes('realm-admin') ? permissions.map(({ name: role }) => role) : roles;
  // Managing includes viewing (Keycloak documentation, “Dedicated realm admin consoles”).
  return new Set([...all, ...all.map((role) => role.replace(/^manage-/, 'view-'))]);
}

function isSince({ createdAt }: FoundTarget, since: number): boolean {
  return createdAt !== null && Date.parse(createdAt) >= since;
}
