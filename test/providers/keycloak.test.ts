import KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Provider } from '#electron/respond/provider.ts';
import { keycloak } from '#electron/respond/providers/keycloak/index.ts';
import type { Reference, Target } from '#shared/domain/response.ts';
import { expectActionContract, findAction } from '../support/respond/provider-contract.ts';
import { asTarget, callContext, openProvider } from '../support/respond/provider-io.ts';
import {
  aliceId,
  keycloakClient,
  malloryId,
  realmId,
  robotId,
  robotSecret,
} from '../support/respond/servers/keycloak-world.ts';
import { type FakeKeycloak, keycloakSecret, startKeycloak } from '../support/respond/servers/keycloak.ts';

let server: FakeKeycloak;
let provider: Provider;
/** Keycloak’s own client: looks from outside, and shows that the stand-in speaks as it expects. */
let official: KeycloakAdminClient;
beforeEach(async () => {
  server = await startKeycloak();
  provider = open(keycloakSecret);
  official = new KeycloakAdminClient({ baseUrl: server.url, realmName: 'example' });
  await official.auth({
    grantType: 'client_credentials',
    clientId: keycloakClient,
    clientSecret: keycloakSecret,
  });
});
afterEach(() => server.stop());

function open(clientSecret: string): Provider {
  const settings = { url: server.url, realm: 'example', clientId: keycloakClient };
  return openProvider(keycloak, settings, { secrets: { clientSecret } });
}
const reference = (id: string, aliases: string[] = []): Reference => ({
  kind: 'identity',
  id,
  aliases,
  account: null,
  credentialType: null,
});
const find = async (id: string): Promise<Target> =>
  asTarget((await provider.resolve(reference(id), callContext())).targets[0]!);
const child = async (kind: string): Promise<Target> => {
  const children = await provider.descendants(await find(malloryId), callContext());
  return asTarget(children.find((one) => one.kind === kind)!);
};
const writes = (): string[] => server.calls.filter((call) => /^(?:POST|PUT|DELETE) \/admin/.test(call));
const secrets = [keycloakSecret, robotSecret];

