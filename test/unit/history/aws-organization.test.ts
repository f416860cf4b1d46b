import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stateAt } from '#shared/analysis/history/state-at.ts';
import type { EvaluationRequest } from '#shared/domain/evaluation-request.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import type { Json } from '#shared/domain/json.ts';
import type { PolicyChange } from '#shared/domain/policy-change.ts';
import type { BundleSource, CompiledBundle } from '#shared/domain/policy-system.ts';
import { readChange } from '#shared/policy/aws-iam/history/changes.ts';
import { history } from '#shared/policy/aws-iam/history/index.ts';
import { awsIam } from '#shared/policy/aws-iam/index.ts';
import {
  type OrganizationCall,
  type OrganizationOperation,
  OrganizationWorld,
  actions,
  dev,
  management,
  organizationOperation,
  organizationRecord,
  prod,
} from './aws-organization-world.ts';

const may = {
  PolicyName: 'everything',
  PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
};
const identities = {
  UserDetailList: [prod, dev].map((account) => ({
    UserName: 'ann',
    UserId: `AIDA${account}`,
    Path: '/',
    Arn: `arn:aws:iam::${account}:user/ann`,
    UserPolicyList: [may],
  })),
  GroupDetailList: [],
  RoleDetailList: [],
  Policies: [],
};

function source(organization: Json): BundleSource {
  const contents: [string, Json][] = [
    ['details.json', identities],
    ['organization.json', organization],
  ];
  const files = contents.map(([path, content]) => {
    const text = JSON.stringify(content);
    return { path, text, bytes: new TextEncoder().encode(text) };
  });
  return { kind: 'files', files };
}

function change(call: OrganizationCall, at: number): PolicyChange[] {
  const time = `2026-05-01T10:00:${String(at).padStart(2, '0')}Z`;
  const found = readChange({ operation: call.name } as AccessEvent, organizationRecord(call, time));
  return found === null ? [] : [{ event: `e${at}`, time, operation: call.name, ...found }];
}

async function decisions(bundle: CompiledBundle): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const account of [prod, dev]) {
    for (const name of actions) {
      const request = {
        subject: { type: 'principal', id: `arn:aws:iam::${account}:user/ann` },
        action: { name },
        resource: { type: '', id: 'arn:aws:s3:::reports/may.csv', properties: { account } },
        context: {},
      } as EvaluationRequest;
      const { evaluation } = await bundle.evaluate(request, { complete: true });
      found[`${account} ${name}`] = evaluation.decision;
    }
  }
  return found;
}

const load = (from: BundleSource) => awsIam.load(from, {});

function elements(from: BundleSource) {
  const found = history.elementsOf(from);
  if (found === null) throw new Error('no elements');
  return found;
}

function story(operations: readonly OrganizationOperation[]) {
  const world = new OrganizationWorld();
  const snapshots = [source(world.file())];
  const logged: OrganizationCall[] = [];
  for (const each of operations) {
    const call = world.apply(each);
    if (call === null) continue;
    logged.push(call);
    snapshots.push(source(world.file()));
  }
  return { snapshots, logged };
}

/** The truth, but where it is said to be unknown. */
function told(truth: Record<string, string>, found: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(truth).map(([key, decision]) => [
      key,
      found[key] === 'indeterminate' ? 'indeterminate' : decision,
    ]),
  );
}

async function after(calls: readonly OrganizationCall[], base = source(new OrganizationWorld().file())) {
  const earlier = calls.flatMap(change);
  const states = stateAt(
    { base: elements(base), isBefore: true, after: null, earlier, simultaneous: [], later: [] },
    history,
  );
  return decisions(await load(history.rebuild(base, states)));
}

function step(
  what: OrganizationOperation['what'],
  more: Partial<OrganizationOperation> = {},
): OrganizationOperation {
  const plain = { kind: 'scp', pick: 0, target: 0, action: 's3:PutObject' } as const;
  return { what, ...plain, console: false, failed: false, ...more };
}

function call(name: string, parameters: Json): OrganizationCall {
  return { name, parameters, response: null, caller: management, failed: false };
}

