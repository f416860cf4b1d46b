import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Provider } from '#electron/respond/provider.ts';
import { vault } from '#electron/respond/providers/vault/index.ts';
import type { Reference, Target } from '#shared/domain/response.ts';
import { expectActionContract, findAction } from '../support/respond/provider-contract.ts';
import { asTarget, callContext, fingerprintOf, openProvider } from '../support/respond/provider-io.ts';
import {
  type FakeVault,
  type VaultTokenEntry,
  startVault,
  vaultToken,
} from '../support/respond/servers/vault.ts';

const mallory = '5f1d1c4e-0000-4000-8000-00000000a11e';
const stolen = 'hvs.stolen-9876543210';
let server: FakeVault;
let provider: Provider;

beforeEach(async () => {
  server = await startVault();
  provider = open();
  server.entities.set(mallory, {
    id: mallory,
    name: 'mallory',
    disabled: false,
    policies: ['payments'],
    metadata: { team: 'blue' },
    creation_time: '2024-01-01T00:00:00Z',
    aliases: [
      {
        id: 'alias-1',
        name: 'mallory@example.org',
        mount_path: 'auth/userpass/',
        mount_accessor: 'auth_userpass_1',
        creation_time: '2024-01-01T00:00:00Z',
      },
    ],
  });
  server.roles.set('auth/approle/role/ci', {
    role_id: 'role-id-original',
    token_policies: ['payments'],
    secret_id_ttl: 600,
  });
  addToken(stolen, { accessor: 'accessor-1', leases: ['database/creds/app/lease-1'] });
  server.leases.add('database/creds/app/lease-1');
});
afterEach(() => server.stop());

function open(token = vaultToken): Provider {
  return openProvider(vault, { url: server.url }, { secrets: { token }, held: [stolen] });
}

