import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Provider } from '#electron/respond/provider.ts';
import { cloud } from '#electron/respond/providers/google/cloud/index.ts';
import type { Reference, Target } from '#shared/domain/response.ts';
import { expectActionContract, findAction } from '../support/respond/provider-contract.ts';
import { asTarget, callContext, openProvider } from '../support/respond/provider-io.ts';
import {
  type FakeCloud,
  denyPolicy,
  projectId,
  robot,
  robotId,
  startCloud,
} from '../support/respond/servers/google-cloud.ts';
import { googleKey, googleToken, responder } from '../support/respond/servers/google-token.ts';

let server: FakeCloud;
let provider: Provider;
beforeEach(async () => {
  server = await startCloud();
  provider = open({ denyPolicy, resources: 'organizations/99' });
});
afterEach(() => server.stop());

function open(more: Record<string, string>): Provider {
  const settings = {
    clientEmail: responder,
    project: projectId,
    iamUrl: server.url,
    resourceManagerUrl: server.url,
    tokenUrl: `${server.url}/token`,
    ...more,
  };
  return openProvider(cloud, settings, { secrets: { privateKey: googleKey } });
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
const policy = () => server.policies.get(`projects/${projectId}`)!;
const writes = (): string[] =>
  server.calls.filter((call) => /:(?:disable|enable|setIamPolicy)$|^(?:DELETE|PUT)/.test(call));
const secrets = [googleKey, googleToken];

describe('Google Cloud on a stand-in that follows IAM and Resource Manager', () => {
  test('finds service accounts by address or unique id, people where a policy names them', async () => {
    expect(await find(robot)).toMatchObject({ id: robotId, kind: 'service-account' });
    expect(await find(`serviceAccount:${robot}`)).toMatchObject({ id: robotId });
    expect(await find(robotId)).toMatchObject({ name: robot });
    expect(await find('mallory@example.org')).toMatchObject({
      kind: 'principal',
      id: 'user:mallory@example.org',
    });
    expect((await provider.resolve(reference('nobody@example.org'), callContext())).targets).toEqual([]);
  });

  test('knows the project and itself, and which permissions are missing where', async () => {
    expect(await provider.test(callContext())).toMatchObject({
      identity: { tenant: 'projects/424242', operator: [responder, '119999999999999999999'] },
      missing: [],
      unchecked: ['iam.denypolicies.get', 'iam.denypolicies.update'],
    });
    server.held.delete('iam.serviceAccounts.enable');
    server.held.delete('resourcemanager.organizations.setIamPolicy');
    expect((await provider.test(callContext())).missing).toEqual([
      'iam.serviceAccounts.enable',
      'resourcemanager.organizations.setIamPolicy on organizations/99',
    ]);
  });

  test('disables a service account; enabling waits, because it revives old tokens', async () => {
    const account = await find(robot);
    await expectActionContract(provider, account, 'service-account.disable', {
      secrets,
      isCut: async () => !server.accepts(robotId),
    });
    const { spec } = await findAction(provider, account, 'service-account.disable');
    expect(spec.undo.waitSeconds).toBe(43_200);
    expect(spec.undo.note).toContain('back to life');
  });

  test('disables and deletes a key, and says that its tokens live on', async () => {
    const key = await child(robot, 'service-account-key');
    await expectActionContract(provider, key, 'service-account-key.disable', { secrets });
    const { spec } = await findAction(provider, key, 'service-account-key.delete');
    expect(spec.doesNotStop).toContainEqual(
      expect.objectContaining({ artefact: 'access_token', coveredBy: ['identity.disable'] }),
    );
    await expectActionContract(provider, key, 'service-account-key.delete', { secrets });
    expect(server.keys.get(robotId)).toEqual([]);
  });

  test('takes a principal out of a policy and puts it back under the same conditions', async () => {
    const before = structuredClone(policy().bindings);
    const binding = await child(robot, 'iam-bindings');
    expect(binding.name).toContain('roles/editor, roles/viewer');
    await expectActionContract(provider, binding, 'iam-bindings.remove', {
      secrets,
      isCut: async () => !JSON.stringify(policy().bindings).includes(robot),
    });
    const sorted = (bindings: typeof before) =>
      bindings
        .map(({ members, ...rest }) => ({ ...rest, members: members.toSorted() }))
        .toSorted((a, b) => (a.role < b.role ? -1 : 1));
    expect(sorted(policy().bindings)).toEqual(sorted(before));
  });

  test('a policy that somebody writes meanwhile is not overwritten', async () => {
    const binding = await child(robot, 'iam-bindings');
    const action = await findAction(provider, binding, 'iam-bindings.remove');
    const before = await action.snapshot(binding, callContext());
    const other = () => {
      policy().bindings.push({ role: 'roles/browser', members: ['user:alice@example.org'] });
      policy().etag = 'etag-of-somebody';
    };
    // The first reading is whether there is anything to do, the second is what is written on.
    server.between = () => {
      server.between = other;
    };
    expect(await action.apply(binding, before, callContext())).toMatchObject({
      kind: 'precondition_failed',
      facts: { error: 'ABORTED' },
    });
    expect(await action.apply(binding, before, callContext())).toMatchObject({ kind: 'applied' });
    expect(JSON.stringify(policy().bindings)).toContain('alice@example.org');
    expect(JSON.stringify(policy().bindings)).not.toContain(robot);
  });

  test('adds a principal to the prepared deny policy, from above the project', async () => {
    const account = await find(robot);
    await expectActionContract(provider, account, 'principal.deny', { secrets });
    const action = await findAction(provider, account, 'principal.deny');
    expect(action.spec.beyondReach).toBe(true);
    await action.apply(account, await action.snapshot(account, callContext()), callContext());
    expect(server.deny.rules[0]?.denyRule).toEqual({
      deniedPrincipals: [`principal://iam.googleapis.com/projects/-/serviceAccounts/${robot}`],
      deniedPermissions: ['storage.googleapis.com/objects.get'],
    });
  });

  test('several principals at once are all denied, and all taken out of the policy', async () => {
    const people = ['mallory', 'oscar', 'trudy', 'peggy'].map((name) => `user:${name}@example.org`);
    policy().bindings.push({ role: 'roles/viewer', members: people });
    const targets = await Promise.all(people.map((member) => find(member.replace('user:', ''))));
    const action = await findAction(provider, targets[0]!, 'principal.deny');
    const before = await action.snapshot(targets[0]!, callContext());
    const came = await Promise.all(targets.map((target) => action.apply(target, before, callContext())));
    expect(came.map(({ kind }) => kind)).toEqual(people.map(() => 'applied'));
    const bindings = await Promise.all(people.map((member) => child(member, 'iam-bindings')));
    const remove = await findAction(provider, bindings[0]!, 'iam-bindings.remove');
    const removed = await Promise.all(bindings.map((target) => remove.apply(target, before, callContext())));
    expect(removed.map(({ kind }) => kind)).toEqual(people.map(() => 'applied'));
  });

  test('without a deny policy the plan says so; a person is left to the directory', async () => {
    provider = open({});
    const { actions, missing } = await provider.actions(await find('mallory@example.org'), callContext());
    expect(actions).toEqual([]);
    expect(missing.map(({ control }) => control)).toEqual([
      'Quarantine by a deny policy',
      'The account mallory@example.org itself',
    ]);
  });

  test('counts the owners', async () => {
    expect(await provider.administrators(callContext())).toEqual([
      'user:owner@example.org',
      'user:mallory@example.org',
    ]);
    policy().bindings.shift();
    expect(await provider.administrators(callContext())).toBeNull();
  });

  test('faults on the way become what they are, and nothing is sent twice', async () => {
    const account = await find(robot);
    const action = await findAction(provider, account, 'service-account.disable');
    const before = await action.snapshot(account, callContext());
    server.fault('POST /v1', 'throttle');
    expect(await action.apply(account, before, callContext())).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 5_000,
    });
    server.fault('POST /v1', 'refused');
    expect(await action.apply(account, before, callContext())).toMatchObject({ kind: 'forbidden' });
    expect(server.accepts(robotId)).toBe(true);
    server.fault('POST /v1', 'error-after-effect');
    expect(await action.apply(account, before, callContext())).toMatchObject({ kind: 'ambiguous' });
    server.fault('GET /v1', 'stale');
    expect(await action.observe(account, before, callContext())).toMatchObject({ state: 'not_in_effect' });
    expect(await action.observe(account, before, callContext())).toMatchObject({ state: 'in_effect' });
    await action.undo?.(account, before, callContext());
    server.fault('POST /v1', 'reset-after-effect');
    await expect(action.apply(account, before, callContext())).rejects.toMatchObject({ kind: 'interrupted' });
    expect(writes()).toHaveLength(5);
  });

  test('a sweep finds keys that were made meanwhile, of any account', async () => {
    const since = Date.parse('2026-06-01T00:00:00Z');
    expect(await provider.sweep(since, [], callContext())).toEqual([]);
    const id = '110000000000000000002';
    const [key] = server.keys.get(id)!;
    server.keys.get(id)?.push({ ...key!, name: `${key!.name}x`, validAfterTime: '2026-06-01T10:00:00Z' });
    const found = await provider.sweep(since, [], callContext());
    expect(found.map(({ target }) => target.id)).toEqual(['bbbb2222x']);
  });
});
