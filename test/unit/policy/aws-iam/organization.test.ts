import { beforeAll, describe, expect, test } from 'vitest';
import type { CompiledBundle, WhoAnswer } from '#shared/domain/policy-system.ts';
import { awsIam } from '#shared/policy/aws-iam/index.ts';
import { filesSource } from '#test/support/policy-cases.ts';
import { allow, deny, policy } from './support.ts';

const [prod, dev, management] = ['111122223333', '444455556666', '999900001111'];
const full = { name: 'FullAWSAccess', policy: policy(allow()) };
const encode = (document: object) => encodeURIComponent(JSON.stringify(document));

function managed(name: string, document: unknown, account = 'aws') {
  return {
    PolicyName: name,
    Arn: `arn:aws:iam::${account}:policy/${name}`,
    DefaultVersionId: 'v2',
    PolicyVersionList: [
      { VersionId: 'v1', IsDefaultVersion: false, Document: policy(allow('organizations:*')) },
      { VersionId: 'v2', IsDefaultVersion: true, Document: document },
    ],
  };
}
function attached(name: string, account = 'aws') {
  return { PolicyName: name, PolicyArn: `arn:aws:iam::${account}:policy/${name}` };
}
function user(account: string, name: string, more: object = {}) {
  return {
    UserName: name,
    UserId: `AIDA${name.toUpperCase()}EXAMPLE`,
    Arn: `arn:aws:iam::${account}:user/${name}`,
    GroupList: [],
    AttachedManagedPolicies: [],
    ...more,
  };
}
function role(account: string, name: string, trust: object, more: object = {}, path = '/') {
  return {
    RoleName: name,
    RoleId: `AROA${name.toUpperCase()}EXAMPLE`,
    Arn: `arn:aws:iam::${account}:role${path}${name}`,
    AssumeRolePolicyDocument: encode(policy({ Effect: 'Allow', Action: 'sts:AssumeRole', ...trust })),
    RolePolicyList: [],
    AttachedManagedPolicies: [],
    ...more,
  };
}

