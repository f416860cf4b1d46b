import { z } from 'zod';
import { type JsonObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { Target } from '#shared/domain/response.ts';
import { endpointUrl } from '../../endpoint.ts';
import {
  type CallContext,
  type FoundTarget,
  type Permission,
  type Provider,
  ProviderError,
  type ProviderIo,
  type ProviderType,
} from '../../provider.ts';
import { sweepParts } from '../../sweep-parts.ts';
import { manageTokens, readTokens, revokeApiTokenAction, tokensOf, unlistedTokens } from './api-tokens.ts';
import { OktaOrg } from './org.ts';
import { clearSessionsAction } from './sessions.ts';
import { suspendAction } from './suspend.ts';
import { noUniversalLogout, universalLogout, universalLogoutAction } from './universal-logout.ts';

const config = z.strictObject({
  url: endpointUrl('https').describe('the organization’s own address, e.g. https://example.okta.com'),
  clientId: z
    .string()
    .regex(/^[\w-]{1,100}$/)
    .describe('id of the service app that acts'),
});
export type OktaConfig = z.output<typeof config>;

const permissions: readonly Permission[] = [
  { name: 'okta.users.read', neededFor: 'read', why: 'to find the user and read the status back' },
  { name: 'okta.logs.read', neededFor: 'read', why: 'to see that sessions were cleared' },
  { name: 'okta.users.manage', neededFor: 'user.suspend', why: 'to suspend and unsuspend the user' },
  { name: 'okta.users.manage', neededFor: 'user.clear-sessions', why: 'to clear sessions and tokens' },
  {
    name: universalLogout,
    neededFor: 'user.universal-logout',
    why: 'to log the user out of applications and revoke all tokens',
  },
  { name: readTokens, neededFor: 'read', why: 'to find API tokens that the user has made' },
  { name: manageTokens, neededFor: 'api-token.revoke', why: 'to revoke API tokens' },
];

/**
 * Okta: suspends users and clears their sessions and tokens. A service app acts, with a private key and scopes (no
 * SSWS token, which is a person’s and may do all that they may); proof of possession (DPoP) has to be off for it.
 * REST is called directly: the SDK repeats throttled calls by itself, and the journal must know of every call.
 */
export const okta: ProviderType<OktaConfig> = {
  type: 'okta',
  title: 'Okta',
  config,
  secrets: [{ name: 'privateKey', title: 'RSA private key of the service app (PEM)', required: true }],
  permissions,
  provedOn: 'contract-fake',
  origins: ({ url }) => [new URL(url).origin],
  open: (settings, io) => openOkta(settings, io),
};

function openOkta(settings: OktaConfig, io: ProviderIo): Provider {
  const org = new OktaOrg(settings, io);
  const actions = [suspendAction(org, io), clearSessionsAction(org, io)];
  const logout = universalLogoutAction(org, io);
  const revokeToken = revokeApiTokenAction(org, io);
  const whoami = async (call: CallContext): ReturnType<Provider['whoami']> => {
    const id = await org.id(call);
    // An access token for the app is what proves that the key is the app’s.
    await org.grants('okta.users.read', call);
    return {
      tenant: id,
      tenantName: settings.url,
      operator: [settings.clientId],
      operatorName: 'service app',
    };
  };
  return {
    whoami,
    async test(call) {
      const identity = await whoami(call);
      const missing: string[] = [];
      for (const scope of new Set(permissions.map(({ name }) => name))) {
        if (!(await org.grants(scope, call))) missing.push(scope);
      }
      return {
        identity,
        missing,
        unchecked: [],
        notes: ['The service app also needs an admin role that holds the users: scopes do not say which.'],
      };
    },
    async resolve({ kind, id, aliases }, call) {
      if (kind !== 'identity') return { targets: [], ambiguous: [], notes: [] };
      const found = new Map<string, FoundTarget>();
      for (const name of new Set([id, ...aliases])) {
        const exact = await org.user(name, call);
        const users =
          exact === null ? await org.users(`profile.email eq ${JSON.stringify(name)}`, call) : [exact];
        for (const user of users) found.set(textAt(user, 'id') ?? '', targetOf(user));
      }
      const targets = [...found.values()];
      return targets.length > 1
        ? { targets: [], ambiguous: targets, notes: [] }
        : { targets, ambiguous: [], notes: [] };
    },
    descendants: (target, call) =>
      target.kind === 'user' ? tokensOf(org, target, call) : Promise.resolve([]),
    async actions({ kind }, call) {
      if (kind === 'user') {
        const unlisted = await unlistedTokens(org, call);
        return (await org.grants(universalLogout, call))
          ? { actions: [...actions, logout], missing: unlisted }
          : { actions, missing: [noUniversalLogout, ...unlisted] };
      }
      return { actions: kind === 'api-token' ? [revokeToken] : [], missing: [] };
    },
    administrators: () => Promise.resolve(null),
    sweep: (since, targets, call) =>
      sweepParts(
        async () => {
          const users = await org.search(`created ge "${new Date(since).toISOString()}"`, call);
          return users.map((user) => ({ target: targetOf(user), why: 'Created since the incident began.' }));
        },
        () => reactivated(org, since, targets, call),
        () => newTokens(org, since, targets, call),
      ),
    close: () => Promise.resolve(),
  };
}

async function newTokens(org: OktaOrg, since: number, targets: readonly Target[], call: CallContext) {
  const users = targets.filter(({ kind }) => kind === 'user');
  const found = await Promise.all(users.map((user) => tokensOf(org, user, call)));
  return found
    .flat()
    .filter(({ createdAt }) => createdAt !== null && Date.parse(createdAt) >= since)
    .map((target) => ({ target, why: 'An API token that was made since the incident began.' }));
}

/** Suspects that were made active since: an import from a directory does that. */
async function reactivated(org: OktaOrg, since: number, targets: readonly Target[], call: CallContext) {
  const found = await Promise.all(
    targets
      .filter(({ kind }) => kind === 'user')
      .map(async ({ id }) => {
        const user = await org.user(id, call);
        const changed = Date.parse(textAt(user ?? {}, 'statusChanged') ?? '');
        const isActive = user !== null && textAt(user, 'status') === 'ACTIVE' && changed >= since;
        return isActive ? [{ target: targetOf(user), why: 'Made active since the incident began.' }] : [];
      }),
  );
  return found.flat();
}

/**
 * `credentials.provider.type` says who checks the password. Users out of a directory are made active again by its
 * import (Okta documentation, “Lifecycle”): they are to be disabled there first.
 */
const directories: Readonly<Record<string, string>> = {
  ACTIVE_DIRECTORY: 'Active Directory',
  LDAP: 'an LDAP directory',
  IMPORT: 'an import',
  FEDERATION: 'a federated identity provider',
};

function targetOf(user: JsonObject): FoundTarget {
  const profile = objectAt(user, 'profile');
  const id = textAt(user, 'id');
  if (id === null) throw new ProviderError('protocol', 'Okta answered a user without an id.');
  const source = objectAt(objectAt(user, 'credentials'), 'provider');
  return {
    kind: 'user',
    id,
    name: textAt(profile, 'login') ?? id,
    parent: null,
    createdAt: textAt(user, 'created'),
    managedBy: directories[textAt(source, 'type') ?? ''] ?? null,
    attributes: {
      status: textAt(user, 'status'),
      mail: textAt(profile, 'email'),
      lastLogin: textAt(user, 'lastLogin'),
      credentialProvider: textAt(source, 'name'),
    },
  };
}