describe('Keycloak on a stand-in that follows its admin API', () => {
  test('finds users by name, mail or id, clients by either id', async () => {
    expect(await find('mallory')).toMatchObject({ id: malloryId, kind: 'user', managedBy: null });
    expect(await find('mallory@example.org')).toMatchObject({ id: malloryId });
    expect(await find('robot')).toMatchObject({ id: robotId, kind: 'client' });
    expect(await find(robotId)).toMatchObject({ name: 'robot' });
    expect((await provider.resolve(reference('mal'), callContext())).targets).toEqual([]);
    const both = await provider.resolve(reference('mallory', ['alice']), callContext());
    expect(both.ambiguous).toHaveLength(2);
  });

  test('knows the realm and itself, and which roles its client lacks', async () => {
    const { identity, missing } = await provider.test(callContext());
    expect(identity).toMatchObject({ tenant: realmId, operatorName: 'service-account-rescind' });
    expect(identity.operator).toHaveLength(2);
    expect(missing).toEqual([]);
    server.world.granted.delete('manage-clients');
    server.world.granted.add('view-clients');
    expect((await open(keycloakSecret).test(callContext())).missing).toEqual(['manage-clients']);
  });

  test('disables a user and enables exactly that user again', async () => {
    const before = structuredClone(server.world.users.get(malloryId));
    await expectActionContract(provider, await find('mallory'), 'user.disable', {
      secrets,
      isCut: async () => (await official.users.findOne({ id: malloryId }))?.enabled === false,
    });
    const { access: _, ...rest } = before!;
    expect(server.world.users.get(malloryId)).toEqual(rest);
  });

  test('logs a user out: sessions end, and refresh tokens from before too, offline ones as well', async () => {
    const user = await find('mallory');
    const issued = Date.now() - 60_000;
    const action = await findAction(provider, user, 'user.logout');
    const before = await action.snapshot(user, callContext());
    expect(await action.probe?.(user, before, callContext())).toMatchObject({ state: 'still_allowed' });
    await expectActionContract(provider, user, 'user.logout', {
      secrets,
      isCut: async () => (await official.users.listSessions({ id: malloryId })).length === 0,
    });
    expect(server.refresh(malloryId, robotId, issued)).toBe(false);
    expect(await action.probe?.(user, before, callContext())).toMatchObject({
      state: 'denied',
      method: 'live_list',
    });
  });

  test('says how long access tokens live on: as the realm says', async () => {
    const { spec } = await findAction(provider, await find('mallory'), 'user.disable');
    expect(spec.doesNotStop).toContainEqual(
      expect.objectContaining({ artefact: 'access_token', residualSeconds: 900 }),
    );
  });

  test.each([
    ['role-mapping', 'role-mapping.remove'],
    ['group-membership', 'group-membership.remove'],
  ])('takes a %s away and gives it back', async (kind, id) => {
    await expectActionContract(provider, await child(kind), id, { secrets });
  });

  test('a role that a group gives too is still in force', async () => {
    const role = await child('role-mapping');
    const action = await findAction(provider, role, 'role-mapping.remove');
    const before = await action.snapshot(role, callContext());
    server.world.roles[0]?.groups.add('group-1');
    await action.apply(role, before, callContext());
    expect(await action.observe(role, before, callContext())).toMatchObject({ state: 'in_effect' });
    expect(await action.probe?.(role, before, callContext())).toMatchObject({ state: 'still_allowed' });
    server.world.roles[0]?.groups.clear();
    expect(await action.probe?.(role, before, callContext())).toMatchObject({ state: 'denied' });
  });

  test('a client’s role is taken at the client', async () => {
    const roles = (await provider.descendants(await find(malloryId), callContext())).filter(
      ({ kind }) => kind === 'role-mapping',
    );
    expect(roles.map(({ name }) => name)).toEqual(['auditor', 'robot/deploy']);
    await expectActionContract(provider, asTarget(roles[1]!), 'role-mapping.remove', { secrets });
    expect(writes()[0]).toContain(`/role-mappings/clients/${robotId}`);
  });

  test.each([
    ['consent', 'consent.revoke'],
    ['password', 'password.delete'],
    ['credential', 'credential.delete'],
  ])('takes a %s away for good', async (kind, id) => {
    await expectActionContract(provider, await child(kind), id, { secrets });
    expect(await official.users.getCredentials({ id: malloryId })).toHaveLength(kind === 'consent' ? 2 : 1);
  });

  test('a federated user may be enabled again by the directory, and the plan says so', async () => {
    const { missing } = await provider.actions(await find('alice'), callContext());
    expect(missing[0]?.advice).toContain('directory first');
  });

  test('disables a client, and refuses its tokens from before', async () => {
    const client = await find('robot');
    await expectActionContract(provider, client, 'client.disable', {
      secrets,
      isCut: async () => (await official.clients.findOne({ id: robotId }))?.enabled === false,
    });
    expect(server.world.clients.get(robotId)?.['secret']).toBe(robotSecret);
    await expectActionContract(provider, client, 'client.push-not-before', { secrets });
    expect(server.refresh(malloryId, robotId, Date.now() - 60_000)).toBe(false);
    expect(server.world.pushed).toBe(1);
  });

  test('gives a client a new secret that is never said, and drops the old one', async () => {
    server.world.rotated = new Map();
    const client = await find('robot');
    await expectActionContract(provider, client, 'client.rotate-secret', { secrets });
    const now = String((await official.clients.getClientSecret({ id: robotId })).value);
    expect(now).not.toBe(robotSecret);
    expect(server.world.rotated.size).toBe(0);
    const action = await findAction(provider, client, 'client.rotate-secret');
    const snapshot = await action.snapshot(client, callContext());
    expect(JSON.stringify([snapshot, await action.observe(client, snapshot, callContext())])).not.toContain(
      now,
    );
    // Somebody else changes it between: what was approved is no longer what is there.
    server.world.clients.get(robotId)!['secret'] = 'another-secret-4455';
    expect(await action.apply(client, snapshot, callContext())).toMatchObject({
      kind: 'precondition_failed',
    });
  });

  test('the whole realm’s tokens are refused only by the last of playbooks', async () => {
    const user = await find('mallory');
    const action = await findAction(provider, user, 'realm.push-not-before');
    expect(action.spec.reversibility).toBe('R4');
    await expectActionContract(provider, user, 'realm.push-not-before', { secrets });
    expect(server.refresh(aliceId, robotId, Date.now() - 60_000)).toBe(false);
  });

  test('counts the realm’s administrators who can sign in, through groups too', async () => {
    expect(await provider.administrators(callContext())).toEqual([aliceId, malloryId]);
    server.world.users.get(aliceId)!['enabled'] = false;
    expect(await provider.administrators(callContext())).toEqual([malloryId]);
  });

  test('faults on the way become what they are, and nothing is sent twice', async () => {
    const user = await find('mallory');
    const action = await findAction(provider, user, 'user.disable');
    const before = await action.snapshot(user, callContext());
    server.fault('PUT', 'throttle');
    expect(await action.apply(user, before, callContext())).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 2_000,
    });
    server.fault('PUT', 'refused');
    expect(await action.apply(user, before, callContext())).toMatchObject({
      kind: 'forbidden',
      missingPermissions: ['manage-users'],
    });
    server.fault('PUT', 'lost');
    expect(await action.apply(user, before, callContext())).toMatchObject({ kind: 'applied' });
    expect(await action.observe(user, before, callContext())).toMatchObject({ state: 'not_in_effect' });
    server.fault('PUT', 'error-after-effect');
    expect(await action.apply(user, before, callContext())).toMatchObject({ kind: 'ambiguous' });
    expect(await action.observe(user, before, callContext())).toMatchObject({ state: 'in_effect' });
    await action.undo?.(user, before, callContext());
    server.fault('PUT', 'reset-after-effect');
    await expect(action.apply(user, before, callContext())).rejects.toMatchObject({ kind: 'interrupted' });
    expect(writes()).toHaveLength(6);
    server.fault('POST /admin', 'error-after-effect');
    const client = await find('robot');
    const push = await findAction(provider, client, 'client.push-not-before');
    expect(await push.apply(client, await push.snapshot(client, callContext()), callContext())).toMatchObject(
      {
        kind: 'partial',
        failed: ['push-revocation'],
      },
    );
  });

  test('another secret is a refusal, not a result', async () => {
    await expect(open('wrong-secret').whoami(callContext())).rejects.toMatchObject({ kind: 'forbidden' });
    server.fault('POST /realms', 'error-after-effect');
    await expect(open(keycloakSecret).whoami(callContext())).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('a sweep finds users and credentials that were made meanwhile, beyond the first page', async () => {
    const since = Date.parse('2026-06-01T00:00:00Z');
    const user = await find('mallory');
    expect(await provider.sweep(since, [user], callContext())).toEqual([]);
    const template = server.world.users.get(malloryId)!;
    for (let number = 100; number < 230; number++) {
      const id = `a0000000-0000-4000-8000-000000000${number}`;
      const createdTimestamp = number === 229 ? since + 1 : since - 1;
      server.world.users.set(id, { ...template, id, username: `user${number}`, createdTimestamp });
    }
    server.world.credentials.get(malloryId)?.push({ id: 'otp-2', type: 'otp', createdDate: since + 5 });
    const found = await provider.sweep(since, [user], callContext());
    expect(found.map(({ target }) => target.id)).toEqual([
      'a0000000-0000-4000-8000-000000000229',
      `${malloryId}/otp-2`,
    ]);
  });
});
