import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Provider } from '#electron/respond/provider.ts';
import { ldap } from '#electron/respond/providers/ldap/index.ts';
import type { Reference, Target } from '#shared/domain/response.ts';
import { expectActionContract, findAction } from '../support/respond/provider-contract.ts';
import { asTarget, callContext, openProvider } from '../support/respond/provider-io.ts';
import {
  type Samba,
  adminPassword,
  domain,
  sambaMissing,
  startSamba,
  suspectPassword,
} from '../support/respond/servers/samba.ts';

const missing = await sambaMissing();
if (missing !== null) console.log(`Skipped: Active Directory on a real server. ${missing}`);
const mallory: Reference = {
  kind: 'identity',
  id: 'mallory',
  aliases: [],
  account: null,
  credentialType: null,
};

describe.skipIf(missing !== null)('Active Directory on a Samba domain controller', () => {
  let server: Samba;
  let provider: Provider;
  beforeAll(async () => {
    server = await startSamba();
    const settings = {
      url: server.url,
      baseDn: domain,
      bindDn: `CN=Administrator,CN=Users,${domain}`,
      flavor: 'active-directory',
    };
    provider = openProvider(ldap, settings, {
      secrets: { bindPassword: adminPassword },
      certificateAuthority: server.certificateAuthority,
    });
  }, 240_000);
  afterAll(async () => {
    await provider?.close();
    await server?.stop();
  });
  const find = async (): Promise<Target> =>
    asTarget((await provider.resolve(mallory, callContext())).targets[0]!);

  test('finds the account by its logon name', async () => {
    expect(await provider.test(callContext())).toMatchObject({ missing: [] });
    expect(await find()).toMatchObject({ kind: 'user' });
  });

  test('disables the account: a new bind fails with the reason of AD, other bits stay', async () => {
    expect(await server.bind('mallory', suspectPassword)).toBeNull();
    expect(await server.read('mallory', 'userAccountControl')).toEqual(['512']);
    const target = await find();
    await expectActionContract(provider, target, 'user.disable', {
      secrets: [adminPassword, suspectPassword],
      isCut: async () => (await server.bind('mallory', suspectPassword)) !== null,
    });
    const action = await findAction(provider, target, 'user.disable');
    expect(action.spec.doesNotStop).toContainEqual(
      expect.objectContaining({ artefact: 'service_ticket', residualSeconds: 36_000 }),
    );
    const before = await action.snapshot(target, callContext());
    await action.apply(target, before, callContext());
    expect(await server.read('mallory', 'userAccountControl')).toEqual(['514']);
    // AD's own word for a disabled account: data 533.
    expect(await server.bind('mallory', suspectPassword)).toContain('533');
    await action.undo?.(target, before, callContext());
    expect(await server.bind('mallory', suspectPassword)).toBeNull();
  });

  test('the old password still lets in after one reset; both together end it', async () => {
    const target = await find();
    const action = await findAction(provider, target, 'user.reset-password-twice');
    expect(action.spec).toMatchObject({ reversibility: 'R3', undo: { possible: false } });
    const before = await action.snapshot(target, callContext());
    server.tool('user', 'setpassword', 'mallory', '--newpassword=0nce-0nly-88d1');
    expect(await server.bind('mallory', suspectPassword)).toBeNull();
    expect(await action.observe(target, before, callContext())).toMatchObject({ state: 'not_in_effect' });
    expect(await action.apply(target, before, callContext())).toMatchObject({ kind: 'applied' });
    expect(await action.observe(target, before, callContext())).toMatchObject({ state: 'in_effect' });
    for (const password of [suspectPassword, '0nce-0nly-88d1']) {
      // AD's own word for a wrong password: data 52e.
      expect(await server.bind('mallory', password)).toContain('52e');
    }
  });

  test('takes the account out of a group and puts it back', async () => {
    const target = await find();
    const found = await provider.descendants(target, callContext());
    const membership = found.find(({ name }) => name.includes('payments'));
    expect(membership).toBeDefined();
    const [action] = (await provider.actions(asTarget(membership!), callContext())).actions;
    await expectActionContract(provider, asTarget(membership!), action!.spec.id, {
      isCut: async () => (await server.read('mallory', 'memberOf')).length === 0,
    });
    expect(await server.read('mallory', 'memberOf')).toEqual([`CN=payments,CN=Users,${domain}`]);
  });

  test('a group that is left is still there through another one: the logon says so', async () => {
    for (const words of [
      ['add', 'inner'],
      ['addmembers', 'payments', 'inner'],
      ['addmembers', 'inner', 'mallory'],
    ])
      server.tool('group', ...words);
    const target = await find();
    const found = await provider.descendants(target, callContext());
    const membership = asTarget(found.find(({ name }) => name.includes('in CN=payments'))!);
    const action = await findAction(provider, membership, 'membership.remove');
    const before = await action.snapshot(membership, callContext());
    await action.apply(membership, before, callContext());
    expect(await action.observe(membership, before, callContext())).toMatchObject({ state: 'in_effect' });
    const probe = () => action.probe!(membership, before, callContext());
    expect(await probe()).toMatchObject({ state: 'still_allowed' });
    server.tool('group', 'removemembers', 'inner', 'mallory');
    expect(await probe()).toMatchObject({ state: 'denied' });
  });

  test('Protected Users and those who rule the domain, also through other groups', async () => {
    const target = await find();
    const controls = async (): Promise<string> =>
      (await provider.actions(target, callContext())).missing.map(({ control }) => control).join('\n');
    expect(await controls()).toContain('is not in Protected Users');
    server.tool('group', 'addmembers', 'Protected Users', 'mallory');
    server.tool('group', 'addmembers', 'Domain Admins', 'inner');
    server.tool('group', 'addmembers', 'inner', 'mallory');
    expect(await controls()).toContain('rules the domain (Domain Admins');
    expect(await controls()).not.toContain('Protected Users');
    const action = await findAction(provider, target, 'user.disable');
    expect(action.spec.doesNotStop).toContainEqual(
      expect.objectContaining({ artefact: 'service_ticket', residualSeconds: 14_400 }),
    );
  });

  test('the last administrator is found through other groups, and a disabled one does not count', async () => {
    const settings = {
      url: server.url,
      baseDn: domain,
      bindDn: `CN=Administrator,CN=Users,${domain}`,
      flavor: 'active-directory',
      adminGroupDn: `CN=Domain Admins,CN=Users,${domain}`,
    };
    const again = openProvider(ldap, settings, {
      secrets: { bindPassword: adminPassword },
      certificateAuthority: server.certificateAuthority,
    });
    const { id } = await find();
    expect(await again.administrators(callContext())).toContain(id);
    server.tool('user', 'disable', 'mallory');
    expect(await again.administrators(callContext())).not.toContain(id);
    await again.close();
  });
});
