import { describe, expect, test } from 'vitest';
import type { Entitlement } from '#shared/domain/entitlement.ts';
import { awsIam } from '#shared/policy/aws-iam/index.ts';
import { filesSource } from '#test/support/policy-cases.ts';
import { account, allow, deny, policy } from './support.ts';

const arn = (name: string) => `arn:aws:iam::${account}:user/${name}`;

interface Person {
  readonly statements: readonly object[];
  readonly boundary?: readonly object[];
}

/** Account authorization details of one user, and its entitlements. */
async function entitlementsOf({ statements, boundary }: Person, more: object = {}): Promise<Entitlement[]> {
  const boundaryArn = `arn:aws:iam::${account}:policy/Boundary`;
  const details = {
    UserDetailList: [
      {
        UserName: 'alice',
        UserId: 'AIDAEXAMPLE',
        Arn: arn('alice'),
        Tags: [{ Key: 'team', Value: 'blue' }],
        UserPolicyList: [{ PolicyName: 'inline', PolicyDocument: policy(...statements) }],
        ...(boundary === undefined ? {} : { PermissionsBoundary: { PermissionsBoundaryArn: boundaryArn } }),
      },
    ],
    RoleDetailList: [],
    Policies: [
      {
        PolicyName: 'Boundary',
        Arn: boundaryArn,
        PolicyVersionList: [
          { VersionId: 'v1', IsDefaultVersion: true, Document: policy(...(boundary ?? [allow()])) },
        ],
      },
    ],
    ...more,
  };
  const bundle = await awsIam.load(filesSource({ 'details.json': JSON.stringify(details) }), {});
  return [...(bundle.entitlements?.() ?? [])];
}

const brief = (found: readonly Entitlement[]) =>
  found.map(
    ({ action, resource, conditionality }) => `${action.pattern} on ${resource.pattern}: ${conditionality}`,
  );

describe('effective permissions', () => {
  test('each action on each resource, expanded and with its level', async () => {
    const found = await entitlementsOf({ statements: [allow(['sqs:Send*', 's3:GetObject'], ['*'])] });
    expect(found).toMatchObject([
      {
        key: `aws-iam ${arn('alice')} s3:getobject *`,
        action: { pattern: 's3:GetObject', expanded: ['s3:GetObject'], level: 'read' },
      },
      {
        action: { pattern: 'sqs:Send*', expanded: ['sqs:SendMessage'], level: 'write' },
        subject: { type: 'user', id: arn('alice'), account },
      },
    ]);
    expect(found[0]?.grants[0]?.path.map(({ kind }) => kind)).toEqual(['attached']);
  });

  test.each([
    [
      'a boundary narrows',
      { statements: [allow('*')], boundary: [allow(['s3:*', 'sqs:ListQueues'])] },
      ['s3:* on *: always', 'sqs:ListQueues on *: always'],
    ],
    [
      'a boundary that is wider leaves',
      { statements: [allow('s3:GetObject')], boundary: [allow('s3:*')] },
      ['s3:GetObject on *: always'],
    ],
    [
      'a boundary that is elsewhere takes all',
      { statements: [allow('s3:GetObject')], boundary: [allow('sqs:*')] },
      ['s3:GetObject on *: never-effective'],
    ],
    [
      'a boundary narrows resources',
      { statements: [allow('s3:GetObject')], boundary: [allow('s3:*', 'arn:aws:s3:::a/*')] },
      ['s3:GetObject on arn:aws:s3:::a/*: always'],
    ],
    [
      'a boundary with NotAction',
      {
        statements: [allow(['iam:GetUser', 's3:GetObject'])],
        boundary: [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }],
      },
      ['iam:GetUser on *: never-effective', 's3:GetObject on *: always'],
    ],
    [
      'a Deny that covers it',
      { statements: [allow('s3:GetObject'), deny('s3:*')] },
      ['s3:GetObject on *: never-effective'],
    ],
    ['a Deny of a part', { statements: [allow('s3:*'), deny('s3:DeleteBucket')] }, ['s3:* on *: always']],
    [
      'a Deny under a condition',
      {
        statements: [
          allow('s3:GetObject'),
          deny('*', '*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } }),
        ],
      },
      ['s3:GetObject on *: conditional'],
    ],
    [
      'a Deny whose condition this user never meets',
      {
        statements: [
          allow('s3:GetObject'),
          deny('*', '*', { Condition: { StringNotEquals: { 'aws:PrincipalTag/team': 'blue' } } }),
        ],
      },
      ['s3:GetObject on *: always'],
    ],
    [
      'a condition that this user always meets',
      {
        statements: [
          allow('s3:GetObject', '*', { Condition: { StringEquals: { 'aws:username': 'alice' } } }),
        ],
      },
      ['s3:GetObject on *: always'],
    ],
    [
      'a condition that this user never meets',
      {
        statements: [allow('s3:GetObject', '*', { Condition: { StringEquals: { 'aws:username': 'bob' } } })],
      },
      [],
    ],
    [
      'a condition of the request',
      {
        statements: [
          allow('s3:GetObject', '*', { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }),
        ],
      },
      ['s3:GetObject on *: conditional'],
    ],
    [
      'all but',
      {
        statements: [
          { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*'], NotResource: 'arn:aws:s3:::a' },
        ],
      },
      ['not iam:*, organizations:* on not arn:aws:s3:::a: always'],
    ],
  ])('%s', async (_why, person, expected) => {
    expect(brief(await entitlementsOf(person as Person))).toEqual(expected);
  });

  test('one permission held twice is one, as good as its better way', async () => {
    const Condition = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } };
    const found = await entitlementsOf({
      statements: [allow('s3:GetObject', '*', { Condition }), allow('S3:GetObject')],
    });
    expect(found).toMatchObject([{ conditionality: 'always', condition: null, grants: [{}, {}] }]);
  });

  test('what takes away is named', async () => {
    const [found] = await entitlementsOf({ statements: [allow('s3:*'), deny('s3:DeleteBucket')] });
    expect(found?.limitedBy).toMatchObject([
      { locator: '/UserDetailList/0/UserPolicyList/0/PolicyDocument/Statement/1' },
    ]);
  });
});

