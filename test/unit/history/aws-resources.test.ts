import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stateAt } from '#shared/analysis/history/state-at.ts';
import type { EvaluationRequest } from '#shared/domain/evaluation-request.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import type { Json } from '#shared/domain/json.ts';
import type { PolicyChange } from '#shared/domain/policy-change.ts';
import type { BundleSource, CompiledBundle } from '#shared/domain/policy-system.ts';
import { changeQuery, readChange } from '#shared/policy/aws-iam/history/changes.ts';
import { history } from '#shared/policy/aws-iam/history/index.ts';
import { awsIam } from '#shared/policy/aws-iam/index.ts';
import { matchesEvent } from '#shared/query/matches.ts';
import { parseQuery } from '#shared/query/parse.ts';
import {
  type ResourceCall,
  type ResourceOperation,
  ResourceWorld,
  actionOf,
  arns,
  resourceOperation,
  resourceRecord,
  stranger,
} from './aws-resources-world.ts';
import { account } from './aws-world.ts';

const everything = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};
const user = (owner: string, name: string, UserPolicyList: Json[]) => ({
  UserName: name,
  UserId: `AIDA${name.toUpperCase()}`,
  Path: '/',
  Arn: `arn:aws:iam::${owner}:user/${name}`,
  UserPolicyList,
});
const may = [{ PolicyName: 'everything', PolicyDocument: everything }];
const identities = {
  UserDetailList: [user(account, 'ann', []), user(account, 'bob', may), user(stranger, 'sam', may)],
  GroupDetailList: [],
  RoleDetailList: [],
  Policies: [],
};
const subjects = [`${account}:user/ann`, `${account}:user/bob`, `${stranger}:user/sam`];

/** The policies of resources lie in a folder of the account, or beside all identities. */
function source(policies: Record<string, Json>, isFolder: boolean): BundleSource {
  const path = isFolder ? `accounts/${account}/resource-policies.json` : 'resource-policies.json';
  const contents: [string, Json][] = [
    [
      'details.json',
      isFolder ? identities : { ...identities, UserDetailList: identities.UserDetailList.slice(0, 2) },
    ],
    [path, policies],
  ];
  const files = contents.map(([name, content]) => {
    const text = JSON.stringify(content);
    return { path: name, text, bytes: new TextEncoder().encode(text) };
  });
  return { kind: 'files', files };
}

function change(call: ResourceCall, at: number): PolicyChange[] {
  const time = `2026-05-01T10:00:${String(at).padStart(2, '0')}Z`;
  const found = readChange({ operation: call.name } as AccessEvent, resourceRecord(call, time));
  return found === null ? [] : [{ event: `e${at}`, time, operation: call.name, ...found }];
}

async function decisions(bundle: CompiledBundle): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const subject of subjects) {
    for (const [service, id] of Object.entries(arns)) {
      const name = actionOf[service as keyof typeof actionOf];
      const request = {
        subject: { type: 'principal', id: `arn:aws:iam::${subject}` },
        action: { name },
        resource: { type: '', id, properties: { account } },
        context: {},
      } as EvaluationRequest;
      const { evaluation } = await bundle.evaluate(request, { complete: true });
      found[`${subject} ${service}`] = evaluation.decision;
    }
  }
  return found;
}

const load = (from: BundleSource) => awsIam.load(from, {});

function story(operations: readonly ResourceOperation[], isFolder: boolean) {
  const world = new ResourceWorld();
  const snapshots = [source(world.file(), isFolder)];
  const logged: ResourceCall[] = [];
  for (const each of operations) {
    const call = world.apply(each);
    if (call === null) continue;
    logged.push(call);
    snapshots.push(source(world.file(), isFolder));
  }
  return { snapshots, logged };
}

