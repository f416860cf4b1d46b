import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Provider } from '#electron/respond/provider.ts';
import { cerbos } from '#electron/respond/providers/cerbos/index.ts';
import { oauth2 } from '#electron/respond/providers/oauth/index.ts';
import { scim } from '#electron/respond/providers/scim/index.ts';
import type { Reference } from '#shared/domain/response.ts';
import { expectActionContract, findAction } from '../support/respond/provider-contract.ts';
import { asTarget, callContext, fingerprintOf, openProvider } from '../support/respond/provider-io.ts';
import { type Cerbos, adminPassword, cerbosMissing, startCerbos } from '../support/respond/servers/cerbos.ts';
import { type OidcServer, clientSecret, startOidc } from '../support/respond/servers/oidc.ts';
import { type ScimServer, scimToken, startScim } from '../support/respond/servers/scim.ts';

const identity = (id: string): Reference => ({
  kind: 'identity',
  id,
  aliases: [],
  account: null,
  credentialType: null,
});
const credential = (token: string, credentialType: string | null): Reference => ({
  ...identity(fingerprintOf(token)),
  kind: 'credential',
  credentialType,
});

/** The test of an authorization server that somebody has set up. */
const testOf = (settings: Record<string, string>, clientSecretGiven: string) =>
  openProvider(oauth2, settings, { secrets: { clientSecret: clientSecretGiven } }).test(callContext());

describe('SCIM on a real service', () => {
  let server: ScimServer;
  let provider: Provider;
  beforeAll(async () => {
    server = await startScim();
    provider = openProvider(scim, { url: server.url }, { secrets: { token: scimToken } });
  });
  afterAll(() => server.stop());

  test('finds one account by its name or id', async () => {
    const found = await provider.resolve(identity('mallory'), callContext());
    expect(found.targets).toMatchObject([{ kind: 'user', id: 'u-1', name: 'mallory' }]);
    expect((await provider.resolve(identity('u-1'), callContext())).targets).toMatchObject([{ id: 'u-1' }]);
    expect((await provider.resolve(identity('nobody'), callContext())).targets).toEqual([]);
    expect((await provider.test(callContext())).missing).toEqual([]);
  });

  test('sets the account inactive and active again', async () => {
    const { targets } = await provider.resolve(identity('mallory'), callContext());
    await expectActionContract(provider, asTarget(targets[0]!), 'user.deactivate', {
      secrets: [scimToken],
      isCut: async () => server.accounts.get('u-1')?.['active'] === false,
    });
    expect(server.accounts.get('u-2')?.['active']).toBe(true);
  });

  test('a wrong token is a refusal, not a result', async () => {
    const wrong = openProvider(scim, { url: server.url }, { secrets: { token: 'wrong' } });
    await expect(wrong.whoami(callContext())).rejects.toMatchObject({ kind: 'forbidden' });
  });
});

describe('OAuth 2.0 on a real authorization server', () => {
  let server: OidcServer;
  beforeAll(async () => {
    server = await startOidc();
  });
  afterAll(() => server.stop());
  const open = (held: string[]) =>
    openProvider(oauth2, { issuer: server.issuer, clientId: 'console' }, { secrets: { clientSecret }, held });

  test('revokes a token that the operator holds, and proves it by introspection', async () => {
    const token = await server.token('console');
    const provider = open([token]);
    expect((await provider.test(callContext())).missing).toEqual([]);
    const { targets } = await provider.resolve(credential(token, 'access_token'), callContext());
    expect(targets).toMatchObject([
      { kind: 'access_token', attributes: { active: true, client: 'console' } },
    ]);
    await expectActionContract(provider, asTarget(targets[0]!), 'token.revoke', {
      secrets: [token, clientSecret],
    });
    const action = await findAction(provider, asTarget(targets[0]!), 'token.revoke');
    const snapshot = await action.snapshot(asTarget(targets[0]!), callContext());
    expect(await action.probe?.(asTarget(targets[0]!), snapshot, callContext())).toMatchObject({
      state: 'denied',
    });
  });

  test('another client’s token stays active, and 400 is no success', async () => {
    const token = await server.token('other');
    const provider = open([token]);
    const { targets } = await provider.resolve(credential(token, 'access_token'), callContext());
    const target = asTarget(targets[0]!);
    const action = await findAction(provider, target, 'token.revoke');
    const snapshot = await action.snapshot(target, callContext());
    expect((await action.apply(target, snapshot, callContext())).kind).not.toBe('applied');
    expect(await action.observe(target, snapshot, callContext())).toMatchObject({ state: 'not_in_effect' });
  });

  test('a client that is not accepted, and an issuer of another name, are said for what they are', async () => {
    const own = { issuer: server.issuer, clientId: 'console' };
    await expect(testOf(own, 'wrong')).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(testOf({ ...own, clientId: 'nobody' }, clientSecret)).rejects.toMatchObject({
      kind: 'forbidden',
    });
    const named = server.issuer.replace('127.0.0.1', 'localhost');
    await expect(testOf({ ...own, issuer: named }, clientSecret)).rejects.toThrow(`“${server.issuer}”`);
  });

  test('a token that the vault does not hold is no target', async () => {
    expect((await open([]).resolve(credential('x', null), callContext())).targets).toEqual([]);
  });
});

