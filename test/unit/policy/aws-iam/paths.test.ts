import { describe, expect, test } from 'vitest';
import { account, allow, deny } from './support.ts';
import {
  administratorAccess,
  brief,
  groupArn,
  pathsOf,
  policyArn,
  roleArn,
  userArn,
} from './estate-builder.ts';

const trustsAccount = { AWS: `arn:aws:iam::${account}:root` };
const everything = [
  'ec2',
  'lambda',
  'glue',
  'cloudformation',
  'datapipeline',
  'sagemaker',
  'codebuild',
  'ecs-tasks',
];
const administrators = {
  users: { root: { attached: [administratorAccess] } },
  roles: {
    service: {
      trusts: { Service: everything.map((name) => `${name}.amazonaws.com`) },
      attached: [administratorAccess],
      instanceProfile: true,
    },
  },
};
const administratorsAlone = [
  'role/service administrator certain everything',
  'user/root administrator certain everything',
];

/** The techniques of one user beside an administrator and a role of services that is one. */
async function techniquesOf(statements: readonly object[], more: object = {}): Promise<string[]> {
  const paths = await pathsOf({
    users: { ...administrators.users, ann: { inline: statements, ...more } },
    roles: administrators.roles,
    groups: { admins: { attached: [administratorAccess] }, staff: { inline: [allow('s3:ListBucket')] } },
  });
  return brief(paths.filter(({ subject }) => subject.id === userArn('ann')));
}

const organization = (statement: object) => ({
  id: 'o-1',
  root: {
    id: 'r-1',
    scp: [
      { name: 'FullAWSAccess' },
      { name: 'Guard', policy: { Version: '2012-10-17', Statement: [statement] } },
    ],
    accounts: [{ id: account, scp: [{ name: 'FullAWSAccess' }] }],
  },
});

