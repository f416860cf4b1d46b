import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Provider } from '#electron/respond/provider.ts';
import { entra } from '#electron/respond/providers/entra/index.ts';
import type { Reference, Target } from '#shared/domain/response.ts';
import { makeCertificate } from '../support/respond/certificate.ts';
import { expectActionContract, findAction } from '../support/respond/provider-contract.ts';
import { asTarget, callContext, openProvider } from '../support/respond/provider-io.ts';
import {
  aliceId,
  entraClient,
  entraTenant,
  globalAdministrator,
  guestId,
  malloryId,
  managedId,
  robotId,
} from '../support/respond/servers/entra-world.ts';
import {
  type FakeEntra,
  entraCertificate,
  entraToken,
  startEntra,
} from '../support/respond/servers/entra.ts';

let server: FakeEntra;
let provider: Provider;
beforeEach(async () => {
  server = await startEntra();
  provider = open(entraCertificate);
});
afterEach(() => server.stop());

function open(certificate: string): Provider {
  const addresses = { authority: server.url, graph: server.url };
  const settings = { tenantId: entraTenant, clientId: entraClient, ...addresses };
  return openProvider(entra, settings, { secrets: { certificate } });
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
const child = async (id: string, kind: string): Promise<Target> => {
  const children = await provider.descendants(await find(id), callContext());
  return asTarget(children.find((one) => one.kind === kind)!);
};
const writes = (): string[] => server.calls.filter((call) => /^(?:POST|PATCH|DELETE) \/v1/.test(call));
const secrets = [entraToken, entraCertificate];

describe('Entra ID on a stand-in that follows Microsoft Graph', () => {
  test('finds users by principal name, mail or id, applications by name or either id', async () => {
    expect(await find('mallory@example.org')).toMatchObject({ id: malloryId, kind: 'user', managedBy: null });
    expect(await find('Mallory@mail.example.org')).toMatchObject({ id: malloryId });
    expect(await find(malloryId)).toMatchObject({ name: 'mallory@example.org' });
    expect(await find('robot')).toMatchObject({ id: robotId, kind: 'service-principal' });
    expect(await find('cccccccc-0000-4000-8000-000000000001')).toMatchObject({ id: robotId });
    expect(await find('alice@example.org')).toMatchObject({
      managedBy: 'Active Directory (synchronised)',
    });
    expect((await provider.resolve(reference("o'hara@example.org"), callContext())).targets).toEqual([]);
    const both = await provider.resolve(reference(malloryId, [aliceId]), callContext());
    expect(both.ambiguous).toHaveLength(2);
  });

  test('knows the tenant and itself, and names the permissions that nobody consented to', async () => {
    expect(await provider.test(callContext())).toMatchObject({
      identity: { tenant: entraTenant, operatorName: 'responder' },
      missing: [],
      unchecked: [],
    });
    server.world.appRoleAssignments = server.world.appRoleAssignments.filter(
      ({ id }) => id !== 'own-role-0' && id !== 'own-role-5',
    );
    expect((await provider.test(callContext())).missing).toEqual([
      'User.RevokeSessions.All',
      'RoleManagement.ReadWrite.Directory',
    ]);
  });

  test('blocks sign-in and allows it again', async () => {
    await expectActionContract(provider, await find(malloryId), 'user.disable', {
      secrets,
      isCut: async () => !server.signIn(malloryId),
    });
    expect(writes()).toEqual([`PATCH /v1.0/users/${malloryId}`, `PATCH /v1.0/users/${malloryId}`]);
  });

  test('revokes sessions: refresh tokens from before are taken no more', async () => {
    const issued = Date.now() - 60_000;
    expect(server.refresh(malloryId, issued)).toBe(true);
    await expectActionContract(provider, await find(malloryId), 'user.revoke-sessions', {
      secrets,
      isCut: async () => !server.refresh(malloryId, issued),
    });
  });

  test('a revocation from before the incident is no evidence of this one', async () => {
    const user = await find(malloryId);
    const action = await findAction(provider, user, 'user.revoke-sessions');
    const before = await action.snapshot(user, callContext());
    expect(await action.observe(user, before, callContext())).toMatchObject({ state: 'not_in_effect' });
    server.fault('POST', 'lost');
    await action.apply(user, before, callContext());
    expect(await action.observe(user, before, callContext())).toMatchObject({ state: 'not_in_effect' });
  });

  test('sets a password that is never shown', async () => {
    const user = await find(malloryId);
    await expectActionContract(provider, user, 'user.reset-password', { secrets });
    const set = String(server.world.users[0]?.['password']);
    expect(set.length).toBeGreaterThan(40);
    const action = await findAction(provider, user, 'user.reset-password');
    const before = await action.snapshot(user, callContext());
    expect(JSON.stringify(await action.preview(user, before, callContext()))).toContain('«secret');
  });

  test('a synchronised user is left to the directory, and the plan says so', async () => {
    const list = await provider.actions(await find(aliceId), callContext());
    expect(list.actions.map(({ spec }) => spec.id)).toEqual(['user.revoke-sessions']);
    expect(list.missing[0]?.advice).toContain('disable the account there');
  });

  test('a guest’s sessions are not ours to revoke', async () => {
    const list = await provider.actions(await find(guestId), callContext());
    expect(list.actions.map(({ spec }) => spec.id)).toEqual(['user.disable', 'user.reset-password']);
    expect(list.missing[0]?.control).toContain('another tenant');
  });

  test.each([
    ['app-role-assignment', 'app-role-assignment.remove', 'appRoleAssignments'],
    ['consent', 'consent.remove', 'consents'],
    ['directory-role-assignment', 'directory-role-assignment.remove', 'roleAssignments'],
  ] as const)('removes a grant (%s) and makes the same one again', async (kind, id, list) => {
    const grant = await child(malloryId, kind);
    const mine = () => server.world[list].filter((one) => one['principalId'] === malloryId);
    const [was] = structuredClone(mine());
    await expectActionContract(provider, grant, id, { secrets });
    const [again] = mine();
    expect(again?.id).not.toBe(was?.id);
    const { id: _, createdDateTime: _when, resourceDisplayName: _name, ...members } = was!;
    expect(again).toMatchObject(members);
    const action = await findAction(provider, grant, id);
    const before = await action.snapshot(grant, callContext());
    expect(await action.observe(grant, before, callContext())).toMatchObject({ state: 'not_in_effect' });
  });

  test('a directory role that a group gives too is still in force', async () => {
    const role = await child(malloryId, 'directory-role-assignment');
    const action = await findAction(provider, role, 'directory-role-assignment.remove');
    const before = await action.snapshot(role, callContext());
    const [own] = server.world.roleAssignments.filter(({ principalId }) => principalId === malloryId);
    server.world.roleAssignments.push({ ...own!, id: 'role-2', principalId: 'group-1' });
    await action.apply(role, before, callContext());
    expect(await action.observe(role, before, callContext())).toMatchObject({ state: 'in_effect' });
    expect(await action.probe?.(role, before, callContext())).toMatchObject({ state: 'still_allowed' });
    server.world.roleAssignments.pop();
    expect(await action.probe?.(role, before, callContext())).toMatchObject({ state: 'denied' });
  });

  test('removes a role that could be activated, tries it first, and gives it back for the same time', async () => {
    const role = await child(malloryId, 'eligible-role');
    const [was] = structuredClone(server.world.eligible);
    await expectActionContract(provider, role, 'eligible-role.remove', { secrets });
    const { id: _, createdDateTime: _when, ...members } = was!;
    expect(server.world.eligible).toEqual([expect.objectContaining(members)]);
    server.world.granted.delete('RoleEligibilitySchedule.ReadWrite.Directory');
    const user = await find(malloryId);
    expect(await provider.descendants(user, callContext())).not.toContainEqual(
      expect.objectContaining({ kind: 'eligible-role' }),
    );
    const { missing } = await provider.actions(user, callContext());
    expect(missing.map(({ control }) => control).join()).toContain('could activate');
  });

  test('what a group gives is no assignment of the user, and is named', async () => {
    const user = await find(malloryId);
    const kinds = (await provider.descendants(user, callContext())).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'app-role-assignment')).toHaveLength(1);
    const { missing } = await provider.actions(user, callContext());
    expect(missing[0]?.control).toContain('robot through Staff');
  });

  test('disables a registered device; deletes a method, never the password', async () => {
    await expectActionContract(provider, await child(malloryId, 'device'), 'device.disable', { secrets });
    const methods = (await provider.descendants(await find(malloryId), callContext())).filter(
      ({ kind }) => kind === 'authentication-method',
    );
    expect(methods.map(({ name }) => name)).toEqual(['Red key', 'phone']);
    await expectActionContract(provider, asTarget(methods[0]!), 'authentication-method.delete', { secrets });
    expect(server.world.methods.map(({ id }) => id)).toEqual(['password-1', 'phone-1']);
  });

  test('an application: disabled, its secret removed, its certificate removed and put back', async () => {
    await expectActionContract(provider, await find(robotId), 'service-principal.disable', { secrets });
    await expectActionContract(provider, await child(robotId, 'client-secret'), 'client-secret.remove', {
      secrets,
    });
    const [application] = server.world.applications;
    const before = structuredClone(application?.['keyCredentials']) as { keyId: string }[];
    const certificate = await child(robotId, 'client-certificate');
    await expectActionContract(provider, certificate, 'client-certificate.remove', { secrets });
    const after = application?.['keyCredentials'] as { keyId: string }[];
    expect(after.toSorted((a, b) => (a.keyId < b.keyId ? -1 : 1))).toEqual(before);
    expect(writes().at(-2)).toContain('/applications/dddddddd');
  });

  test('a trust in another issuer is removed and made again; owners of applications are named', async () => {
    const trust = await child(robotId, 'federated-credential');
    const [application] = server.world.applications;
    const [before] = structuredClone(application?.['federated']) as [Record<string, unknown>];
    await expectActionContract(provider, trust, 'federated-credential.remove', { secrets });
    const { id, ...members } = before;
    const [again] = structuredClone(application?.['federated']) as [Record<string, unknown>];
    expect(again).toMatchObject(members);
    expect(again['id']).not.toBe(id);
    const { missing } = await provider.actions(await find(malloryId), callContext());
    expect(missing.map(({ control }) => control)).toContain('mallory@example.org owns applications: robot');
  });

  test('a further page at another address is refused', async () => {
    const { url } = server;
    server.rewrite((said) => said.replaceAll(`${url}/v1.0/`, 'https://elsewhere.example/v1.0/'));
    await expect(provider.sweep(0, [], callContext())).rejects.toMatchObject({ kind: 'protocol' });
  });

  test('a managed identity keeps its tokens for a day', async () => {
    const { actions, missing } = await provider.actions(await find(managedId), callContext());
    expect(actions[0]?.spec.doesNotStop[0]).toMatchObject({ residualSeconds: 86_400 });
    expect(missing[0]?.control).toContain('Azure resource');
  });

  test('counts the Global Administrators who can sign in, through groups too', async () => {
    expect(await provider.administrators(callContext())).toEqual([aliceId]);
    server.world.roleAssignments.push({
      id: 'global-2',
      principalId: 'group-1',
      roleDefinitionId: globalAdministrator,
      directoryScopeId: '/',
    });
    expect(await provider.administrators(callContext())).toEqual([aliceId, malloryId]);
    server.world.users.find(({ id }) => id === aliceId)!['accountEnabled'] = false;
    expect(await provider.administrators(callContext())).toEqual([malloryId]);
  });

  test('an administrator is beyond an app without a directory role', async () => {
    const user = await find(malloryId);
    const action = await findAction(provider, user, 'user.disable');
    const before = await action.snapshot(user, callContext());
    server.world.isPrivileged = false;
    expect(await action.apply(user, before, callContext())).toMatchObject({
      kind: 'forbidden',
      missingPermissions: ['User.EnableDisableAccount.All'],
      facts: { error: 'Authorization_RequestDenied' },
    });
  });

  test('faults on the way become what they are, and nothing is sent twice', async () => {
    const user = await find(malloryId);
    const action = await findAction(provider, user, 'user.disable');
    const before = await action.snapshot(user, callContext());
    server.fault('PATCH', 'throttle');
    expect(await action.apply(user, before, callContext())).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 7_000,
    });
    server.fault('PATCH', 'unavailable');
    expect(await action.apply(user, before, callContext())).toMatchObject({ kind: 'throttled' });
    expect(server.signIn(malloryId)).toBe(true);
    server.fault('PATCH', 'error-after-effect');
    expect(await action.apply(user, before, callContext())).toMatchObject({ kind: 'ambiguous' });
    server.fault('GET /v1.0/users', 'stale');
    expect(await action.observe(user, before, callContext())).toMatchObject({ state: 'not_in_effect' });
    expect(await action.observe(user, before, callContext())).toMatchObject({ state: 'in_effect' });
    await action.undo?.(user, before, callContext());
    server.fault('PATCH', 'reset-after-effect');
    await expect(action.apply(user, before, callContext())).rejects.toMatchObject({ kind: 'interrupted' });
    await action.undo?.(user, before, callContext());
    server.fault('PATCH', 'silent');
    const stop = new AbortController();
    const silence = action
      .apply(user, before, { ...callContext(), signal: stop.signal })
      .catch((thrown: unknown) => thrown);
    await vi.waitFor(() => expect(writes()).toHaveLength(7));
    stop.abort();
    expect(await silence).toMatchObject({ kind: 'interrupted' });
    expect(server.signIn(malloryId)).toBe(false);
    expect(writes()).toHaveLength(7);
  });

  test('no token is a call that was never made', async () => {
    await expect(open(makeCertificate('other').pem).whoami(callContext())).rejects.toMatchObject({
      kind: 'forbidden',
    });
    await expect(open('no certificate').whoami(callContext())).rejects.toMatchObject({ kind: 'rejected' });
    server.fault(`POST /${entraTenant}`, 'error-after-effect', 5);
    await expect(provider.whoami(callContext())).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('a sweep finds accounts, applications, methods and secrets that came meanwhile', async () => {
    const since = Date.parse('2026-06-01T00:00:00Z');
    const targets = [await find(malloryId), await find(robotId)];
    expect(await provider.sweep(since, targets, callContext())).toEqual([]);
    const late = '2026-06-01T10:00:00Z';
    const { users, methods, applications } = server.world;
    users.push({ ...users[0]!, id: 'aaaaaaaa-0000-4000-8000-000000000009', createdDateTime: late });
    methods.push({
      id: 'fido-2',
      user: malloryId,
      '@odata.type': '#microsoft.graph.fido2AuthenticationMethod',
      creationDateTime: late,
    });
    (applications[0]!['passwordCredentials'] as object[]).push({ keyId: 'secret-2', startDateTime: late });
    const found = await provider.sweep(since, targets, callContext());
    expect(found.map(({ target }) => target.id)).toEqual([
      'aaaaaaaa-0000-4000-8000-000000000009',
      `${malloryId}/fido-2`,
      'secret-2',
    ]);
  });
});
