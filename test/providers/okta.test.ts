import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Provider } from '#electron/respond/provider.ts';
import { okta } from '#electron/respond/providers/okta/index.ts';
import type { Reference, Target } from '#shared/domain/response.ts';
import { expectActionContract, findAction } from '../support/respond/provider-contract.ts';
import { asTarget, callContext, openProvider } from '../support/respond/provider-io.ts';
import {
  type FakeOkta,
  oktaAccessToken,
  oktaClient,
  oktaKey,
  startOkta,
} from '../support/respond/servers/okta.ts';

const malloryId = '00uMALLORY0000000001';
let server: FakeOkta;
let provider: Provider;
beforeEach(async () => {
  server = await startOkta();
  provider = open(String(oktaKey));
});
afterEach(() => server.stop());

function open(privateKey: string): Provider {
  return openProvider(okta, { url: server.url, clientId: oktaClient }, { secrets: { privateKey } });
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
const writes = (): string[] => server.calls.filter((call) => /^(?:POST|DELETE) \/api/.test(call));

describe('Okta on a stand-in that follows its API', () => {
  test('finds a user by login, e-mail or id, and knows who writes the account back', async () => {
    expect(await find('mallory@example.org')).toMatchObject({ id: malloryId, managedBy: null });
    expect(await find('mallory+mail@example.org')).toMatchObject({ id: malloryId });
    expect(await find(malloryId)).toMatchObject({ name: 'mallory@example.org' });
    expect(await find('alice@example.org')).toMatchObject({ managedBy: 'Active Directory' });
    const both = await provider.resolve(
      reference('mallory@example.org', ['alice@example.org']),
      callContext(),
    );
    expect(both.ambiguous).toHaveLength(2);
    expect((await provider.resolve(reference('me'), callContext())).targets).toEqual([]);
  });

  test('knows the organization, and which scopes the service app lacks', async () => {
    expect(await provider.test(callContext())).toMatchObject({
      identity: { tenant: '00oEXAMPLE0000000001', operator: [oktaClient] },
      missing: [],
    });
    server.granted.delete('okta.logs.read');
    expect((await provider.test(callContext())).missing).toEqual(['okta.logs.read']);
  });

  test('suspends a user and takes that back', async () => {
    await expectActionContract(provider, await find(malloryId), 'user.suspend', {
      secrets: [oktaAccessToken, String(oktaKey)],
      isCut: async () => server.users.get(malloryId)?.status === 'SUSPENDED',
    });
    expect(writes()).toEqual([
      `POST /api/v1/users/${malloryId}/lifecycle/suspend`,
      `POST /api/v1/users/${malloryId}/lifecycle/unsuspend`,
    ]);
  });

  test.each([
    ['SUSPENDED', 'already_in_state'],
    ['DEPROVISIONED', 'already_in_state'],
    ['LOCKED_OUT', 'unsupported'],
    ['STAGED', 'unsupported'],
  ])('reads the status first: %s is %s, and no call is made', async (status, kind) => {
    const user = await find(malloryId);
    server.users.get(malloryId)!.status = status;
    const action = await findAction(provider, user, 'user.suspend');
    const before = await action.snapshot(user, callContext());
    expect(before.inState).toBe(kind === 'already_in_state');
    expect(await action.apply(user, before, callContext())).toMatchObject({ kind });
    expect(await action.undo?.(user, before, callContext())).toMatchObject({ kind: 'precondition_failed' });
    expect(writes()).toEqual([]);
  });

  test('a change that is still going on is waited for', async () => {
    const user = await find(malloryId);
    server.users.get(malloryId)!.transitioningToStatus = 'DEPROVISIONED';
    const action = await findAction(provider, user, 'user.suspend');
    const before = await action.snapshot(user, callContext());
    expect(await action.apply(user, before, callContext())).toMatchObject({ kind: 'precondition_failed' });
    expect(await action.observe(user, before, callContext())).toMatchObject({ state: 'unknown' });
    expect(writes()).toEqual([]);
  });

  test('a user who was deactivated since is not made active by an undo', async () => {
    const user = await find(malloryId);
    const action = await findAction(provider, user, 'user.suspend');
    const before = await action.snapshot(user, callContext());
    await action.apply(user, before, callContext());
    server.users.get(malloryId)!.status = 'DEPROVISIONED';
    expect(await action.undo?.(user, before, callContext())).toMatchObject({ kind: 'precondition_failed' });
    expect(server.users.get(malloryId)?.status).toBe('DEPROVISIONED');
  });

  test('clears sessions with the tokens, and sees it in the log', async () => {
    const user = await find(malloryId);
    const action = await findAction(provider, user, 'user.clear-sessions');
    const before = await action.snapshot(user, callContext());
    expect(await action.observe(user, before, callContext())).toMatchObject({ state: 'unknown' });
    await expectActionContract(provider, user, 'user.clear-sessions', {
      secrets: [oktaAccessToken],
      isCut: async () => JSON.stringify(server.sessions.get(malloryId)) === '{"web":0,"tokens":0}',
    });
    expect(server.sessions.get('00uALICE000000000002')).toEqual({ web: 2, tokens: 3 });
    // What was cleared before the action is no evidence of it.
    expect(await action.observe(user, before, callContext(Date.now() + 1_000))).toMatchObject({
      state: 'unknown',
    });
  });

  test('universal logout ends what sessions and tokens there are, API tokens too', async () => {
    await expectActionContract(provider, await find(malloryId), 'user.universal-logout', {
      secrets: [oktaAccessToken],
      isCut: async () =>
        [...server.apiTokens.values()].every(({ userId }) => userId !== malloryId) &&
        JSON.stringify(server.sessions.get(malloryId)) === '{"web":0,"tokens":0}',
    });
    expect(server.apiTokens.size).toBe(1);
  });

  test('API tokens of a user are found with the user, revoked one by one, and new ones are survivors', async () => {
    const user = await find(malloryId);
    const [token, ...others] = await provider.descendants(user, callContext());
    expect(others).toEqual([]);
    expect(token).toMatchObject({
      kind: 'api-token',
      parent: malloryId,
      name: expect.stringContaining('script 0') as string,
    });
    await expectActionContract(provider, asTarget(token!), 'api-token.revoke', {
      secrets: [oktaAccessToken],
      isCut: async () => !server.apiTokens.has(token!.id),
    });
    const since = Date.parse('2026-06-01T00:00:00Z');
    server.apiTokens.set('00Tnew', {
      id: '00Tnew',
      name: 'new',
      userId: malloryId,
      created: '2026-06-01T10:00:00.000Z',
    });
    const found = await provider.sweep(since, [user], callContext());
    expect(found.map(({ target }) => target.id)).toEqual(['00Tnew']);
  });

  test('without the scope for API tokens a plan says so, and the rest is done all the same', async () => {
    const user = await find(malloryId);
    server.granted.delete('okta.apiTokens.read');
    server.granted.delete('okta.universalLogout.manage');
    expect(await provider.descendants(user, callContext())).toEqual([]);
    const { actions, missing } = await provider.actions(user, callContext());
    expect(missing.map(({ control }) => control)).toEqual([
      'Universal Logout',
      'API tokens (SSWS) of the user',
    ]);
    expect(actions.map(({ spec }) => spec.id)).toEqual(['user.suspend', 'user.clear-sessions']);
    const suspend = await findAction(provider, user, 'user.suspend');
    expect(
      await suspend.apply(user, await suspend.snapshot(user, callContext()), callContext()),
    ).toMatchObject({ kind: 'applied' });
  });

  test('faults on the way become what they are: throttled, refused, perhaps done', async () => {
    const user = await find(malloryId);
    const action = await findAction(provider, user, 'user.suspend');
    const before = await action.snapshot(user, callContext());
    server.fault('POST /api', 'throttle');
    expect(await action.apply(user, before, callContext())).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 7_000,
    });
    server.fault('POST /api', 'refused');
    expect(await action.apply(user, before, callContext())).toMatchObject({
      kind: 'forbidden',
      missingPermissions: ['okta.users.manage'],
      facts: { errorCode: 'E0000006' },
    });
    expect(server.users.get(malloryId)?.status).toBe('ACTIVE');
    server.fault('POST /api', 'error-after-effect');
    expect(await action.apply(user, before, callContext())).toMatchObject({ kind: 'ambiguous' });
    expect(await action.observe(user, before, callContext())).toMatchObject({ state: 'in_effect' });
    await action.undo?.(user, before, callContext());
    server.fault('POST /api', 'reset-after-effect');
    await expect(action.apply(user, before, callContext())).rejects.toMatchObject({ kind: 'interrupted' });
    // Each call was sent once: nothing was retried behind the journal’s back.
    expect(writes()).toHaveLength(5);
  });

  test('another key is a refusal, not a result', async () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    await expect(open(privateKey).whoami(callContext())).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(open('no key').whoami(callContext())).rejects.toMatchObject({ kind: 'rejected' });
  });

  test('a sweep finds users that were made or made active meanwhile', async () => {
    const user = await find('alice@example.org');
    const since = Date.parse('2026-06-01T00:00:00Z');
    expect(await provider.sweep(since, [user], callContext())).toEqual([]);
    server.users.get(user.id)!.statusChanged = '2026-06-02T00:00:00.000Z';
    const template = server.users.get(malloryId)!;
    for (const id of ['00uNEW00000000000003', '00uNEW00000000000004']) {
      server.users.set(id, { ...template, id, created: '2026-06-01T10:00:00.000Z' });
    }
    const found = await provider.sweep(since, [user], callContext());
    expect(found.map(({ target }) => target.id)).toEqual([
      '00uNEW00000000000003',
      '00uNEW00000000000004',
      '00uALICE000000000002',
    ]);
  });
});