describe('published techniques (Rhino Security Labs, IAM Vulnerable)', () => {
  test.each([
    ['iam-create-access-key', ['iam:CreateAccessKey']],
    ['iam-create-login-profile', ['iam:CreateLoginProfile']],
    ['iam-update-login-profile', ['iam:UpdateLoginProfile']],
    ['iam-attach-user-policy', ['iam:AttachUserPolicy']],
    ['iam-put-user-policy', ['iam:PutUserPolicy']],
    ['iam-add-user-to-group', ['iam:AddUserToGroup']],
    ['iam-update-assume-role-policy', ['iam:UpdateAssumeRolePolicy', 'sts:AssumeRole']],
    ['passrole-ec2-run-instances', ['iam:PassRole', 'ec2:RunInstances']],
    ['passrole-lambda-function', ['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction']],
    [
      'passrole-lambda-function',
      ['iam:PassRole', 'lambda:CreateFunction', 'lambda:CreateEventSourceMapping'],
    ],
    ['passrole-glue-dev-endpoint', ['iam:PassRole', 'glue:CreateDevEndpoint']],
    ['passrole-cloudformation', ['iam:PassRole', 'cloudformation:CreateStack']],
    [
      'passrole-data-pipeline',
      ['iam:PassRole', 'datapipeline:CreatePipeline', 'datapipeline:PutPipelineDefinition'],
    ],
    ['passrole-sagemaker-job', ['iam:PassRole', 'sagemaker:CreateTrainingJob']],
    ['passrole-codebuild', ['iam:PassRole', 'codebuild:CreateProject', 'codebuild:StartBuildBatch']],
    ['passrole-ecs-task', ['iam:PassRole', 'ecs:RegisterTaskDefinition', 'ecs:RunTask']],
  ])('%s by %j', async (technique, actions) => {
    expect(await techniquesOf([allow(actions)])).toContain(`user/ann ${technique} certain everything`);
  });

  test.each([
    ['lambda-update-function-code', ['lambda:UpdateFunctionCode']],
    ['glue-update-dev-endpoint', ['glue:UpdateDevEndpoint']],
    ['ssm-send-command', ['ssm:SendCommand']],
    ['ssm-start-session', ['ssm:StartSession']],
    ['ec2-instance-connect', ['ec2-instance-connect:SendSSHPublicKey']],
    ['sagemaker-presigned-url', ['sagemaker:CreatePresignedNotebookInstanceUrl']],
    ['cloudformation-update-stack', ['cloudformation:UpdateStack']],
    ['ec2-user-data', ['ec2:ModifyInstanceAttribute', 'ec2:StopInstances', 'ec2:StartInstances']],
  ])('%s depends on what runs', async (technique, actions) => {
    expect(await techniquesOf([allow(actions)])).toEqual([`user/ann ${technique} conditional everything`]);
  });

  test('with one’s own group, and with the policy that one has', async () => {
    const paths = await pathsOf({
      users: {
        group: {
          inline: [allow(['iam:AttachGroupPolicy', 'iam:PutGroupPolicy'], groupArn('staff'))],
          groups: ['staff'],
        },
        version: { attached: [policyArn('mine')] },
        old: { attached: [policyArn('older')] },
      },
      groups: { staff: {} },
      policies: {
        mine: [[allow('iam:CreatePolicyVersion', policyArn('mine'))]],
        older: [[allow('iam:SetDefaultPolicyVersion')], [allow()]],
      },
    });
    expect(brief(paths)).toEqual([
      'user/group iam-attach-group-policy certain everything',
      'user/group iam-put-group-policy certain everything',
      'user/old iam-set-default-policy-version certain everything',
      'user/version iam-create-policy-version certain everything',
    ]);
  });

  test('a role that can be assumed is given more, and the chain is told', async () => {
    const [path, ...others] = await pathsOf({
      users: { ann: { inline: [allow(['iam:AttachRolePolicy', 'sts:AssumeRole'], roleArn('worker'))] } },
      roles: { worker: { trusts: trustsAccount } },
    });
    expect(others).toEqual([]);
    expect(path).toMatchObject({
      subject: { type: 'user', id: userArn('ann'), account },
      technique: 'iam-attach-role-policy',
      certainty: 'certain',
      targets: [{ type: 'role', id: roleArn('worker') }],
      chain: [{ from: userArn('ann'), to: roleArn('worker'), kind: 'takes-over' }],
    });
    expect(path?.steps.map(({ action }) => action)).toEqual(['iam:AttachRolePolicy', 'sts:AssumeRole']);
    expect(path?.steps[0]?.path).toMatchObject([{ from: userArn('ann'), kind: 'attached' }]);
  });

  test('policies of others: of anybody it depends on whom one controls, of somebody else it is nothing', async () => {
    const paths = await pathsOf({
      users: { plain: { inline: [allow('s3:GetObject')] } },
      roles: {
        all: { trusts: trustsAccount, inline: [allow('iam:AttachUserPolicy')] },
        one: { trusts: trustsAccount, inline: [allow('iam:AttachUserPolicy', userArn('plain'))] },
        keys: {
          trusts: trustsAccount,
          inline: [allow(['iam:AttachUserPolicy', 'iam:CreateAccessKey'], userArn('plain'))],
        },
      },
    });
    expect(brief(paths)).toEqual([
      'role/all iam-attach-user-policy conditional everything',
      'role/keys iam-attach-user-policy certain everything',
      'role/keys iam-create-access-key certain more',
    ]);
  });

  test('from role to role to an administrator', async () => {
    const paths = await pathsOf({
      users: { ann: { inline: [allow('sts:AssumeRole', roleArn('first'))] } },
      roles: {
        first: { trusts: trustsAccount, inline: [allow('sts:AssumeRole', roleArn('second'))] },
        second: {
          trusts: { AWS: roleArn('first') },
          inline: [allow('iam:CreateAccessKey', userArn('boss'))],
        },
      },
    });
    expect(brief(paths)).toEqual([]);
    const withBoss = await pathsOf({
      users: {
        ann: { inline: [allow('sts:AssumeRole', roleArn('first'))] },
        boss: { attached: [administratorAccess] },
      },
      roles: {
        first: { trusts: trustsAccount, inline: [allow('sts:AssumeRole', roleArn('second'))] },
        second: {
          trusts: { AWS: roleArn('first') },
          inline: [allow('iam:CreateAccessKey', userArn('boss'))],
        },
      },
    });
    expect(brief(withBoss)).toEqual([
      'role/first sts-assume-role certain everything',
      'role/second iam-create-access-key certain everything',
      'user/ann sts-assume-role certain everything',
      'user/boss administrator certain everything',
    ]);
    const ann = withBoss.find(({ subject }) => subject.id === userArn('ann'));
    expect(ann?.chain.map(({ to, kind }) => `${kind} ${to}`)).toEqual([
      `assumes ${roleArn('first')}`,
      `assumes ${roleArn('second')}`,
      `takes-over ${userArn('boss')}`,
    ]);
  });
});

