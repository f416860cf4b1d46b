import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Provider } from '#electron/respond/provider.ts';
import { workspace } from '#electron/respond/providers/google/workspace/index.ts';
import type { Reference, Target } from '#shared/domain/response.ts';
import { expectActionContract, findAction } from '../support/respond/provider-contract.ts';
import { asTarget, callContext, openProvider } from '../support/respond/provider-io.ts';
import { googleKey, googleToken, responder } from '../support/respond/servers/google-token.ts';
import {
  type FakeWorkspace,
  adminEmail,
  adminId,
  backupCode,
  malloryId,
  startWorkspace,
} from '../support/respond/servers/google-workspace.ts';

let server: FakeWorkspace;
let provider: Provider;
beforeEach(async () => {
  server = await startWorkspace();
  provider = open(googleKey);
});
afterEach(() => server.stop());

function open(privateKey: string): Provider {
  const settings = { clientEmail: responder, adminEmail, url: server.url, tokenUrl: `${server.url}/token` };
  return openProvider(workspace, settings, { secrets: { privateKey } });
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
const writes = (): string[] => server.calls.filter((call) => /^(?:POST|PATCH|DELETE) \/admin/.test(call));
const secrets = [googleKey, googleToken, backupCode];

describe('Google Workspace on a stand-in that follows the Admin SDK', () => {
  test('finds a user by address, alias or id', async () => {
    expect(await find('mallory@example.org')).toMatchObject({ id: malloryId, kind: 'user' });
    expect(await find('mallory.alias@example.org')).toMatchObject({ id: malloryId });
    expect((await provider.resolve(reference('nobody@example.org'), callContext())).targets).toEqual([]);
    expect((await provider.resolve(reference('mallory'), callContext())).targets).toEqual([]);
    const both = await provider.resolve(reference(malloryId, [adminEmail]), callContext());
    expect(both.ambiguous).toHaveLength(2);
  });

  test('knows the customer and whom it acts for, and which scopes were not delegated', async () => {
    expect(await provider.test(callContext())).toMatchObject({
      identity: { tenant: 'C01abc', operator: [adminId, responder] },
      missing: [],
    });
    server.delegated.delete('https://www.googleapis.com/auth/admin.directory.user.security');
    expect((await open(googleKey).test(callContext())).missing).toEqual(['admin.directory.user.security']);
  });

  test('suspends a user and takes that back', async () => {
    await expectActionContract(provider, await find(malloryId), 'user.suspend', {
      secrets,
      isCut: async () => server.users.get(malloryId)?.suspended === true,
    });
  });

  test('takes super administrator away and gives it back; administrators are counted', async () => {
    expect(await provider.administrators(callContext())).toEqual([adminId]);
    await expectActionContract(provider, await find(adminEmail), 'user.remove-super-admin', { secrets });
    server.users.get(adminId)!.suspended = true;
    expect(await provider.administrators(callContext())).toEqual([]);
  });

  test('signs out, and claims no more than that it was asked for', async () => {
    const user = await find(malloryId);
    const action = await findAction(provider, user, 'user.sign-out');
    const before = await action.snapshot(user, callContext());
    expect(await action.apply(user, before, callContext())).toMatchObject({ kind: 'applied' });
    expect(server.sessions.get(malloryId)).toBe(0);
    expect(await action.observe(user, before, callContext())).toMatchObject({ state: 'unknown' });
  });

  test('makes backup codes void and never says one', async () => {
    await expectActionContract(provider, await find(malloryId), 'user.invalidate-backup-codes', { secrets });
    expect(server.codes.has(malloryId)).toBe(false);
  });

  test.each([
    ['oauth-token', 'oauth-token.revoke', 'tokens/77.apps.example.com'],
    ['app-password', 'app-password.delete', 'asps/3'],
  ])('takes a held %s away', async (kind, id, path) => {
    await expectActionContract(provider, await child(kind), id, { secrets });
    expect(writes()).toEqual([`DELETE /admin/directory/v1/users/${malloryId}/${path}`]);
  });

  test('faults on the way become what they are, and nothing is sent twice', async () => {
    const user = await find(malloryId);
    const action = await findAction(provider, user, 'user.suspend');
    const before = await action.snapshot(user, callContext());
    server.fault('PATCH', 'throttle');
    expect(await action.apply(user, before, callContext())).toMatchObject({ kind: 'throttled' });
    server.fault('PATCH', 'refused');
    expect(await action.apply(user, before, callContext())).toMatchObject({
      kind: 'forbidden',
      missingPermissions: ['admin.directory.user'],
    });
    expect(server.users.get(malloryId)?.suspended).toBe(false);
    server.fault('PATCH', 'unavailable');
    expect(await action.apply(user, before, callContext())).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 3_000,
    });
    server.fault('PATCH', 'error-after-effect');
    expect(await action.apply(user, before, callContext())).toMatchObject({ kind: 'ambiguous' });
    expect(await action.observe(user, before, callContext())).toMatchObject({ state: 'in_effect' });
    await action.undo?.(user, before, callContext());
    server.fault('PATCH', 'reset-after-effect');
    await expect(action.apply(user, before, callContext())).rejects.toMatchObject({ kind: 'interrupted' });
    expect(writes()).toHaveLength(6);
  });

  test('no token is a call that was never made', async () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    await expect(open(privateKey).whoami(callContext())).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(open('no key').whoami(callContext())).rejects.toMatchObject({ kind: 'rejected' });
    server.fault('POST /token', 'error-after-effect', 4);
    await expect(provider.whoami(callContext())).rejects.toMatchObject({ kind: 'unreachable' });
    expect(server.calls.filter((call) => call === 'POST /token')).toHaveLength(2);
  });

  test('a sweep finds users and application passwords that were made meanwhile', async () => {
    const since = Date.parse('2026-06-01T00:00:00Z');
    const user = await find(malloryId);
    expect(await provider.sweep(since, [user], callContext())).toEqual([]);
    const template = server.users.get(malloryId)!;
    const id = '100000000000000000009';
    server.users.set(id, { ...template, id, aliases: [], creationTime: '2026-06-01T10:00:00.000Z' });
    const creationTime = String(Date.parse('2026-06-01T11:00:00Z'));
    server.appPasswords.get(malloryId)?.push({ codeId: 4, name: 'new', creationTime });
    const found = await provider.sweep(since, [user], callContext());
    expect(found.map(({ target }) => target.id)).toEqual([id, `${malloryId}/4`]);
  });
});