describe.skipIf(cerbosMissing !== null)('Cerbos on a real server', () => {
  let server: Cerbos;
  let provider: Provider;
  beforeAll(async () => {
    server = await startCerbos();
    provider = openProvider(
      cerbos,
      { url: server.url, probe: 'document:view' },
      { secrets: { adminPassword } },
    );
  }, 60_000);
  afterAll(() => server.stop());

  test('denies the principal, and nobody else, and takes it back', async () => {
    const { targets } = await provider.resolve(identity('mallory'), callContext());
    expect(await server.isAllowed('mallory', 'analyst')).toBe(true);
    await expectActionContract(provider, asTarget(targets[0]!), 'principal.deny', {
      secrets: [adminPassword],
      isCut: async () => !(await server.isAllowed('mallory', 'analyst')),
    });
    expect(await server.isAllowed('alice', 'analyst')).toBe(true);
  });

  test('the deny is proved by the policy that decided', async () => {
    const target = asTarget((await provider.resolve(identity('eve'), callContext())).targets[0]!);
    const action = await findAction(provider, target, 'principal.deny');
    const snapshot = await action.snapshot(target, callContext());
    expect(await action.probe?.(target, snapshot, callContext())).toMatchObject({ state: 'unknown' });
    await action.apply(target, snapshot, callContext());
    // The server takes a new policy into its table by itself, a moment later.
    const probed = async () => (await action.probe?.(target, snapshot, callContext()))?.state;
    await expect.poll(probed, { timeout: 10_000 }).toBe('denied');
  });

  test('requests with a scope are denied where the scope is named, and only there', async () => {
    const scoped = openProvider(
      cerbos,
      { url: server.url, scopes: 'acme.hr' },
      { secrets: { adminPassword } },
    );
    const target = asTarget((await scoped.resolve(identity('zoe'), callContext())).targets[0]!);
    const allowed = () => server.isAllowed('zoe', 'analyst', 'acme.hr');
    expect(await allowed()).toBe(true);
    const plain = await findAction(provider, target, 'principal.deny');
    const before = await plain.snapshot(target, callContext());
    await plain.apply(target, before, callContext());
    await expect.poll(() => server.isAllowed('zoe', 'analyst'), { timeout: 10_000 }).toBe(false);
    expect(await allowed()).toBe(true);
    await plain.undo?.(target, before, callContext());

    const action = await findAction(scoped, target, 'principal.deny');
    const snapshot = await action.snapshot(target, callContext());
    expect(await action.apply(target, snapshot, callContext())).toMatchObject({ kind: 'applied' });
    expect((await scoped.actions(target, callContext())).missing).toEqual([]);
    // Where policies of scopes are in the store, a plan says that the deny is not looked for there.
    expect((await provider.actions(target, callContext())).missing).toMatchObject([
      { control: 'The deny for version default in the scope acme, version default in the scope acme.hr' },
    ]);
    await expect.poll(allowed, { timeout: 10_000 }).toBe(false);
    const probed = async () => (await action.probe?.(target, snapshot, callContext()))?.state;
    await expect.poll(probed, { timeout: 10_000 }).toBe('denied');
    expect(await action.undo?.(target, snapshot, callContext())).toMatchObject({ kind: 'applied' });
    await expect.poll(allowed, { timeout: 10_000 }).toBe(true);
    await expect.poll(() => server.isAllowed('zoe', 'analyst'), { timeout: 10_000 }).toBe(true);
  });
});