/** An organization of three accounts: two pages of identities in one, URL-encoded documents as the API gives them. */
const files = {
  'organization.json': {
    id: 'o-example',
    managementAccount: management,
    root: {
      id: 'r-root',
      scp: [full],
      rcp: [
        {
          name: 'OrgOnly',
          policy: policy(
            deny('s3:*', '*', {
              Principal: '*',
              Condition: {
                StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-example' },
                BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
              },
            }),
          ),
        },
      ],
      accounts: [{ id: management }],
      units: [
        {
          id: 'ou-prod',
          name: 'Production',
          scp: [full, { name: 'NoUsers', policy: policy(deny('iam:CreateUser')) }],
          accounts: [{ id: prod, scp: [full] }],
        },
        {
          id: 'ou-dev',
          name: 'Development',
          scp: [{ name: 'OnlyS3', policy: policy(allow('s3:*')) }],
          accounts: [{ id: dev, scp: [full] }],
        },
      ],
    },
  },
  [`accounts/${prod}/authorization-details-1.json`]: {
    UserDetailList: [
      user(prod, 'ann', { GroupList: ['ops'], Tags: [{ Key: 'Team', Value: 'blue' }] }),
      user(prod, 'bob', {
        UserPolicyList: [
          {
            PolicyName: 'inline',
            PolicyDocument: encode(
              policy(allow('s3:GetObject', 'arn:aws:s3:::prod-data/${aws:PrincipalTag/Team}/*')),
            ),
          },
        ],
        Tags: [{ Key: 'team', Value: 'red' }],
      }),
      user(prod, 'cara', {
        AttachedManagedPolicies: [attached('Power', prod)],
        PermissionsBoundary: {
          PermissionsBoundaryType: 'Policy',
          PermissionsBoundaryArn: `arn:aws:iam::${prod}:policy/OnlyIam`,
        },
      }),
      user(prod, 'dan', { AttachedManagedPolicies: [attached('SecurityAudit')] }),
    ],
    GroupDetailList: [],
    RoleDetailList: [],
    Policies: [],
    IsTruncated: true,
    Marker: 'x',
  },
  [`accounts/${prod}/authorization-details-2.json`]: {
    UserDetailList: [],
    GroupDetailList: [
      {
        GroupName: 'ops',
        Arn: `arn:aws:iam::${prod}:group/ops`,
        GroupPolicyList: [],
        AttachedManagedPolicies: [attached('AdministratorAccess')],
      },
    ],
    RoleDetailList: [
      role(
        prod,
        'deploy',
        { Principal: { AWS: [`arn:aws:iam::${dev}:role/ci`, `arn:aws:iam::${prod}:root`] } },
        { AttachedManagedPolicies: [attached('Power', prod)] },
        '/team/',
      ),
      role(prod, 'lambda', { Principal: { Service: 'lambda.amazonaws.com' } }),
      role(
        prod,
        'AWSServiceRoleForX',
        { Principal: { Service: 'x.amazonaws.com' } },
        { RolePolicyList: [{ PolicyName: 'p', PolicyDocument: policy(allow('iam:CreateUser')) }] },
        '/aws-service-role/x.amazonaws.com/',
      ),
    ],
    Policies: [
      managed('Power', policy(allow(['s3:*', 'iam:*', 'sqs:*'])), prod),
      managed('OnlyIam', encode(policy(allow('iam:*'))), prod),
    ],
  },
  [`accounts/${prod}/resource-policies.json`]: {
    'arn:aws:s3:::prod-data': policy({
      Effect: 'Allow',
      Principal: { AWS: dev },
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::prod-data/*',
    }),
  },
  [`accounts/${prod}/vpc-endpoints.json`]: {
    'vpce-1': policy({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' }),
  },
  [`accounts/${dev}/authorization-details.json`]: {
    UserDetailList: [user(dev, 'eve', { AttachedManagedPolicies: [attached('AdministratorAccess')] })],
    RoleDetailList: [
      role(
        dev,
        'ci',
        { Principal: { AWS: dev } },
        { RolePolicyList: [{ PolicyName: 'all', PolicyDocument: policy(allow()) }] },
      ),
    ],
  },
  [`accounts/${management}/authorization-details.json`]: {
    UserDetailList: [user(management, 'max', { AttachedManagedPolicies: [attached('AdministratorAccess')] })],
  },
};

let bundle: CompiledBundle;
beforeAll(async () => {
  const texts = Object.fromEntries(
    Object.entries(files).map(([path, content]) => [path, JSON.stringify(content)]),
  );
  bundle = await awsIam.load(filesSource(texts), {});
});

async function judge(
  subject: string,
  action: string,
  resource: string,
  context: object = {},
  complete = true,
) {
  const request = {
    subject: { type: 'user', id: subject },
    action: { name: action },
    resource: { type: 'r', id: resource },
    context,
  };
  return (await bundle.evaluate(request as never, { complete })).evaluation;
}
const arn = (account: string, name: string) => `arn:aws:iam::${account}:user/${name}`;

describe('an organization of accounts', () => {
  test('is recognised and counted', () => {
    const texts = Object.fromEntries(
      Object.entries(files).map(([path, content]) => [path, JSON.stringify(content)]),
    );
    expect(awsIam.detect(filesSource(texts))).toBe(1);
    expect(bundle.subjects).toBe(10);
    expect(bundle.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(bundle.problems).toContainEqual({
      severity: 'warning',
      path: `accounts/${prod}/authorization-details-1.json`,
      locator: '/UserDetailList/3/AttachedManagedPolicies/0',
      message:
        'The document of the managed policy arn:aws:iam::aws:policy/SecurityAudit is not in the bundle.',
    });
    expect([...bundle.contextKeys].toSorted()).toEqual([
      'aws:principalisawsservice',
      'aws:principalorgid',
      'aws:principaltag/team',
    ]);
  });

  test.each([
    ['a group on another page gives its policies', arn(prod, 'ann'), 'sqs:ListQueues', '*', 'allow', []],
    ['a unit denies', arn(prod, 'ann'), 'iam:CreateUser', arn(prod, 'new'), 'deny', ['scp']],
    [
      'a service-linked role is not bound',
      `arn:aws:sts::${prod}:assumed-role/AWSServiceRoleForX/s`,
      'iam:CreateUser',
      arn(prod, 'new'),
      'allow',
      [],
    ],
    [
      'the management account is not bound',
      arn(management, 'max'),
      'iam:CreateUser',
      arn(management, 'new'),
      'allow',
      [],
    ],
    ['a unit allows S3 alone', arn(dev, 'eve'), 'sqs:ListQueues', '*', 'deny', ['scp']],
    [
      'tags of the user fill the variable',
      arn(prod, 'bob'),
      's3:GetObject',
      'arn:aws:s3:::prod-data/red/x',
      'allow',
      [],
    ],
    [
      'and no others',
      arn(prod, 'bob'),
      's3:GetObject',
      'arn:aws:s3:::prod-data/blue/x',
      'deny',
      ['identity'],
    ],
    [
      'a boundary limits',
      arn(prod, 'cara'),
      's3:GetObject',
      'arn:aws:s3:::prod-data/x',
      'deny',
      ['boundary'],
    ],
    [
      'the default version counts',
      arn(prod, 'cara'),
      'organizations:ListRoots',
      '*',
      'deny',
      ['identity', 'boundary'],
    ],
    [
      'a bucket names its account; its policy delegates to another',
      arn(dev, 'eve'),
      's3:GetObject',
      'arn:aws:s3:::prod-data/x',
      'allow',
      [],
    ],
    [
      'which does not include writing',
      arn(dev, 'eve'),
      's3:PutObject',
      'arn:aws:s3:::prod-data/x',
      'deny',
      ['resource'],
    ],
    [
      'an outsider is stopped by the resource control policy',
      'arn:aws:iam::777788889999:user/out',
      's3:GetObject',
      'arn:aws:s3:::prod-data/x',
      'deny',
      ['rcp'],
    ],
    [
      'a role of another account that the trust policy names, where a unit does not allow sts',
      `arn:aws:iam::${dev}:role/ci`,
      'sts:AssumeRole',
      `arn:aws:iam::${prod}:role/team/deploy`,
      'deny',
      ['scp'],
    ],
    [
      'within the account the trust policy delegates',
      arn(prod, 'ann'),
      'sts:AssumeRole',
      `arn:aws:iam::${prod}:role/team/deploy`,
      'allow',
      [],
    ],
    [
      'which is not enough alone',
      arn(prod, 'bob'),
      'sts:AssumeRole',
      `arn:aws:iam::${prod}:role/team/deploy`,
      'deny',
      ['identity'],
    ],
    [
      'a service that the trust policy names',
      'lambda.amazonaws.com',
      'sts:AssumeRole',
      `arn:aws:iam::${prod}:role/lambda`,
      'allow',
      [],
    ],
    [
      'a session has the policies of its role, whose path its ARN drops',
      `arn:aws:sts::${prod}:assumed-role/deploy/run`,
      'iam:GetUser',
      arn(prod, 'ann'),
      'allow',
      [],
    ],
  ])('%s', async (_why, subject, action, resource, decision, blockedBy) => {
    expect(await judge(subject, action, resource)).toMatchObject({ decision, blockedBy });
  });

  test('an endpoint of the bundle limits what comes through it', async () => {
    const through = { 'aws:SourceVpce': 'vpce-1' };
    const [asked, other] = ['s3:PutObject', 's3:GetObject'] as const;
    expect(await judge(arn(prod, 'ann'), asked, 'arn:aws:s3:::prod-data/x', through)).toMatchObject({
      decision: 'deny',
      blockedBy: ['vpce'],
    });
    expect(await judge(arn(prod, 'ann'), other, 'arn:aws:s3:::prod-data/x', through)).toMatchObject({
      decision: 'allow',
    });
  });

  test('what the bundle does not have is unknown, and said', async () => {
    expect(await judge(arn(prod, 'dan'), 's3:GetObject', 'arn:aws:s3:::prod-data/x')).toMatchObject({
      decision: 'indeterminate',
      verdict: expect.stringContaining('SecurityAudit is not in the bundle'),
    });
    expect(await judge(arn(prod, 'nobody'), 'sqs:ListQueues', '*')).toMatchObject({
      decision: 'indeterminate',
      verdict: expect.stringContaining('user/nobody is not in the bundle'),
    });
    const key = `arn:aws:kms:eu-west-1:${prod}:key/k`;
    expect(await judge(arn(prod, 'ann'), 'kms:Decrypt', key)).toMatchObject({
      decision: 'indeterminate',
      verdict: expect.stringContaining(`The key policy of ${key} is not in the bundle`),
    });
  });

  test('how a permission comes to a user through a group', async () => {
    const { layers } = await judge(arn(prod, 'ann'), 'sqs:ListQueues', '*');
    const identity = layers.find(({ name }) => name === 'identity');
    expect(identity?.steps[0]?.via?.map(({ from, to, kind }) => [from, kind, to])).toEqual([
      [arn(prod, 'ann'), 'member-of', `arn:aws:iam::${prod}:group/ops`],
      [`arn:aws:iam::${prod}:group/ops`, 'attached', 'arn:aws:iam::aws:policy/AdministratorAccess'],
    ]);
    expect(layers.filter(({ name }) => name === 'scp').map(({ label }) => label)).toEqual([
      'Root',
      'Production',
      prod,
    ]);
  });

  test('nothing that is unreadable is answered', async () => {
    for (const [subject, action] of [
      ['not an arn at all', 's3:GetObject'],
      [arn(prod, 'ann'), 'GetObject'],
      [`arn:aws:iam::${prod}:group/ops`, 's3:GetObject'],
    ] as const) {
      const answer = await judge(subject, action, '*');
      expect(answer).toMatchObject({ decision: 'indeterminate', errors: [{ message: expect.any(String) }] });
    }
  });
});

function who(action: string, resource: string): WhoAnswer[] {
  return [...(bundle.who?.({ action, resource, context: {} }) ?? [])];
}

function said(answers: readonly WhoAnswer[]): string[] {
  return answers.map(({ subject, decision }) => `${subject.id.replace(/^arn:aws:iam::/, '')} ${decision}`);
}

describe('who can', () => {
  test('assume a role', () => {
    expect(said(who('sts:AssumeRole', `arn:aws:iam::${prod}:role/team/deploy`))).toEqual([
      `${prod}:user/ann allow`,
      `${prod}:user/dan indeterminate`,
    ]);
    const [ann] = who('sts:AssumeRole', `arn:aws:iam::${prod}:role/team/deploy`);
    expect(ann?.path.map(({ kind }) => kind)).toEqual(['member-of', 'attached', 'assumes']);
  });
  test('a service that is named', () => {
    expect(said(who('sts:AssumeRole', `arn:aws:iam::${prod}:role/lambda`))).toEqual([
      'lambda.amazonaws.com allow',
    ]);
  });
  test('read a bucket, across accounts', () => {
    expect(said(who('s3:GetObject', 'arn:aws:s3:::prod-data/red/x'))).toEqual([
      `${prod}:user/ann allow`,
      `${prod}:user/bob allow`,
      `${prod}:user/dan indeterminate`,
      `${dev}:user/eve allow`,
      `${prod}:role/team/deploy allow`,
      `${dev}:role/ci allow`,
    ]);
  });
});