describe('an organization follows its log', () => {
  test('from one bundle or between two, forwards and backwards, no decision is wrong', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(organizationOperation, { maxLength: 14 }),
        fc.nat(14),
        fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }),
        fc.constantFrom('before', 'after', 'both'),
        async (operations, pick, lost, which) => {
          const { snapshots, logged } = story(operations);
          const changes = logged.map((call, at) =>
            change(lost[at] === true ? { ...call, response: null } : call, at),
          );
          const at = pick % snapshots.length;
          const [first, last] = [snapshots[0] as BundleSource, snapshots.at(-1) as BundleSource];
          const base = which === 'after' ? last : first;
          const states = stateAt(
            {
              base: elements(base),
              isBefore: which !== 'after',
              after: which === 'both' ? elements(last) : null,
              earlier: changes.slice(0, at).flat(),
              simultaneous: [],
              later: which === 'before' ? [] : changes.slice(at).flat(),
            },
            history,
          );
          const found = await decisions(await load(history.rebuild(base, states)));
          const truth = await decisions(await load(snapshots[at] as BundleSource));
          expect(found).toEqual(told(truth, found));
        },
      ),
      { numRuns: 100 },
    );
  });

  test.each([
    ['a policy is updated', [step('Update')]],
    ['a policy is updated in the console, which sends its name too', [step('Update', { console: true })]],
    ['an account is moved', [step('Move', { target: 2 })]],
    ['a policy is made and attached', [step('Create', { pick: 1 }), step('Attach', { pick: 1 })]],
    [
      'a resource control policy is made and attached',
      [step('Create', { kind: 'rcp', pick: 1 }), step('Attach', { pick: 1 })],
    ],
    [
      'it is detached again',
      [step('Create', { pick: 1 }), step('Attach', { pick: 1 }), step('Detach', { pick: 1 })],
    ],
    ['an updated policy is attached elsewhere', [step('Update'), step('Attach', { target: 0 })]],
    [
      'an account is moved to a new unit, to which a policy is attached',
      [
        step('Unit', { target: 2 }),
        step('Create', { pick: 1 }),
        step('Attach', { pick: 1, target: 3 }),
        step('Move', { target: 3 }),
      ],
    ],
    [
      'one is moved to a unit in a new unit',
      [step('Unit', { target: 1 }), step('Unit', { target: 3 }), step('Move', { target: 4, pick: 1 })],
    ],
    ['an account leaves', [step('Leave')]],
    ['a call fails', [step('Update', { failed: true }), step('Attach', { failed: true })]],
  ])('all is known where %s', async (_, operations) => {
    const { snapshots, logged } = story(operations);
    expect(logged).toHaveLength(operations.length);
    expect(await after(logged)).toEqual(await decisions(await load(snapshots.at(-1) as BundleSource)));
  });

  test('a policy that only its id tells makes the level unknown, and no other', async () => {
    const before = await after([]);
    const attached = await after(story([step('Attach', { target: 4 })]).logged);
    expect(attached).toEqual({
      ...before,
      [`${dev} s3:GetObject`]: 'indeterminate',
      [`${dev} s3:PutObject`]: 'indeterminate',
    });
  });

  test.each([
    [
      'a kind of policies is switched off',
      'DisablePolicyType',
      { rootId: 'r-root', policyType: 'SERVICE_CONTROL_POLICY' },
    ],
    ['a policy is attached, and the log does not tell where', 'AttachPolicy', null],
    ['a policy is updated, and the log does not tell which', 'UpdatePolicy', { policyId: 'p-first' }],
  ])('nothing is known where %s', async (_, name, parameters) => {
    expect(new Set(Object.values(await after([call(name, parameters)])))).toEqual(new Set(['indeterminate']));
  });

  test.each([
    ['another kind is switched off', 'DisablePolicyType', { rootId: 'r-root', policyType: 'TAG_POLICY' }],
    ['a unit is made', 'CreateOrganizationalUnit', { parentId: 'r-root', name: 'new' }],
    ['a policy is deleted, which is attached nowhere', 'DeletePolicy', { policyId: 'p-other' }],
  ])('nothing changes where %s', async (_, name, parameters) => {
    expect(await after([call(name, parameters)])).toEqual(await after([]));
  });

  test('an account in a unit that the bundle does not have is not known', async () => {
    const parameters = { accountId: dev, sourceParentId: 'r-root', destinationParentId: 'ou-root-new' };
    const found = await after([call('MoveAccount', parameters)]);
    expect(found).toEqual({
      ...(await after([])),
      [`${dev} s3:GetObject`]: 'indeterminate',
      [`${dev} s3:PutObject`]: 'indeterminate',
    });
  });

  test('what was attached to an account does not come back with it', async () => {
    const { logged } = story([step('Attach', { target: 3 }), step('Leave'), step('Join')]);
    expect(logged.map(({ name }) => name)).toEqual([
      'AttachPolicy',
      'RemoveAccountFromOrganization',
      'AcceptHandshake',
    ]);
    expect((await after(logged))[`${prod} s3:GetObject`]).toBe('indeterminate');
  });

  test('a denial stands whatever else was attached', async () => {
    const { logged } = story([step('Attach', { target: 3 })]);
    expect(logged.map(({ parameters }) => parameters)).toEqual([{ policyId: 'p-first', targetId: prod }]);
    const found = await after(logged);
    expect(found[`${prod} s3:GetObject`]).toBe('deny');
    expect(found[`${prod} s3:PutObject`]).toBe('indeterminate');
  });
});
