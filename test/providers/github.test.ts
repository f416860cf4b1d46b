import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Provider } from '#electron/respond/provider.ts';
import { github } from '#electron/respond/providers/github/index.ts';
import type { Reference, Target } from '#shared/domain/response.ts';
import { expectActionContract, findAction } from '../support/respond/provider-contract.ts';
import { asTarget, callContext, fingerprintOf, openProvider } from '../support/respond/provider-io.ts';
import { alice, leakedToken, mallory, oscar } from '../support/respond/servers/github-world.ts';
import {
  type FakeGithub,
  githubApp,
  githubInstallation,
  githubKey,
  installationToken,
  managedApp,
  managedAppKey,
  startGithub,
} from '../support/respond/servers/github.ts';

let server: FakeGithub;
let provider: Provider;
beforeEach(async () => {
  server = await startGithub();
  provider = open(githubKey);
});
afterEach(() => server.stop());

function open(privateKey: string): Provider {
  return openProvider(
    github,
    {
      organization: 'example-org',
      appId: githubApp,
      installationId: githubInstallation,
      managedAppId: managedApp,
      url: server.url,
    },
    { secrets: { privateKey, managedAppKey }, held: [leakedToken] },
  );
}
const reference = (id: string, kind: Reference['kind'] = 'identity'): Reference => ({
  kind,
  id,
  aliases: [],
  account: null,
  credentialType: null,
});
const find = async (id: string, kind?: Reference['kind']): Promise<Target> =>
  asTarget((await provider.resolve(reference(id, kind), callContext())).targets[0]!);
const child = async (kind: string): Promise<Target> =>
  asTarget(
    (await provider.descendants(await find('mallory'), callContext())).find((one) => one.kind === kind)!,
  );
const writes = (): string[] =>
  server.calls.filter((call) => /^(?:POST|PUT|DELETE) /.test(call) && !call.endsWith('/access_tokens'));
const secrets = [githubKey, managedAppKey, installationToken, leakedToken];