async function escalating(statements: readonly object[]): Promise<string[]> {
  const found = await entitlementsOf({ statements });
  return found
    .filter(({ risks }) => risks.includes('privilege-escalation'))
    .map(({ action }) => action.pattern);
}

function trusting(name: string, Principal: unknown, Condition?: object) {
  const trust = { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' };
  return {
    RoleName: name,
    Arn: `arn:aws:iam::${account}:role/${name}`,
    AssumeRolePolicyDocument: policy(Condition === undefined ? trust : { ...trust, Condition }),
  };
}

describe('risks', () => {
  test.each([
    ['a new policy version', [allow('iam:CreatePolicyVersion')], ['iam:CreatePolicyVersion']],
    ['a wildcard that covers it', [allow('iam:*Policy*')], ['iam:*Policy*']],
    ['keys of others', [allow('iam:CreateAccessKey')], ['iam:CreateAccessKey']],
    [
      'keys of oneself gain nothing',
      [allow('iam:CreateAccessKey', `arn:aws:iam::${account}:user/\${aws:username}`)],
      [],
    ],
    ['a policy on oneself does', [allow('iam:PutUserPolicy', arn('alice'))], ['iam:PutUserPolicy']],
    ['passing a role alone gains nothing', [allow('iam:PassRole')], []],
    ['starting machines alone gains nothing', [allow('ec2:RunInstances')], []],
    [
      'both together',
      [allow('iam:PassRole'), allow('ec2:RunInstances')],
      ['ec2:RunInstances', 'iam:PassRole'],
    ],
    [
      'a role that can only be passed elsewhere',
      [
        allow('iam:PassRole', '*', {
          Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
        }),
        allow('ec2:RunInstances'),
      ],
      [],
    ],
    [
      'a role that can be passed there',
      [
        allow('iam:PassRole', '*', {
          Condition: { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com'] } },
        }),
        allow('ec2:RunInstances'),
      ],
      ['ec2:RunInstances', 'iam:PassRole'],
    ],
    ['an explicit Deny ends it', [allow('iam:*'), deny('iam:*')], []],
    [
      'all but IAM does not create policies',
      [
        {
          Effect: 'Allow',
          NotAction: [
            'iam:*',
            'lambda:*',
            'ssm:*',
            'glue:*',
            'sagemaker:*',
            'codestar:*',
            'ec2-instance-connect:*',
            'sso:*',
            'cloudformation:*',
            'codebuild:*',
            'ec2:*',
          ],
          Resource: '*',
        },
      ],
      [],
    ],
  ])('%s', async (_why, statements, expected) => {
    expect(await escalating(statements)).toEqual(expected);
  });

  test('a Deny of just that action is seen by the question, not by the pattern', async () => {
    const found = await entitlementsOf({
      statements: [allow('secretsmanager:GetSecretValue'), allow('s3:GetObject')],
    });
    expect(found.map(({ risks }) => risks)).toEqual([[], ['credential-access']]);
  });

  test('wildcards', async () => {
    const found = await entitlementsOf({
      statements: [allow(['sqs:*', 's3:Get*', 's3:Put*', 'sns:Publish'])],
    });
    expect(Object.fromEntries(found.map(({ action, risks }) => [action.pattern, risks]))).toEqual({
      'sqs:*': ['wildcard'],
      's3:Get*': [],
      's3:Put*': ['wildcard'],
      'sns:Publish': [],
    });
  });

  test('roles that others can assume', async () => {
    const RoleDetailList = [
      trusting('own', { AWS: account }),
      trusting('partner', { AWS: '999999999999' }),
      trusting('open', '*'),
      trusting('fenced', { AWS: '*' }, { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }),
      trusting('alice', { AWS: arn('alice') }),
      trusting('service', { Service: 'ec2.amazonaws.com' }),
    ];
    const found = await entitlementsOf({ statements: [allow('s3:GetObject')] }, { RoleDetailList });
    const roles = found.filter(({ action }) => action.pattern === 'sts:AssumeRole');
    expect(
      roles.map(({ subject, resource, conditionality, risks }) => [
        subject.id,
        resource.pattern.slice(-7),
        conditionality,
        risks,
      ]),
    ).toEqual([
      [arn('alice'), 'e/alice', 'always', []],
      ['*', '/fenced', 'conditional', []],
      ['*', 'le/open', 'always', ['public']],
      ['arn:aws:iam::999999999999:root', 'partner', 'unknown', ['cross-account']],
      ['ec2.amazonaws.com', 'service', 'always', []],
    ]);
  });
});