function elements(from: BundleSource) {
  const found = history.elementsOf(from);
  if (found === null) throw new Error('no elements');
  return found;
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

describe('the policies of resources follow the log', () => {
  test('a snapshot and the calls since come to the next snapshot', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(resourceOperation, { maxLength: 16 }),
        fc.boolean(),
        async (operations, isFolder) => {
          const { snapshots, logged } = story(operations, isFolder);
          const [first, last] = [snapshots[0] as BundleSource, snapshots.at(-1) as BundleSource];
          const earlier = logged.flatMap(change);
          const states = stateAt(
            { base: elements(first), isBefore: true, after: null, earlier, simultaneous: [], later: [] },
            history,
          );
          const found = await decisions(await load(history.rebuild(first, states)));
          const truth = await decisions(await load(last));
          expect(found).toEqual(told(truth, found));
          // Nothing is unknown but of functions that were deleted and of secrets that a call does not name in full.
          const unknown = [...states].flatMap(([element, { kind }]) => (kind === 'unknown' ? [element] : []));
          const vague = unknown.filter((element) => !/:function:resize:\*$|:secret:database/.test(element));
          expect(vague).toEqual([]);
          const unclear = Object.entries(found).filter(
            ([key, decision]) => decision === 'indeterminate' && truth[key] !== 'indeterminate',
          );
          expect(unclear.filter(([key]) => !key.endsWith(' secretsmanager'))).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('between two snapshots, from a log that lost parts, nothing is wrong: at most not known', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(resourceOperation, { maxLength: 14 }),
        fc.nat(14),
        fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }),
        fc.boolean(),
        fc.boolean(),
        async (operations, pick, lost, isBefore, isFolder) => {
          const { snapshots, logged } = story(operations, isFolder);
          const changes = logged.map((call, at) => change(lost[at] === true ? lessOf(call) : call, at));
          const at = pick % snapshots.length;
          const [first, last] = [snapshots[0] as BundleSource, snapshots.at(-1) as BundleSource];
          const base = isBefore ? first : last;
          const states = stateAt(
            {
              base: elements(base),
              isBefore,
              after: isBefore ? elements(last) : null,
              earlier: changes.slice(0, at).flat(),
              simultaneous: [],
              later: changes.slice(at).flat(),
            },
            history,
          );
          const found = await decisions(await load(history.rebuild(base, states)));
          const truth = await decisions(await load(snapshots[at] as BundleSource));
          expect(found).toEqual(told(truth, found));
        },
      ),
      { numRuns: 60 },
    );
  });
});

function call(name: string, service: string, parameters: Record<string, Json>): ResourceCall {
  const source = `${service}.amazonaws.com`;
  return { source, name, parameters, response: null, resources: null, failed: false };
}

function isFound(operation: string): boolean {
  const parsed = parseQuery(changeQuery);
  const event: unknown = {
    format: 'aws-cloudtrail',
    outcome: 'allow',
    operation,
    resources: [],
    session: null,
    credential: null,
    resource: null,
    subject: null,
    actor: null,
    correlation: {},
  };
  return 'ast' in parsed && matchesEvent(parsed.ast, event as AccessEvent);
}

test('calls that change policies are found in the log', () => {
  fc.assert(
    fc.property(resourceOperation, (each) => {
      const found = new ResourceWorld().apply(each);
      expect(found === null || isFound(found.name)).toBe(true);
    }),
  );
  expect(isFound('GetObject')).toBe(false);
});

describe('what a call does not tell', () => {
  const first = source(new ResourceWorld().file(), true);
  async function unknownAfter(logged: ResourceCall): Promise<string[]> {
    const states = stateAt(
      {
        base: elements(first),
        isBefore: true,
        after: null,
        earlier: change(logged, 1),
        simultaneous: [],
        later: [],
      },
      history,
    );
    const before = await decisions(await load(first));
    const found = await decisions(await load(history.rebuild(first, states)));
    const different = Object.keys(found).filter((key) => found[key] !== before[key]);
    expect(different.map((key) => found[key])).toEqual(different.map(() => 'indeterminate'));
    return [...new Set(different.map((key) => key.split(' ')[1] ?? ''))];
  }

  const policy = JSON.stringify(everything);

  test.each([
    ['a key named by an alias', call('PutKeyPolicy', 'kms', { keyId: 'alias/orders', policy }), ['kms']],
    [
      'a secret named by its name',
      call('PutResourcePolicy', 'secretsmanager', { secretId: 'database', resourcePolicy: policy }),
      ['secretsmanager'],
    ],
    [
      'another secret named by its name',
      call('PutResourcePolicy', 'secretsmanager', { secretId: 'data', resourcePolicy: policy }),
      [],
    ],
    ['no parameters', call('SetRepositoryPolicy', 'ecr', {}), ['ecr']],
    [
      'a statement of which the answer is not logged',
      call('AddPermission20150331v2', 'lambda', { functionName: 'resize' }),
      ['lambda'],
    ],
    [
      'a policy that a service words in its own way',
      call('PutResourcePolicy', 'sqs', { resourceArn: arns.sqs, policyInJson: policy }),
      ['sqs'],
    ],
  ] as const)('is unknown, and nothing else is: %s', async (_, logged, services) => {
    expect(await unknownAfter(logged)).toEqual(services);
  });
});

/** Only the name of the resource is left, or not even that. */
function lessOf(call: ResourceCall): ResourceCall {
  const kept = ['queueUrl', 'topicArn', 'functionName', 'secretId', 'keyId', 'bucketName', 'repositoryName'];
  const parameters = Object.fromEntries(
    Object.entries(call.parameters).filter(([key]) => kept.includes(key)),
  );
  const isNamed = call.name.length % 2 === 0;
  // A change of attributes of which no attribute is told would be none.
  if (/^Set(?:Queue|Topic)Attributes$/.test(call.name)) return call;
  return { ...call, parameters: isNamed ? parameters : {}, response: null, resources: null };
}