describe('GitHub on a stand-in that follows its REST API', () => {
  test('finds members and outside collaborators; a namesake on GitHub is nobody here', async () => {
    expect(await find('Mallory')).toMatchObject({ id: '11', attributes: { role: 'member' } });
    expect(await find('11')).toMatchObject({ name: 'mallory' });
    expect(await find('oscar')).toMatchObject({ attributes: { role: 'outside' } });
    expect((await provider.resolve(reference('stranger'), callContext())).targets).toEqual([]);
    expect((await provider.resolve(reference('m@example.org'), callContext())).targets).toEqual([]);
    expect(await find('deployer[bot]')).toMatchObject({ id: '502', kind: 'app-installation' });
  });

  test('knows the organization, and which permissions the installation lacks', async () => {
    expect(await provider.test(callContext())).toMatchObject({
      identity: { tenant: '77', operator: ['501', 'app/1001'], operatorName: 'responder' },
      missing: [],
    });
    delete server.world.given['organization_user_blocking'];
    server.world.given['members'] = 'read';
    expect((await provider.test(callContext())).missing).toEqual([
      'members: write',
      'organization_user_blocking: write',
    ]);
  });

  test('removes a member, and invites back into the same role and teams', async () => {
    const user = await find('mallory');
    await expectActionContract(provider, user, 'membership.remove', {
      secrets,
      isCut: async () => !server.reaches(mallory.id),
    });
    expect(server.world.memberships.get(mallory.id)).toEqual({ role: 'member', state: 'pending' });
    expect(server.world.teams.get('core')?.get(mallory.id)).toBe('maintainer');
    expect(server.world.teams.get('web')?.get(mallory.id)).toBe('member');
    expect(writes()).toEqual([
      'DELETE /orgs/example-org/memberships/mallory',
      'PUT /orgs/example-org/memberships/mallory',
      'PUT /orgs/example-org/teams/core/memberships/mallory',
      'PUT /orgs/example-org/teams/web/memberships/mallory',
    ]);
  });

  test('somebody who is removed, and let into a repository by another way, still gets in', async () => {
    const user = await find('mallory');
    const action = await findAction(provider, user, 'membership.remove');
    const before = await action.snapshot(user, callContext());
    expect(await action.probe?.(user, before, callContext())).toMatchObject({ state: 'still_allowed' });
    await action.apply(user, before, callContext());
    expect(await action.probe?.(user, before, callContext())).toMatchObject({
      state: 'denied',
      method: 'decision',
    });
    server.world.outside.set(mallory.id, new Map([['example-org/api', 'write']]));
    expect(await action.observe(user, before, callContext())).toMatchObject({ state: 'in_effect' });
    expect(await action.probe?.(user, before, callContext())).toMatchObject({ state: 'still_allowed' });
  });

  test('teams that could not be given back are named', async () => {
    const user = await find('mallory');
    const action = await findAction(provider, user, 'membership.remove');
    const before = await action.snapshot(user, callContext());
    await action.apply(user, before, callContext());
    server.fault('PUT /orgs/example-org/teams/web', 'refused');
    expect(await action.undo?.(user, before, callContext())).toMatchObject({
      kind: 'partial',
      done: ['core'],
      failed: ['web'],
    });
  });

  test('a member who has changed the login is still the one who is removed', async () => {
    const user = await find('mallory');
    server.world.people[0]!.login = 'mallory2';
    server.world.people.push({ id: 99, login: 'mallory' });
    server.world.memberships.set(99, { role: 'member', state: 'active' });
    const action = await findAction(provider, user, 'membership.remove');
    const before = await action.snapshot(user, callContext());
    expect(await action.apply(user, before, callContext())).toMatchObject({ kind: 'applied' });
    expect([...server.world.memberships.keys()]).toEqual([alice.id, 99]);
  });

  test('an owner is made a plain member and an owner again; owners are counted', async () => {
    expect(await provider.administrators(callContext())).toEqual([String(alice.id)]);
    await expectActionContract(provider, await find('alice'), 'owner.demote', { secrets });
  });

  test('an outside collaborator is blocked, or removed and invited to the same repositories', async () => {
    const user = await find('oscar');
    await expectActionContract(provider, user, 'user.block', { secrets });
    await expectActionContract(provider, user, 'outside-collaborator.remove', { secrets });
    expect(server.world.outside.get(oscar.id)).toEqual(new Map([['example-org/site', 'push']]));
  });

  test.each([
    ['fine-grained-token', 'fine-grained-token.revoke'],
    ['sso-authorization', 'sso-authorization.remove'],
  ])('takes a %s away, and nobody else’s', async (kind, id) => {
    await expectActionContract(provider, await child(kind), id, { secrets });
    expect(server.world.grants.some(({ owner }) => owner.id === alice.id)).toBe(true);
    expect(writes()).toHaveLength(1);
  });

  test('deletes a deploy key and adds the same public key again', async () => {
    const [before] = structuredClone(server.world.repositories.get('example-org/api')!);
    const key = await child('deploy-key');
    await expectActionContract(provider, key, 'deploy-key.delete', { secrets });
    const again = server.world.repositories.get('example-org/api')?.at(-1);
    expect(again).toMatchObject({ key: before?.key, title: before?.title, read_only: false });
    expect(again?.id).not.toBe(before?.id);
    const action = await findAction(provider, key, 'deploy-key.delete');
    const now = await action.snapshot(key, callContext());
    expect(await action.observe(key, now, callContext())).toMatchObject({ state: 'not_in_effect' });
  });

  test('an organization without single sign-on has no such authorizations', async () => {
    server.world.authorizations = null;
    const kinds = (await provider.descendants(await find('mallory'), callContext())).map(({ kind }) => kind);
    expect(kinds).toEqual(['fine-grained-token', 'deploy-key']);
  });

  test('a token in hand is revoked by GitHub itself, reported without authorization', async () => {
    const token = await find(fingerprintOf(leakedToken), 'credential');
    const action = await findAction(provider, token, 'token.report-leaked');
    const before = await action.snapshot(token, callContext());
    expect(await action.probe?.(token, before, callContext())).toMatchObject({ state: 'still_allowed' });
    await expectActionContract(provider, token, 'token.report-leaked', { secrets });
    expect(await action.probe?.(token, before, callContext())).toMatchObject({
      state: 'denied',
      method: 'credential',
    });
    expect(server.world.tokens.size).toBe(0);
  });

  test('suspends the app whose key we hold; another’s is said to be out of reach', async () => {
    await expectActionContract(provider, await find('deployer'), 'app-installation.suspend', { secrets });
    const foreign = await provider.actions(await find('foreign'), callContext());
    expect(foreign.actions).toEqual([]);
    expect(foreign.missing[0]?.consequence).toContain('Only an app itself');
  });

  test('faults on the way become what they are, and nothing is sent twice', async () => {
    const user = await find('mallory');
    const action = await findAction(provider, user, 'membership.remove');
    const before = await action.snapshot(user, callContext());
    server.fault('DELETE', 'throttle');
    expect(await action.apply(user, before, callContext())).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 9_000,
    });
    server.fault('DELETE', 'refused');
    expect(await action.apply(user, before, callContext())).toMatchObject({
      kind: 'forbidden',
      missingPermissions: ['members: write'],
    });
    expect(server.reaches(mallory.id)).toBe(true);
    server.fault('DELETE', 'lost');
    expect(await action.apply(user, before, callContext())).toMatchObject({ kind: 'applied' });
    expect(await action.observe(user, before, callContext())).toMatchObject({ state: 'not_in_effect' });
    server.fault('DELETE', 'error-after-effect');
    expect(await action.apply(user, before, callContext())).toMatchObject({ kind: 'ambiguous' });
    expect(await action.observe(user, before, callContext())).toMatchObject({ state: 'in_effect' });
    server.world.memberships.set(mallory.id, { role: 'member', state: 'active' });
    server.fault('DELETE', 'reset-after-effect');
    await expect(action.apply(user, before, callContext())).rejects.toMatchObject({ kind: 'interrupted' });
    expect(writes()).toHaveLength(5);
  });

  test('a further page at another address is refused', async () => {
    const { url } = server;
    server.rewrite((said) => said.replaceAll(`<${url}/`, '<https://elsewhere.example/'));
    await expect(provider.resolve(reference('deployer'), callContext())).rejects.toMatchObject({
      kind: 'protocol',
    });
  });

  test('another key is a refusal; another organization’s installation too', async () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    await expect(open(privateKey).whoami(callContext())).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(open('no key').whoami(callContext())).rejects.toMatchObject({ kind: 'rejected' });
    server.fault('POST /app/installations', 'error-after-effect');
    await expect(provider.resolve(reference('mallory'), callContext())).rejects.toMatchObject({
      kind: 'unreachable',
    });
  });

  test('a sweep finds what the suspect got meanwhile, and apps that were installed', async () => {
    const since = Date.parse('2026-06-01T00:00:00Z');
    const user = await find('mallory');
    expect(await provider.sweep(since, [user], callContext())).toEqual([]);
    const late = '2026-06-01T10:00:00Z';
    const { grants, repositories, installations } = server.world;
    grants.push({ id: 43, owner: mallory, token_name: 'new', access_granted_at: late });
    const [key] = repositories.get('example-org/api')!;
    repositories.get('example-org/tools')?.push({ ...key!, id: 33, created_at: late });
    installations.push({ id: 504, app_id: 4004, app_slug: 'late', created_at: late, suspended_at: null });
    const found = await provider.sweep(since, [user], callContext());
    expect(found.map(({ target }) => target.kind)).toEqual([
      'fine-grained-token',
      'deploy-key',
      'app-installation',
    ]);
  });
});
