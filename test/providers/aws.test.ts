import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Provider } from '#electron/respond/provider.ts';
import { aws } from '#electron/respond/providers/aws/index.ts';
import { IncompleteSweep } from '#electron/respond/sweep-parts.ts';
import type { Reference, Target } from '#shared/domain/response.ts';
import { expectActionContract, findAction } from '../support/respond/provider-contract.ts';
import { namesOf, permissionsOfCalls } from '../support/respond/aws-calls.ts';
import { asTarget, callContext, openProvider } from '../support/respond/provider-io.ts';
import { type FakeIam, iamSecret, startIam } from '../support/respond/servers/iam.ts';

let server: FakeIam;
let provider: Provider;

beforeEach(async () => {
  server = await startIam();
  const settings = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', iamEndpoint: server.url, stsEndpoint: server.url };
  provider = openProvider(aws, settings, { secrets: { secretAccessKey: iamSecret } });
});
afterEach(async () => {
  await provider.close();
  await server.stop();
});

const reference = (id: string, aliases: string[] = []): Reference => ({
  kind: 'identity',
  id,
  aliases,
  account: null,
  credentialType: null,
});
const find = async (id: string): Promise<Target> =>
  asTarget((await provider.resolve(reference(id), callContext())).targets[0]!);

describe('AWS IAM on a stand-in that follows its API', () => {
  test('finds users and roles by ARN, role sessions by their role, and every key', async () => {
    expect(await find('arn:aws:iam::123456789012:user/mallory')).toMatchObject({
      kind: 'user',
      id: 'AIDAMALLORY0000000000',
    });
    const session = 'arn:aws:sts::123456789012:assumed-role/deploy/ci-1';
    expect(await find(session)).toMatchObject({ kind: 'role', id: 'AROADEPLOY00000000000', managedBy: null });
    const keys = await provider.descendants(await find('mallory'), callContext());
    expect(keys.filter(({ kind }) => kind === 'access-key').map(({ id }) => id)).toEqual([
      'AKIAMALLORY000000001',
      'AKIAMALLORY000000002',
    ]);
    const both = await provider.resolve(reference('mallory', ['alice']), callContext());
    expect(both.ambiguous).toHaveLength(2);
  });

  test('knows whose credential it acts with, and what it may not do', async () => {
    const { identity, missing } = await provider.test(callContext());
    expect(identity).toMatchObject({ tenant: '123456789012' });
    expect(identity.operator).toContain('AROARESPONDER00000000');
    expect(missing).toEqual(['iam:DeleteLoginProfile']);
  });

  test('denies a user by an inline policy and takes exactly that away again', async () => {
    const user = await find('mallory');
    server.users.get('mallory')?.policies.set('work', '{"Statement":[]}');
    await expectActionContract(provider, user, 'user.deny', {
      secrets: [iamSecret],
      isCut: async () => server.users.get('mallory')?.policies.has('RescindQuarantine') === true,
    });
    expect([...(server.users.get('mallory')?.policies ?? [])]).toEqual([['work', '{"Statement":[]}']]);
  });

  test('makes a key inactive and active again, and leaves one that was inactive alone', async () => {
    const [first, second] = await provider.descendants(await find('mallory'), callContext());
    await expectActionContract(provider, asTarget(first!), 'access-key.deactivate', {
      isCut: async () => server.users.get('mallory')?.keys.get(first!.id)?.status === 'Inactive',
    });
    server.users.get('mallory')!.keys.get(second!.id)!.status = 'Inactive';
    const action = await findAction(provider, asTarget(second!), 'access-key.deactivate');
    const before = await action.snapshot(asTarget(second!), callContext());
    expect(before.inState).toBe(true);
    const outcome = await action.apply(asTarget(second!), before, callContext());
    expect(outcome).toMatchObject({ kind: 'already_in_state' });
    expect(server.effects.filter((effect) => effect === 'UpdateAccessKey mallory')).toHaveLength(2);
  });

  test('revokes a role’s sessions by the time of AWS, as the console does', async () => {
    const role = await find('arn:aws:iam::123456789012:role/deploy');
    await expectActionContract(provider, role, 'role.revoke-sessions', {
      isCut: async () => server.roles.get('deploy')?.policies.has('RescindRevokeOlderSessions') === true,
    });
    const action = await findAction(provider, role, 'role.revoke-sessions');
    await action.apply(role, await action.snapshot(role, callContext()), callContext());
    const document = JSON.parse(
      server.roles.get('deploy')?.policies.get('RescindRevokeOlderSessions') ?? '',
    ) as unknown;
    expect(document).toMatchObject({
      Statement: [
        {
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: { DateLessThan: { 'aws:TokenIssueTime': expect.stringMatching(/^\d{4}-/) } },
        },
      ],
    });
  });

  test('a role of a service is not touched, and the plan says what to do instead', async () => {
    const role = await find('AWSServiceRoleForSupport');
    const { actions, missing } = await provider.actions(role, callContext());
    expect(actions).toEqual([]);
    expect(missing[0]?.advice).toContain('Identity Center');
  });

  test('the console password goes for good', async () => {
    const user = await find('mallory');
    const action = await findAction(provider, user, 'user.delete-login-profile');
    expect(action.spec.reversibility).toBe('R3');
    const before = await action.snapshot(user, callContext());
    expect(await action.apply(user, before, callContext())).toMatchObject({ kind: 'applied' });
    expect(await action.observe(user, before, callContext())).toMatchObject({ state: 'in_effect' });
    expect(action.undo).toBeNull();
  });

  test('faults on the way become what they are: throttled, refused, perhaps done', async () => {
    const user = await find('mallory');
    const action = await findAction(provider, user, 'user.deny');
    const before = await action.snapshot(user, callContext());
    server.fault('PutUserPolicy', 'throttle');
    expect(await action.apply(user, before, callContext())).toMatchObject({ kind: 'throttled' });
    server.fault('PutUserPolicy', 'denied');
    expect(await action.apply(user, before, callContext())).toMatchObject({
      kind: 'forbidden',
      missingPermissions: ['iam:PutUserPolicy'],
    });
    expect(server.effects).toEqual([]);
    server.fault('PutUserPolicy', 'error-after-effect');
    expect(await action.apply(user, before, callContext())).toMatchObject({ kind: 'ambiguous' });
    expect(await action.observe(user, before, callContext())).toMatchObject({ state: 'in_effect' });
    await action.undo?.(user, before, callContext());
    server.fault('PutUserPolicy', 'reset-after-effect');
    await expect(action.apply(user, before, callContext())).rejects.toMatchObject({ kind: 'interrupted' });
    // Each call was sent once: nothing was retried behind the journal's back.
    expect(server.effects.filter((effect) => effect === 'PutUserPolicy mallory')).toHaveLength(2);
  });

  test('another user under the same name is left alone', async () => {
    const user = { ...(await find('mallory')), id: 'AIDASOMEBODYELSE00000' };
    const action = await findAction(provider, user, 'user.deny');
    expect(await action.apply(user, await action.snapshot(user, callContext()), callContext())).toMatchObject(
      {
        kind: 'target_absent',
      },
    );
    expect(server.effects).toEqual([]);
  });

  test.each([
    ['signing-certificate', 'CERT000000000000000000001'],
    ['ssh-key', 'APKA00000000000000000001'],
    ['service-credential', 'ACCA00000000000000000001'],
  ])('a %s of the user is made inactive and active again', async (kind, id) => {
    const user = await find('mallory');
    const found = (await provider.descendants(user, callContext())).find((each) => each.kind === kind);
    expect(found).toMatchObject({ id, parent: user.id, attributes: { status: 'Active' } });
    await expectActionContract(provider, asTarget(found!), 'credential.deactivate', {
      secrets: [iamSecret],
      isCut: async () => server.users.get('mallory')?.others?.get(id)?.status === 'Inactive',
    });
  });

  test('where other credentials may not be listed the plan says so, and goes on', async () => {
    const user = await find('mallory');
    server.fault('ListSSHPublicKeys', 'denied', 2);
    const found = await provider.descendants(user, callContext());
    expect(found.map(({ kind }) => kind)).toEqual([
      'access-key',
      'access-key',
      'signing-certificate',
      'service-credential',
    ]);
    const { actions, missing } = await provider.actions(user, callContext());
    expect(actions.map(({ spec }) => spec.id)).toContain('user.deny');
    expect(missing.map(({ control }) => control)).toContain('The SSH keys of mallory');
  });

  test('a sweep finds keys, users and roles that were made meanwhile', async () => {
    const user = await find('mallory');
    const since = Date.parse('2026-06-01T00:00:00Z');
    expect(await provider.sweep(since, [user], callContext())).toEqual([]);
    const created = new Date('2026-06-01T10:00:00Z');
    server.users.get('mallory')?.keys.set('AKIAMALLORY000000003', { status: 'Active', created });
    server.users.get('alice')!.created = created;
    server.roles.set('backdoor', { id: 'AROABACKDOOR000000000', path: '/', policies: new Map(), created });
    const trusts = ['oidc-provider/issuer.example', 'saml-provider/second'].map(
      (name) => `arn:aws:iam::123456789012:${name}`,
    );
    for (const arn of trusts) server.trusts.set(arn, created);
    const found = await provider.sweep(since, [user], callContext());
    expect(found.map(({ target }) => target.id)).toEqual([
      'AKIAMALLORY000000003',
      'AIDAALICE000000000000',
      'AROABACKDOOR000000000',
      ...trusts.toReversed(),
    ]);
    const [unknown] = await provider
      .actions(asTarget(found.at(-1)!.target), callContext())
      .then(({ actions }) => actions);
    expect(unknown).toBeUndefined();
  });

  test('a part of a sweep that is not allowed does not cost what the others find', async () => {
    const user = await find('mallory');
    const created = new Date('2026-06-01T10:00:00Z');
    server.users.get('mallory')?.keys.set('AKIAMALLORY000000003', { status: 'Active', created });
    server.fault('ListRoles', 'denied');
    const thrown = await provider
      .sweep(Date.parse('2026-06-01T00:00:00Z'), [user], callContext())
      .catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(IncompleteSweep);
    expect(thrown).toMatchObject({
      kind: 'forbidden',
      findings: [{ target: { id: 'AKIAMALLORY000000003' } }],
    });
  });

  test('asks for a permission for every call that it makes', () => {
    expect(permissionsOfCalls('electron/respond/providers/aws')).toEqual(namesOf(aws));
  });
});
