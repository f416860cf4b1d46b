import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#shared/domain/json.ts';
import type { CompiledBundle } from '#shared/domain/policy-system.ts';
import type { ObservedUse, ProposalMargin } from '#shared/domain/proposal.ts';
import type { Decision } from '#shared/domain/trace.ts';
import { awsIam } from '#shared/policy/aws-iam/index.ts';
import { kubernetesRbac } from '#shared/policy/kubernetes-rbac/index.ts';
import { filesSource, inline } from '#test/support/policy-cases.ts';

const account = '111122223333';
const ann = `arn:aws:iam::${account}:user/ann`;
const strength: Readonly<Record<Decision, number>> = { deny: 0, indeterminate: 1, allow: 2 };
const margins: readonly ProposalMargin[] = (['exact', 'siblings', 'granted'] as const).flatMap((resources) =>
  [true, false].map((reads) => ({ resources, reads, unseen: false })),
);

function accountOf(policy: JsonObject): Promise<CompiledBundle> {
  const details = {
    UserDetailList: [
      {
        UserName: 'ann',
        Arn: ann,
        UserPolicyList: [{ PolicyName: 'own', PolicyDocument: policy }],
        AttachedManagedPolicies: [],
        GroupList: [],
      },
    ],
    RoleDetailList: [],
    GroupDetailList: [],
    Policies: [],
  };
  return awsIam.load(filesSource({ 'details.json': JSON.stringify(details) }), {});
}

async function decide(bundle: CompiledBundle, action: string, resource: string): Promise<Decision> {
  const request = {
    subject: { type: 'user', id: ann },
    action: { name: action },
    resource: { type: 'resource', id: resource },
  };
  return (await bundle.evaluate(request, { complete: false })).evaluation.decision;
}

const observe = (action: string, resource: string | null, events = 1): ObservedUse => ({
  action,
  resource,
  others: [],
  events,
});

function proposed(
  bundle: CompiledBundle,
  subject: string,
  observed: readonly ObservedUse[],
  margin: ProposalMargin,
  isUnseen: (action: string) => boolean = () => false,
) {
  const proposal = bundle.propose?.({ subject, observed, margin, isUnseen });
  if (proposal === null || proposal === undefined) throw new Error('There is no proposal.');
  return proposal;
}

const statementsOf = (text: string | undefined): readonly JsonObject[] =>
  (JSON.parse(text ?? '') as { Statement: JsonObject[] }).Statement;

const some = <T>(list: readonly T[]) => fc.subarray([...list], { minLength: 1, maxLength: 3 });

const element = (name: string, list: readonly string[]) =>
  fc
    .record({ not: fc.nat(5), values: some(list) })
    .map(({ not, values }) => ({ [not === 0 ? `Not${name}` : name]: values }));

