import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Provider } from '#electron/respond/provider.ts';
import { awsOrganization } from '#electron/respond/providers/aws/organization/index.ts';
import { means } from '#electron/respond/providers/aws/organization/policies.ts';
import type { Reference, Target } from '#shared/domain/response.ts';
import { expectActionContract, findAction } from '../support/respond/provider-contract.ts';
import { namesOf, permissionsOfCalls } from '../support/respond/aws-calls.ts';
import { asTarget, callContext, openProvider } from '../support/respond/provider-io.ts';
import { type FakeIam, iamSecret, startIam } from '../support/respond/servers/iam.ts';
import {
  type FakeOrganization,
  identityStoreId,
  instanceArn,
  malloryId,
  managementAccount,
  memberAccount,
  permissionSet,
  startOrganization,
} from '../support/respond/servers/organization.ts';

let server: FakeOrganization;
let sts: FakeIam;
let provider: Provider;
beforeEach(async () => {
  [server, sts] = [await startOrganization(), await startIam()];
  provider = open();
});
afterEach(async () => {
  await provider.close();
  await server.stop();
  await sts.stop();
});

function open(more: Readonly<Record<string, string>> = {}): Provider {
  const settings = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    instanceArn,
    identityStoreId,
    userPolicy: 'p-users0001',
    accountPolicy: 'p-account01',
    organizationsEndpoint: server.url,
    ssoEndpoint: server.url,
    identityStoreEndpoint: server.url,
    stsEndpoint: sts.url,
    ...more,
  };
  return openProvider(awsOrganization, settings, { secrets: { secretAccessKey: iamSecret } });
}

const reference = (id: string): Reference => ({
  kind: 'identity',
  id,
  aliases: [],
  account: null,
  credentialType: null,
});
const find = async (id: string): Promise<Target> =>
  asTarget((await provider.resolve(reference(id), callContext())).targets[0]!);
const descendant = async (kind: string): Promise<Target> =>
  asTarget(
    (await provider.descendants(await find('mallory'), callContext())).find((each) => each.kind === kind)!,
  );
const denied = (): string[] => {
  const document = JSON.parse(server.policies.get('p-users0001')!.content) as {
    Statement: { Condition?: { StringEquals: Record<string, string[]> } }[];
  };
  return document.Statement[1]!.Condition!.StringEquals['identitystore:userId']!;
};

