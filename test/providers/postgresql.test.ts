import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Provider } from '#electron/respond/provider.ts';
import { postgresql } from '#electron/respond/providers/postgresql/index.ts';
import type { Target } from '#shared/domain/response.ts';
import { expectActionContract, findAction } from '../support/respond/provider-contract.ts';
import { asTarget, callContext, openProvider } from '../support/respond/provider-io.ts';
import {
  type Postgres,
  operatorPassword,
  postgresMissing,
  startPostgres,
  superPassword,
  suspectPassword,
} from '../support/respond/servers/postgres.ts';

const reference = {
  kind: 'identity',
  id: 'mallory',
  aliases: [],
  account: null,
  credentialType: null,
} as const;

describe.skipIf(postgresMissing !== null)('PostgreSQL on a real server', () => {
  let server: Postgres;
  let provider: Provider;
  let suspect: Target;

  beforeAll(async () => {
    server = await startPostgres();
    const settings = { host: '127.0.0.1', port: String(server.port), user: 'operator' };
    provider = openProvider(postgresql, settings, { secrets: { password: operatorPassword } });
    const { targets } = await provider.resolve(reference, callContext());
    suspect = asTarget(targets[0]!);
  }, 120_000);
  afterAll(async () => {
    await provider.close();
    await server.stop();
  });

  test('knows the operator, what it lacks, and who administers', async () => {
    const checked = await provider.test(callContext());
    expect(checked.missing).toEqual([]);
    const poor = openProvider(
      postgresql,
      { host: '127.0.0.1', port: String(server.port), user: 'mallory' },
      { secrets: { password: suspectPassword } },
    );
    expect((await poor.test(callContext())).missing).toEqual([
      'CREATEROLE',
      'pg_signal_backend',
      'pg_read_all_stats',
    ]);
    const asked = (settings: Record<string, string>) =>
      openProvider(
        postgresql,
        { host: '127.0.0.1', port: String(server.port), user: 'operator', ...settings },
        { secrets: { password: operatorPassword } },
      ).test(callContext());
    await expect(asked({ database: 'nope' })).rejects.toThrow('see the setting “database”');
    await expect(asked({ port: '1' })).rejects.toThrow('nothing listens there');
    expect(checked.identity.operator).not.toContain(suspect.id);
    expect(await provider.administrators(callContext())).toHaveLength(1);
  });

  test('NOLOGIN ends new logins and is undone exactly, with the connection limit', async () => {
    await expectActionContract(provider, suspect, 'role.nologin', {
      secrets: [operatorPassword],
      isCut: async () => !(await server.mayLogin('mallory', suspectPassword)),
    });
  });

  test('an open session survives NOLOGIN and ends when it is terminated', async () => {
    const session = await server.connect('mallory', suspectPassword);
    const closed = new Promise<void>((resolve) => void session.once('end', () => resolve()));
    const disable = await findAction(provider, suspect, 'role.nologin');
    const before = await disable.snapshot(suspect, callContext());
    await disable.apply(suspect, before, callContext());
    expect((await session.query('select 1 as one')).rows).toEqual([{ one: 1 }]);

    const terminate = await findAction(provider, suspect, 'role.terminate-sessions');
    const live = await terminate.snapshot(suspect, callContext());
    expect(live).toMatchObject({ inState: false });
    expect(await terminate.probe?.(suspect, live, callContext())).toMatchObject({ state: 'still_allowed' });
    const swept = await provider.sweep(0, [suspect], callContext());
    expect(swept).toMatchObject([{ target: { kind: 'session', parent: suspect.id } }]);
    expect(await terminate.apply(suspect, live, callContext())).toMatchObject({ kind: 'applied' });
    await closed;
    expect(await terminate.probe?.(suspect, live, callContext())).toMatchObject({ state: 'denied' });
    expect(await terminate.apply(suspect, live, callContext())).toMatchObject({ kind: 'already_in_state' });
    await disable.undo?.(suspect, before, callContext());
    expect(await server.mayLogin('mallory', suspectPassword)).toBe(true);
  });

  test('a membership is taken away and given back with its options', async () => {
    const [membership] = await provider.descendants(suspect, callContext());
    expect(membership).toMatchObject({ kind: 'membership', name: 'mallory in analysts' });
    await expectActionContract(provider, asTarget(membership!), 'membership.revoke', {
      isCut: async () => (await provider.descendants(suspect, callContext())).length === 0,
    });
    const admin = await server.connect('postgres', superPassword);
    const { rows } = await admin.query(
      "select admin_option, inherit_option, set_option, pg_get_userbyid(grantor) as grantor from pg_auth_members where member = 'mallory'::regrole",
    );
    await admin.end();
    expect(rows).toEqual([
      { admin_option: false, inherit_option: true, set_option: true, grantor: 'operator' },
    ]);
  });

  test('a role that changed since it was read is left alone', async () => {
    const disable = await findAction(provider, suspect, 'role.nologin');
    const before = await disable.snapshot(suspect, callContext());
    const admin = await server.connect('postgres', superPassword);
    await admin.query('alter role mallory connection limit 3');
    expect(await disable.apply(suspect, before, callContext())).toMatchObject({
      kind: 'precondition_failed',
    });
    await admin.query('alter role mallory connection limit 7');
    await admin.end();
    expect(await server.mayLogin('mallory', suspectPassword)).toBe(true);
  });

  test('what the operator may not do is said, and nothing is done', async () => {
    const { targets } = await provider.resolve({ ...reference, id: 'postgres' }, callContext());
    const superuser = asTarget(targets[0]!);
    const disable = await findAction(provider, superuser, 'role.nologin');
    const before = await disable.snapshot(superuser, callContext());
    await expect(disable.apply(superuser, before, callContext())).rejects.toMatchObject({
      kind: 'forbidden',
    });
    expect(await server.mayLogin('postgres', superPassword)).toBe(true);
  });

  test('the password goes last and for good', async () => {
    const clear = await findAction(provider, suspect, 'role.clear-password');
    const before = await clear.snapshot(suspect, callContext());
    expect(JSON.stringify(before)).not.toContain('SCRAM');
    expect(await clear.dryRun?.(suspect, before, callContext())).toMatchObject({ kind: 'applied' });
    expect(await server.mayLogin('mallory', suspectPassword)).toBe(true);
    expect(await clear.apply(suspect, before, callContext())).toMatchObject({ kind: 'applied' });
    expect(await server.mayLogin('mallory', suspectPassword)).toBe(false);
  });
});