function addToken(token: string, entry: Partial<VaultTokenEntry> & { accessor: string }): void {
  server.tokens.set(token, {
    entity_id: mallory,
    display_name: 'approle',
    path: 'auth/approle/login',
    meta: { role_name: 'ci' },
    creation_time: 1_700_000_000,
    orphan: true,
    parent: null,
    leases: [],
    ...entry,
  });
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
const descendant = async (kind: string): Promise<Target> =>
  asTarget(
    (await provider.descendants(await find('mallory'), callContext())).find((each) => each.kind === kind)!,
  );

describe('Vault on a stand-in that follows its API', () => {
  test('finds an entity by name, id or alias, and what descends from it', async () => {
    for (const name of ['mallory', mallory, 'mallory@example.org']) {
      expect(await find(name)).toMatchObject({ kind: 'entity', id: mallory, name: 'mallory' });
    }
    expect((await provider.resolve(reference('nobody'), callContext())).targets).toEqual([]);
    const found = await provider.descendants(await find('mallory'), callContext());
    expect(found.map(({ kind, id }) => [kind, id])).toEqual([
      ['token', 'accessor-1'],
      ['auth-role', 'auth/approle/role/ci'],
    ]);
  });

  test('disables an entity: its tokens cannot be used, and can again afterwards', async () => {
    await expectActionContract(provider, await find('mallory'), 'entity.disable', {
      secrets: [vaultToken, stolen],
      isCut: async () => !(await server.works(stolen)),
    });
    expect(server.entities.get(mallory)).toMatchObject({
      policies: ['payments'],
      metadata: { team: 'blue' },
    });
  });

  test('revokes a token by its accessor, with its children and leases, and tries it', async () => {
    addToken('hvs.child', { accessor: 'accessor-2', parent: 'accessor-1', orphan: false });
    addToken('hvs.orphan', { accessor: 'accessor-3' });
    const held = await find(fingerprintOf(stolen), 'credential');
    expect(held.id).toBe('accessor-1');
    await expectActionContract(provider, held, 'token.revoke', {
      secrets: [vaultToken, stolen],
      isCut: async () => !(await server.works(stolen)) && !(await server.works('hvs.child')),
    });
    expect(await server.works('hvs.orphan')).toBe(true);
    expect([...server.leases]).toEqual([]);
    const action = await findAction(provider, held, 'token.revoke');
    const snapshot = await action.snapshot(held, callContext());
    expect(await action.probe?.(held, snapshot, callContext())).toMatchObject({ state: 'denied' });
    // Its own leases went with it; by the accessor alone it is known to be gone, not known to be refused.
    const gone = { ...held, attributes: {} };
    expect(await action.probe?.(gone, snapshot, callContext())).toMatchObject({ state: 'unknown' });
  });

  test('deletes a role and makes exactly that role again, with its role id', async () => {
    const before = structuredClone(server.roles.get('auth/approle/role/ci'));
    await expectActionContract(provider, await descendant('auth-role'), 'role.delete', {
      secrets: [vaultToken],
      isCut: async () => !server.roles.has('auth/approle/role/ci'),
    });
    expect(server.roles.get('auth/approle/role/ci')).toEqual(before);
  });

  test('a role that was changed or made again is left alone', async () => {
    const target = await descendant('auth-role');
    const action = await findAction(provider, target, 'role.delete');
    const before = await action.snapshot(target, callContext());
    server.roles.get('auth/approle/role/ci')!['secret_id_ttl'] = 60;
    expect(await action.apply(target, before, callContext())).toMatchObject({ kind: 'precondition_failed' });
    expect(await action.undo?.(target, before, callContext())).toMatchObject({ kind: 'precondition_failed' });
    expect(server.roles.get('auth/approle/role/ci')).toMatchObject({ secret_id_ttl: 60 });
  });

  test('revokes leases by prefix, below and no further; one that its backend keeps is said', async () => {
    for (const lease of ['database/creds/app/eu/lease-2', 'database/creds/application/lease-3']) {
      server.leases.add(lease);
    }
    const target = await find('database/creds/app', 'session');
    expect(target).toMatchObject({ kind: 'lease-prefix', attributes: { leases: 2 } });
    await expectActionContract(provider, target, 'leases.revoke', { secrets: [vaultToken] });
    expect([...server.leases]).toEqual(['database/creds/application/lease-3']);
    expect(server.calls).not.toContain('POST /v1/sys/leases/revoke-force/database/creds/app');
    server.leases.add('database/creds/app/lease-4');
    server.stuck.add('database/creds/app/lease-4');
    const action = await findAction(provider, target, 'leases.revoke');
    const before = await action.snapshot(target, callContext());
    await action.apply(target, before, callContext());
    expect(await action.observe(target, before, callContext())).toMatchObject({
      state: 'not_in_effect',
      facts: { left: 1, irrevocable: 1 },
    });
  });

  test('names the capabilities that the operator lacks, sudo among them', async () => {
    expect(await provider.test(callContext())).toMatchObject({
      identity: { tenant: 'cluster-1', operator: ['accessor-operator', 'entity-operator'] },
      missing: [],
      unchecked: [],
    });
    server.policy.set('auth/token/accessors', ['list']);
    server.policy.set('auth/approle/role/', ['read']);
    expect((await provider.test(callContext())).missing).toEqual([
      'sudo,list auth/token/accessors',
      'read,create,update,delete auth/*/role/*',
    ]);
  });

  test('an entity is disabled also where its tokens may not be listed, and the plan says so', async () => {
    server.policy.set('auth/token/accessors', ['list']);
    const target = await find('mallory');
    expect(await provider.descendants(target, callContext())).toEqual([]);
    const { actions, missing } = await provider.actions(target, callContext());
    expect(actions.map(({ spec }) => spec.id)).toEqual(['entity.disable']);
    expect(missing[0]?.control).toContain('sudo');
  });

  test('tokens and aliases that were made since the incident are found by the sweep', async () => {
    const target = await find('mallory');
    const since = Date.parse('2026-01-01T00:00:00Z');
    expect(await provider.sweep(since, [target], callContext())).toEqual([]);
    addToken('hvs.new', { accessor: 'accessor-9', creation_time: since / 1_000 + 60 });
    server.entities.get(mallory)!.aliases.push({
      id: 'alias-2',
      name: 'backdoor',
      mount_path: 'auth/userpass/',
      mount_accessor: 'auth_userpass_1',
      creation_time: '2026-01-01T00:05:00Z',
    });
    const found = await provider.sweep(since, [target], callContext());
    expect(found.map(({ target: { kind, id } }) => [kind, id])).toEqual([
      ['token', 'accessor-9'],
      ['entity-alias', 'alias-2'],
    ]);
  });

  test('faults on the way become what they are: throttled, refused, perhaps done', async () => {
    const target = await find('mallory');
    const action = await findAction(provider, target, 'entity.disable');
    const before = await action.snapshot(target, callContext());
    const write = `POST /v1/identity/entity/id/${mallory}`;
    server.fault(write, 'throttle');
    expect(await action.apply(target, before, callContext())).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 2_000,
    });
    server.fault(write, 'refused');
    expect(await action.apply(target, before, callContext())).toMatchObject({
      kind: 'forbidden',
      missingPermissions: ['update identity/entity/id/*'],
    });
    server.fault(write, 'lost');
    expect(await action.apply(target, before, callContext())).toMatchObject({ kind: 'applied' });
    expect(await action.observe(target, before, callContext())).toMatchObject({ state: 'not_in_effect' });
    server.fault(write, 'reset-after-effect');
    await expect(action.apply(target, before, callContext())).rejects.toMatchObject({ kind: 'interrupted' });
    expect(await action.observe(target, before, callContext())).toMatchObject({ state: 'in_effect' });
  });

  test('a token that Vault refuses is a refusal', async () => {
    await expect(open('hvs.wrong').whoami(callContext())).rejects.toMatchObject({ kind: 'forbidden' });
  });
});