describe('AWS Organizations and Identity Center on a stand-in that follows their APIs', () => {
  test('finds users, accounts, and what a user holds directly and through groups', async () => {
    expect(await find('mallory')).toMatchObject({
      kind: 'sso-user',
      id: malloryId,
      managedBy: 'https://idp.example.org',
    });
    expect(await find(malloryId)).toMatchObject({ name: 'mallory' });
    expect(await find(memberAccount)).toMatchObject({ kind: 'account', name: 'payments' });
    const found = await provider.descendants(await find('mallory'), callContext());
    expect(found.map(({ kind, name }) => [kind, name])).toEqual([
      ['account-assignment', `Admins in ${memberAccount}`],
      ['group-membership', 'membership of Administrators'],
      ['permission-set-sessions', 'sessions of Admins'],
    ]);
  });

  test('quarantines a user by the prepared policy, and leaves the others in it', async () => {
    await expectActionContract(provider, await find('mallory'), 'user.quarantine', {
      secrets: [iamSecret],
      isCut: async () => denied().includes(malloryId),
    });
    expect(denied()).toEqual(['earlier-suspect']);
    const { Statement: statements } = JSON.parse(server.policies.get('p-users0001')!.content) as {
      Statement: { Action: string }[];
    };
    expect(statements[0]?.Action).toBe('organizations:LeaveOrganization');
  });

  test('two users at once are both in the policy', async () => {
    const mallory = await find('mallory');
    const oscar = { ...mallory, id: 'oscar-id', name: 'oscar' };
    await Promise.all(
      [mallory, oscar].map(async (target) => {
        const action = await findAction(provider, target, 'user.quarantine');
        await action.apply(target, await action.snapshot(target, callContext()), callContext());
      }),
    );
    expect(denied()).toEqual(['earlier-suspect', malloryId, 'oscar-id']);
  });

  test('a policy that is attached to nothing denies nobody', async () => {
    server.policies.get('p-users0001')!.targets.clear();
    const target = await find('mallory');
    const action = await findAction(provider, target, 'user.quarantine');
    const before = await action.snapshot(target, callContext());
    await action.apply(target, before, callContext());
    expect(await action.observe(target, before, callContext())).toMatchObject({ state: 'not_in_effect' });
    expect((await provider.test(callContext())).notes.join(' ')).toContain('attached to nothing');
  });

  test('says what Identity Center has no API for, and what is not prepared', async () => {
    const { missing } = await provider.actions(await find('mallory'), callContext());
    expect(missing[0]?.advice).toContain('https://idp.example.org');
    const bare = open({ userPolicy: '', accountPolicy: '' });
    const list = await bare.actions(await find('mallory'), callContext());
    expect(list.actions).toEqual([]);
    expect(list.missing.map(({ control }) => control).join(' ')).toContain('userPolicy');
    await bare.close();
  });

  test('quarantines an account and takes that back', async () => {
    await expectActionContract(provider, await find(memberAccount), 'account.quarantine', {
      isCut: async () => server.policies.get('p-account01')!.targets.has(memberAccount),
    });
  });

  test('the management account, and a target with five policies, are refused with the reason', async () => {
    const management = await provider.actions(await find(managementAccount), callContext());
    expect(management.actions).toEqual([]);
    expect(management.missing[0]?.consequence).toContain('no effect on the management account');
    for (let number = 1; number <= 4; number++) {
      server.policies.set(`p-other000${number}`, { content: '{}', targets: new Set([memberAccount]) });
    }
    const full = await provider.actions(await find(memberAccount), callContext());
    expect(full.actions).toEqual([]);
    expect(full.missing[0]?.consequence).toContain('no more than 5');
  });

  test('a fifth that came in between is an outcome, not a surprise', async () => {
    const target = await find(memberAccount);
    const action = await findAction(provider, target, 'account.quarantine');
    const before = await action.snapshot(target, callContext());
    for (let number = 1; number <= 4; number++) {
      server.policies.set(`p-other000${number}`, { content: '{}', targets: new Set([memberAccount]) });
    }
    expect(await action.apply(target, before, callContext())).toMatchObject({
      kind: 'unsupported',
      facts: { error: 'ConstraintViolationException' },
    });
  });

  test('a quarantine that would lock the responder out is said beforehand', async () => {
    const policy = server.policies.get('p-account01')!;
    expect((await provider.test(callContext())).notes.join(' ')).not.toContain('locked out');
    policy.content = policy.content.replace('role/responder', 'role/somebody-else');
    expect((await provider.test(callContext())).notes.join(' ')).toContain('locked out');
  });

  test('deletes an assignment, which lasts, and creates it again', async () => {
    const target = await descendant('account-assignment');
    const action = await findAction(provider, target, 'assignment.delete');
    expect(action.spec.doesNotStop[0]).toMatchObject({ artefact: 'role_session', residualSeconds: 28_800 });
    const before = await action.snapshot(target, callContext());
    server.lag.reads = 3;
    await action.apply(target, before, callContext());
    expect(await action.observe(target, before, callContext())).toMatchObject({ state: 'not_in_effect' });
    server.lag.reads = 0;
    expect(await action.observe(target, before, callContext())).toMatchObject({ state: 'in_effect' });
    await action.undo?.(target, before, callContext());
    await expectActionContract(provider, target, 'assignment.delete', {
      isCut: async () => !server.assignments.some(({ PrincipalId: id }) => id === malloryId),
    });
    expect(server.assignments.map(({ PrincipalId: id }) => id).toSorted()).toEqual(
      [malloryId, 'group-admins', 'user-alice'].toSorted(),
    );
  });

  test('takes a user out of a group and back, under a new id', async () => {
    await expectActionContract(provider, await descendant('group-membership'), 'membership.delete');
    expect([...server.memberships.values()]).toEqual([{ GroupId: 'group-admins', UserId: malloryId }]);
    expect([...server.memberships.keys()]).not.toContain('membership-1');
  });

  test('denies sessions from before, of this user alone, beside what the permission set has', async () => {
    const own = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
    server.inline.set(permissionSet, JSON.stringify(own));
    const target = await descendant('permission-set-sessions');
    await expectActionContract(provider, target, 'permission-set.revoke-sessions', {
      isCut: async () => (server.inline.get(permissionSet) ?? '').includes(malloryId),
    });
    expect(JSON.parse(server.inline.get(permissionSet)!)).toEqual(own);
    expect(server.provisioned).toEqual([permissionSet, permissionSet]);
    const action = await findAction(provider, target, 'permission-set.revoke-sessions');
    const before = await action.snapshot(target, callContext());
    await action.apply(target, before, callContext());
    const { Statement: statements } = JSON.parse(server.inline.get(permissionSet)!) as {
      Statement: { Condition?: Record<string, Record<string, string>> }[];
    };
    expect(statements[1]?.Condition).toMatchObject({ StringEquals: { 'identitystore:userId': malloryId } });
    expect(
      Date.parse(statements[1]?.Condition?.['DateLessThan']?.['aws:TokenIssueTime'] ?? ''),
    ).toBeGreaterThan(0);
    server.inline.delete(permissionSet);
    expect(await action.observe(target, before, callContext())).toMatchObject({ state: 'not_in_effect' });
  });

  test('a deny that was not brought to the accounts is half done, and not in effect', async () => {
    const target = await descendant('permission-set-sessions');
    const action = await findAction(provider, target, 'permission-set.revoke-sessions');
    const before = await action.snapshot(target, callContext());
    server.fault('ProvisionPermissionSet', 'refused');
    expect(await action.apply(target, before, callContext())).toMatchObject({
      kind: 'partial',
      done: ['inline policy'],
    });
    expect(await action.observe(target, before, callContext())).toMatchObject({
      state: 'not_in_effect',
      facts: { behind: [memberAccount] },
    });
    await action.apply(target, before, callContext());
    expect(await action.observe(target, before, callContext())).toMatchObject({ state: 'in_effect' });
  });

  test('faults on the way become what they are: throttled, refused, perhaps done', async () => {
    const target = await find('mallory');
    const action = await findAction(provider, target, 'user.quarantine');
    const before = await action.snapshot(target, callContext());
    server.fault('UpdatePolicy', 'throttle');
    expect(await action.apply(target, before, callContext())).toMatchObject({ kind: 'throttled' });
    server.fault('UpdatePolicy', 'refused');
    expect(await action.apply(target, before, callContext())).toMatchObject({
      kind: 'forbidden',
      missingPermissions: ['organizations:UpdatePolicy'],
    });
    expect(await action.observe(target, before, callContext())).toMatchObject({ state: 'not_in_effect' });
    server.fault('UpdatePolicy', 'error-after-effect');
    expect(await action.apply(target, before, callContext())).toMatchObject({ kind: 'ambiguous' });
    expect(await action.observe(target, before, callContext())).toMatchObject({ state: 'in_effect' });
    await action.undo?.(target, before, callContext());
    server.fault('UpdatePolicy', 'reset-after-effect');
    await expect(action.apply(target, before, callContext())).rejects.toMatchObject({ kind: 'interrupted' });
    expect(server.calls.filter((call) => call === 'UpdatePolicy')).toHaveLength(5);
  });

  test('an instance with another identity store is refused', async () => {
    const other = open({ identityStoreId: 'd-0000000000' });
    await expect(other.whoami(callContext())).rejects.toMatchObject({ kind: 'rejected' });
    await other.close();
  });

  test('asks for a permission for every call that it makes', () => {
    expect(permissionsOfCalls('electron/respond/providers/aws/organization')).toEqual(
      namesOf(awsOrganization),
    );
  });

  test('patterns of a policy mean what IAM says they do', () => {
    expect(means('arn:aws:iam::*:role/responder', 'arn:aws:iam::222222222222:role/responder')).toBe(true);
    expect(means('arn:aws:iam::*:role/respond', 'arn:aws:iam::222222222222:role/responder')).toBe(false);
    const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
    const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 });
    fc.assert(
      fc.property(patterns, letters, (pattern, arn) => {
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(arn);
        expect(means(pattern, arn)).toBe(expected);
      }),
    );
  });
});