describe('AWS', () => {
  const wide = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['s3:*', 'ec2:*'], Resource: '*' },
      {
        Effect: 'Allow',
        Action: 'sqs:*',
        Resource: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'true' } },
      },
      { Sid: 'Keep', Effect: 'Deny', Action: 's3:DeleteBucket', Resource: '*' },
    ],
  };

  test.each<[ProposalMargin['resources'], unknown]>([
    ['exact', ['arn:aws:s3:::reports/2026/may.csv']],
    ['siblings', ['arn:aws:s3:::reports/2026/*']],
    ['granted', '*'],
  ])('resources as they were used: %s', async (resources, expected) => {
    const bundle = await accountOf(wide);
    const observed = [
      observe('s3:GetObject', 'arn:aws:s3:::reports/2026/may.csv'),
      observe('ec2:DescribeInstances', null),
    ];
    const { policies, broken } = proposed(bundle, ann, observed, { resources, reads: false, unseen: false });
    expect(broken).toEqual([]);
    const statements = statementsOf(policies[0]?.text);
    expect(
      statements.find(({ Action }) => JSON.stringify(Action).includes('s3:GetObject'))?.['Resource'],
    ).toEqual(expected);
    expect(statements).toContainEqual({ Effect: 'Deny', Action: 's3:DeleteBucket', Resource: '*' });
    expect(JSON.stringify(statements)).not.toContain('sqs');
  });

  test('a condition stays, and a name that looks like a pattern is none', async () => {
    const bundle = await accountOf(wide);
    const queue = `arn:aws:sqs:eu-west-1:${account}:jobs`;
    const observed = [observe('sqs:SendMessage', queue), observe('s3:PutObject', 'arn:aws:s3:::b/odd*name')];
    const { policies } = proposed(bundle, ann, observed, { resources: 'exact', reads: false, unseen: false });
    expect(statementsOf(policies[0]?.text)).toEqual(
      expect.arrayContaining([
        {
          Effect: 'Allow',
          Action: ['sqs:SendMessage'],
          Resource: [queue],
          Condition: { Bool: { 'aws:SecureTransport': 'true' } },
        },
        { Effect: 'Allow', Action: ['s3:PutObject'], Resource: ['arn:aws:s3:::b/odd${*}name'] },
      ]),
    );
  });

  test('what the log cannot show is kept where it is asked for, and said', async () => {
    const bundle = await accountOf(wide);
    const observed = [observe('ec2:DescribeInstances', null)];
    const margin = { resources: 'exact', reads: false, unseen: true } as const;
    const { kept, policies } = proposed(bundle, ann, observed, margin, (action) => action === 's3:GetObject');
    expect(kept).toEqual(['s3:GetObject']);
    expect(policies[0]?.text).toContain('s3:GetObject');
    const without = proposed(bundle, ann, observed, { ...margin, unseen: false }, () => true);
    expect(without.kept).toEqual([]);
    expect(without.policies[0]?.text).not.toContain('s3:GetObject');
  });

  test('use that no grant explains is said', async () => {
    const bundle = await accountOf(wide);
    const observed = [observe('iam:CreateUser', `arn:aws:iam::${account}:user/new`)];
    const { unexplained } = proposed(bundle, ann, observed, {
      resources: 'exact',
      reads: false,
      unseen: false,
    });
    expect(unexplained).toMatchObject([{ action: 'iam:CreateUser' }]);
  });

  const actions = [
    's3:GetObject',
    's3:PutObject',
    's3:ListBucket',
    'sqs:SendMessage',
    'ec2:DescribeInstances',
    'iam:GetUser',
  ];
  const objects = [
    'arn:aws:s3:::a/x',
    'arn:aws:s3:::a/y/z',
    'arn:aws:s3:::b/x',
    'arn:aws:s3:::a',
    `arn:aws:sqs:eu-west-1:${account}:q`,
    ann,
  ];
  const patterns = [
    '*',
    's3:*',
    's3:Get*',
    's3:*Object',
    'sqs:*',
    'ec2:Describe*',
    'iam:Get?ser',
    ...actions,
  ];
  const places = [
    '*',
    'arn:aws:s3:::*',
    'arn:aws:s3:::a/*',
    'arn:aws:s3:::a*',
    'arn:aws:sqs:*',
    'arn:aws:iam::*:user/${aws:username}',
    ...objects,
  ];
  const statement = fc
    .tuple(
      fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
      element('Action', patterns),
      element('Resource', places),
      fc.option(
        fc.constantFrom(
          { Bool: { 'aws:SecureTransport': 'true' } },
          { StringEquals: { 'aws:username': 'ann' } },
          { StringEquals: { 'aws:username': 'bob' } },
        ),
        { nil: undefined, freq: 4 },
      ),
    )
    .map(([Effect, action, resource, Condition]) => ({
      Effect,
      ...action,
      ...resource,
      ...(Condition === undefined ? {} : { Condition }),
    }));
  const requests = actions.flatMap((action) => objects.map((resource) => ({ action, resource })));

  test('allows everything that was seen, and nothing that is not granted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(statement, { minLength: 1, maxLength: 5 }),
        fc.array(fc.constantFrom(...requests), { maxLength: 8 }),
        fc.constantFrom(...margins),
        async (statements, wanted, margin) => {
          const bundle = await accountOf({ Version: '2012-10-17', Statement: statements });
          const allowed: ObservedUse[] = [];
          for (const { action, resource } of wanted) {
            if ((await decide(bundle, action, resource)) !== 'deny') allowed.push(observe(action, resource));
          }
          const { policies, broken } = proposed(bundle, ann, allowed, margin);
          expect(broken).toEqual([]);
          const after = await accountOf(JSON.parse(policies[0]?.text ?? '') as JsonObject);
          for (const { action, resource } of requests) {
            const [was, is] = [await decide(bundle, action, resource), await decide(after, action, resource)];
            expect(strength[is]).toBeLessThanOrEqual(strength[was]);
          }
          for (const { action, resource } of allowed) {
            expect(await decide(after, action, resource ?? '*')).toBe(
              await decide(bundle, action, resource ?? '*'),
            );
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('Kubernetes', () => {
  const rbac = 'rbac.authorization.k8s.io';
  const verbs = ['get', 'list', 'create', 'update', 'delete'];
  const resources = ['pods', 'pods/exec', 'secrets', 'configmaps'];
  const spaces = ['shop', 'ops'];
  const names = ['one', 'two'];
  const request = fc.record({
    verb: fc.constantFrom(...verbs),
    resource: fc.constantFrom(...resources),
    namespace: fc.constantFrom(...spaces),
    name: fc.constantFrom(...names),
  });
  type Asked = { verb: string; resource: string; namespace: string; name: string };
  const rule = fc
    .record({
      verbs: fc.subarray(['*', ...verbs], { minLength: 1, maxLength: 3 }),
      resources: fc.subarray(['*', ...resources], { minLength: 1, maxLength: 2 }),
      resourceNames: fc.option(fc.subarray(names, { minLength: 1 }), { nil: undefined }),
    })
    .map(({ resourceNames, ...rest }) => ({
      apiGroups: [''],
      ...rest,
      ...(resourceNames === undefined ? {} : { resourceNames }),
    }));
  const grant = fc.record({
    namespace: fc.option(fc.constantFrom(...spaces), { nil: null }),
    rules: fc.array(rule, { minLength: 1, maxLength: 3 }),
  });

  function cluster(grants: readonly { namespace: string | null; rules: readonly object[] }[]): object {
    return {
      apiVersion: 'v1',
      kind: 'List',
      items: grants.flatMap(({ namespace, rules }, index) => {
        const metadata = { name: `g${index}`, ...(namespace === null ? {} : { namespace }) };
        const prefix = namespace === null ? 'Cluster' : '';
        return [
          { apiVersion: `${rbac}/v1`, kind: `${prefix}Role`, metadata, rules },
          {
            apiVersion: `${rbac}/v1`,
            kind: `${prefix}RoleBinding`,
            metadata,
            subjects: [{ kind: 'User', apiGroup: rbac, name: 'ann' }],
            roleRef: { apiGroup: rbac, kind: `${prefix}Role`, name: `g${index}` },
          },
        ];
      }),
    };
  }

  /** The path of the request, as the log has it. */
  const pathOf = ({ resource, namespace, name, verb }: Asked): string => {
    const [plain = '', sub] = resource.split('/');
    const named = verb === 'list' ? '' : `/${name}`;
    return `/api/v1/namespaces/${namespace}/${plain}${named}${sub === undefined ? '' : `/${sub}`}`;
  };
  const isAsked = ({ verb, resource }: Asked): boolean => !(verb === 'list' && resource.includes('/'));

  async function allows(bundle: CompiledBundle, asked: Asked): Promise<boolean> {
    const { verb, resource, namespace, name } = asked;
    const nameless = verb === 'list' || (verb === 'create' && !resource.includes('/'));
    const answer = await bundle.evaluate(
      {
        subject: { type: 'user', id: 'ann', properties: { groups: [] } },
        action: { name: verb },
        resource: { type: resource, id: nameless ? '' : name, properties: { namespace } },
      },
      { complete: true },
    );
    return answer.evaluation.decision === 'allow';
  }

  test('roles for each namespace, with names where they are wanted', async () => {
    const grants = [{ namespace: null, rules: [{ apiGroups: [''], resources: ['*'], verbs: ['*'] }] }];
    const bundle = await kubernetesRbac.load(inline(cluster(grants)), {});
    const observed = [observe('get', '/api/v1/namespaces/shop/secrets/one')];
    const exact = proposed(bundle, 'ann', observed, { resources: 'exact', reads: true, unseen: false });
    expect(exact.policies[0]).toMatchObject({ language: 'yaml' });
    expect(exact.policies[0]?.text).toContain('kind: Role\n');
    expect(exact.policies[0]?.text).toContain('namespace: "shop"');
    expect(exact.policies[0]?.text).toContain('resourceNames: ["one"]');
    const wide = proposed(bundle, 'ann', observed, { resources: 'siblings', reads: true, unseen: false });
    expect(wide.policies[0]?.text).toContain('verbs: ["get", "list", "watch"]');
    expect(wide.policies[0]?.text).not.toContain('resourceNames');
  });

  test('allows everything that was seen, and nothing that is not granted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(grant, { minLength: 1, maxLength: 4 }),
        fc.array(request.filter(isAsked), { maxLength: 8 }),
        fc.array(request.filter(isAsked), { maxLength: 20 }),
        fc.constantFrom(...margins),
        async (grants, wanted, others, margin) => {
          const bundle = await kubernetesRbac.load(inline(cluster(grants)), {});
          const seen: Asked[] = [];
          for (const asked of wanted) if (await allows(bundle, asked)) seen.push(asked);
          const observed = seen.map((asked) => observe(asked.verb, pathOf(asked)));
          const { policies, broken, unexplained } = proposed(bundle, 'ann', observed, margin);
          expect([...broken, ...unexplained]).toEqual([]);
          const after = await kubernetesRbac.load(
            filesSource({ 'proposal.yaml': policies[0]?.text ?? '' }),
            {},
          );
          for (const asked of seen) expect(await allows(after, asked)).toBe(true);
          for (const asked of [...wanted, ...others]) {
            expect((await allows(bundle, asked)) || !(await allows(after, asked))).toBe(true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
