import { Client } from 'ldapts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Provider } from '#electron/respond/provider.ts';
import { ldap } from '#electron/respond/providers/ldap/index.ts';
import type { Target } from '#shared/domain/response.ts';
import { asTarget, callContext, openProvider } from '../support/respond/provider-io.ts';
import { expectActionContract, findAction } from '../support/respond/provider-contract.ts';
import {
  type Slapd,
  base,
  operatorDn,
  operatorPassword,
  slapdMissing,
  startSlapd,
  suspectDn,
  suspectPassword,
} from '../support/respond/servers/slapd.ts';

const reference = {
  kind: 'identity',
  id: 'mallory@example.org',
  aliases: ['mallory'],
  account: null,
  credentialType: null,
} as const;

describe.skipIf(slapdMissing !== null)('LDAP on a real OpenLDAP', () => {
  let server: Slapd;
  let provider: Provider;
  let suspect: Target;

  beforeAll(async () => {
    server = await startSlapd();
    const settings = { url: server.url, baseDn: base, bindDn: operatorDn, adminGroupDn: `cn=admins,${base}` };
    provider = openProvider(ldap, settings, { secrets: { bindPassword: operatorPassword } });
    const { targets } = await provider.resolve(reference, callContext());
    suspect = asTarget(targets[0]!);
  });
  afterAll(async () => {
    await provider.close();
    await server.stop();
  });

  test('finds the suspect by mail and login as one entry, by its UUID', async () => {
    expect(suspect).toMatchObject({
      kind: 'user',
      name: suspectDn,
      attributes: { login: 'mallory', locked: false },
    });
    expect(suspect.id).toMatch(/^[0-9a-f-]{36}$/);
    const unknown = await provider.resolve({ ...reference, id: '*', aliases: [] }, callContext());
    expect(unknown.targets).toEqual([]);
    const both = await provider.resolve({ ...reference, aliases: ['alice'] }, callContext());
    expect(both).toMatchObject({ targets: [], ambiguous: [{ kind: 'user' }, { kind: 'user' }] });
  });

  test('locking ends new binds and is undone exactly', async () => {
    await expectActionContract(provider, suspect, 'user.lock', {
      secrets: [operatorPassword],
      isCut: async () => !server.mayBind(suspectDn, suspectPassword),
    });
  });

  test('a connection that was open before the lock lives on, as the plan says', async () => {
    const open = new Client({ url: server.url });
    await open.bind(suspectDn, suspectPassword);
    const lock = await findAction(provider, suspect, 'user.lock');
    const snapshot = await lock.snapshot(suspect, callContext());
    await lock.apply(suspect, snapshot, callContext());
    expect(server.mayBind(suspectDn, suspectPassword)).toBe(false);
    const { searchEntries } = await open.search(base, { scope: 'base' });
    expect(searchEntries).toHaveLength(1);
    expect(lock.spec.doesNotStop.map(({ artefact }) => artefact)).toContain('open_connection');
    expect(await lock.probe?.(suspect, snapshot, callContext())).toMatchObject({ state: 'denied' });
    await lock.undo?.(suspect, snapshot, callContext());
    await open.unbind();
    expect(server.mayBind(suspectDn, suspectPassword)).toBe(true);
  });

  test('another entry under the same name is not touched', async () => {
    const lock = await findAction(provider, suspect, 'user.lock');
    const other = { ...suspect, id: '00000000-0000-4000-8000-000000000000' };
    const snapshot = await lock.snapshot(suspect, callContext());
    expect(await lock.apply(other, snapshot, callContext())).toMatchObject({ kind: 'target_absent' });
    expect(server.mayBind(suspectDn, suspectPassword)).toBe(true);
  });

  test('memberships are found, taken away and given back', async () => {
    const [membership] = await provider.descendants(suspect, callContext());
    expect(membership).toMatchObject({ kind: 'membership', name: `${suspectDn} in cn=admins,${base}` });
    const target = asTarget(membership!);
    expect(await provider.administrators(callContext())).toContain(suspect.id);
    await expectActionContract(provider, target, 'membership.remove', {
      isCut: async () => (await provider.descendants(suspect, callContext())).length === 0,
    });
    expect(await provider.administrators(callContext())).toContain(suspect.id);
  });

  test('what a sweep finds is what the suspect made', async () => {
    expect(await provider.sweep(0, [suspect], callContext())).toEqual([]);
  });

  test('a wrong password and a closed port are told apart, and neither is a result', async () => {
    const settings = { url: server.url, baseDn: base, bindDn: operatorDn };
    const wrong = openProvider(ldap, settings, { secrets: { bindPassword: 'wrong' } });
    await expect(wrong.whoami(callContext())).rejects.toMatchObject({ kind: 'forbidden' });
    const nowhere = openProvider(
      ldap,
      { ...settings, url: 'ldap://127.0.0.1:1' },
      { secrets: { bindPassword: 'x' } },
    );
    await expect(nowhere.whoami(callContext())).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('the test names rights that are missing and settings that are wrong, and changes nothing', async () => {
    const settings = { url: server.url, baseDn: base, bindDn: operatorDn };
    const asked = (given: Partial<typeof settings> & { flavor?: string }, bindPassword = operatorPassword) =>
      openProvider(ldap, { ...settings, ...given }, { secrets: { bindPassword } }).test(callContext());
    expect(await asked({})).toMatchObject({ missing: [], unchecked: [] });
    const lesser = await asked({ bindDn: `uid=alice,ou=people,${base}` }, 'alice-77b1');
    expect(lesser.missing).toEqual(['write pwdAccountLockedTime', 'write member']);
    expect(server.mayBind(suspectDn, suspectPassword)).toBe(true);
    await expect(asked({ baseDn: 'dc=elsewhere,dc=org' })).rejects.toMatchObject({
      kind: 'absent',
      message: expect.stringContaining(`The directory serves: ${base}`) as string,
    });
    await expect(asked({ flavor: 'active-directory' })).rejects.toThrow('set flavor=openldap');
    const overTls = server.url.replace('ldap:', 'ldaps:');
    await expect(asked({ url: overTls })).rejects.toThrow('does not speak TLS');
  });

  test('plain LDAP beyond this machine is refused', () => {
    expect(() =>
      openProvider(ldap, { url: 'ldap://ldap.example.org', baseDn: base, bindDn: operatorDn }),
    ).toThrow(/ldaps/);
  });
});