describe('nothing false', () => {
  test('an administrator is reported once', async () => {
    const paths = await pathsOf({
      users: { root: { attached: [administratorAccess] }, iam: { inline: [allow('iam:*')] } },
      roles: administrators.roles,
    });
    expect(brief(paths)).toEqual([
      'role/service administrator certain everything',
      'user/iam administrator certain everything',
      'user/root administrator certain everything',
    ]);
  });

  test.each<[string, readonly object[]]>([
    ['a Deny in the same policy', [allow('iam:*'), deny('iam:*')]],
    ['a Deny of what is needed', [allow(['iam:CreateAccessKey']), deny('iam:Create*')]],
    [
      'a Deny of all that is not reading',
      [allow('iam:*'), { Effect: 'Deny', NotAction: ['iam:Get*', 'iam:List*'], Resource: '*' }],
    ],
    ['a policy that is not one’s own', [allow('iam:CreatePolicyVersion', 'arn:aws:iam::aws:policy/other-*')]],
    ['another user that has nothing', [allow('iam:CreateAccessKey', userArn('nobody'))]],
    ['one’s own key', [allow('iam:CreateAccessKey', 'arn:aws:iam::*:user/${aws:username}')]],
    [
      'a condition that no session meets any more',
      [
        allow('iam:CreateAccessKey', '*', {
          Condition: { DateLessThan: { 'aws:TokenIssueTime': '2020-01-01T00:00:01Z' } },
        }),
      ],
    ],
    [
      'a time that is over',
      [
        allow('iam:PutUserPolicy', '*', {
          Condition: { DateLessThan: { 'aws:CurrentTime': '2025-12-31T00:00:00Z' } },
        }),
      ],
    ],
    [
      'a condition on another principal',
      [
        allow('iam:PutUserPolicy', '*', {
          Condition: { ArnEquals: { 'aws:PrincipalArn': userArn('other') } },
        }),
      ],
    ],
    [
      'only harmless policies may be attached',
      [
        allow('iam:AttachUserPolicy', '*', {
          Condition: { ArnEquals: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/ReadOnlyAccess' } },
        }),
      ],
    ],
    [
      'only users with a boundary may be changed',
      [
        allow('iam:PutUserPolicy', '*', {
          Condition: { StringEquals: { 'iam:PermissionsBoundary': policyArn('Boundary') } },
        }),
      ],
    ],
    [
      'a role may be passed to another service only',
      [
        allow('iam:PassRole', '*', {
          Condition: { StringEquals: { 'iam:PassedToService': 'rds.amazonaws.com' } },
        }),
        allow(['lambda:CreateFunction', 'lambda:InvokeFunction']),
      ],
    ],
    [
      'a role may be passed that no such service is trusted by',
      [allow('iam:PassRole'), allow(['states:CreateStateMachine', 'states:StartExecution'])],
    ],
    ['a service without a role to pass', [allow(['lambda:CreateFunction', 'lambda:InvokeFunction'])]],
    ['a role to pass without a service', [allow('iam:PassRole'), allow('lambda:InvokeFunction')]],
    [
      'another role may be passed',
      [allow('iam:PassRole', roleArn('other')), allow(['lambda:CreateFunction', 'lambda:InvokeFunction'])],
    ],
    ['a role to assume that does not trust', [allow('sts:AssumeRole')]],
    ['a group that gives nothing', [allow('iam:AddUserToGroup', groupArn('staff')), allow('s3:ListBucket')]],
    [
      'everything but IAM',
      [
        {
          Effect: 'Allow',
          NotAction: [
            'iam:*',
            'lambda:*',
            'glue:*',
            'cloudformation:*',
            'codebuild:*',
            'sagemaker:*',
            'ssm:*',
            'ec2*:*',
            'ecs:*',
            'secretsmanager:*',
            'sts:*',
            'rds-db:*',
            'redshift*:*',
            'cognito-identity:*',
            'lightsail:*',
            'sso:*',
            'connect:*',
            'batch:*',
            'codedeploy:*',
            'elasticmapreduce:*',
            'apprunner:*',
            'bedrock-agentcore:*',
            'identitystore:*',
            'eks:*',
          ],
          Resource: '*',
        },
      ],
    ],
  ])('%s', async (_name, statements) => {
    expect(await techniquesOf(statements)).toEqual([]);
  });

  test('a boundary that has no say in IAM, or that leaves nothing to gain', async () => {
    const paths = await pathsOf({
      users: {
        kept: { inline: [allow('iam:*')], boundary: policyArn('Storage') },
        same: { inline: [allow(['iam:PutUserPolicy', 's3:*'])], boundary: policyArn('Both') },
        more: { inline: [allow('iam:PutUserPolicy')], boundary: policyArn('Both') },
      },
      policies: { Storage: [[allow('s3:*')]], Both: [[allow(['iam:PutUserPolicy', 's3:*'])]] },
    });
    expect(brief(paths)).toEqual(['user/more iam-put-user-policy certain more']);
  });

  test('a service control policy', async () => {
    const details = { users: { ann: { inline: [allow('iam:PutUserPolicy')] } } };
    expect(brief(await pathsOf(details, organization(deny('iam:Put*'))))).toEqual([]);
    expect(brief(await pathsOf(details, organization(deny('iam:Delete*'))))).toEqual([
      'user/ann iam-put-user-policy certain everything',
    ]);
  });

  test('under a condition it is said to be conditional, with the condition', async () => {
    const mfa = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } };
    const [path] = await pathsOf({ users: { ann: { inline: [allow('iam:PutUserPolicy', '*', mfa)] } } });
    expect(path).toMatchObject({ certainty: 'conditional', technique: 'iam-put-user-policy' });
    expect(path?.conditions.join()).toContain('aws:MultiFactorAuthPresent');
  });

  test('found in spite of how it is written', async () => {
    const notAction = { Effect: 'Allow', NotAction: ['s3:*'], Resource: '*' };
    expect(await techniquesOf([notAction])).toEqual(['user/ann administrator certain everything']);
    const scoped = allow(
      ['lambda:CreateFunction', 'lambda:InvokeFunction'],
      `arn:aws:lambda:eu-west-1:${account}:function:team-*`,
    );
    expect(await techniquesOf([scoped, allow('iam:Pass*', roleArn('serv*'))])).toEqual([
      'user/ann passrole-lambda-function certain everything',
    ]);
    const later = { Condition: { DateGreaterThan: { 'aws:TokenIssueTime': '2020-01-01T00:00:01Z' } } };
    expect(await techniquesOf([allow('iam:PutUserPolicy', '*', later)])).toEqual([
      'user/ann iam-put-user-policy certain everything',
    ]);
  });

  test('a role that trusts everybody, and one that asks for the organization', async () => {
    const paths = await pathsOf({
      roles: {
        open: { trusts: { AWS: '*' } },
        own: { trusts: { AWS: '*' }, trustCondition: { StringEquals: { 'aws:PrincipalAccount': account } } },
      },
    });
    expect(paths.map(({ technique, targets, certainty }) => [technique, targets[0]?.id, certainty])).toEqual([
      ['role-open-to-anyone', roleArn('open'), 'certain'],
    ]);
  });
});

test('the administrators of these accounts and nothing else', async () => {
  expect(brief(await pathsOf(administrators))).toEqual(administratorsAlone);
});
