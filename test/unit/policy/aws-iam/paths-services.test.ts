import { describe, expect, test } from 'vitest';
import { account, allow, deny } from './support.ts';
import { type Account, administratorAccess, brief, pathsOf, roleArn, userArn } from './estate-builder.ts';

/** Services to which a role can be passed, or which run something with one. */
const services = [
  'ec2',
  'lambda',
  'glue',
  'cloudformation',
  'sagemaker',
  'codebuild',
  'ecs-tasks',
  'states',
  'amplify',
  'braket',
  'emr-serverless',
  'gamelift',
  'kinesisanalytics',
  'omics',
  'tasks.apprunner',
  'bedrock-agentcore',
].map((name) => `${name}.amazonaws.com`);

const service = (more: object = {}): NonNullable<Account['roles']> => ({
  service: {
    trusts: { Service: services },
    attached: [administratorAccess],
    instanceProfile: true,
    ...more,
  },
});

async function techniquesOf(
  statements: readonly object[],
  roles: Account['roles'] = service(),
  organization?: object,
): Promise<string[]> {
  const paths = await pathsOf({ users: { ann: { inline: statements } }, roles: roles ?? {} }, organization);
  return brief(paths.filter(({ subject }) => subject.id === userArn('ann')));
}

const passed = (...actions: string[]) => [allow('iam:PassRole', roleArn('service')), allow(actions)];

describe('a role is passed to a service (pathfinding.cloud, new-passrole)', () => {
  test.each([
    ['passrole-amplify', 'amplify:CreateApp', 'amplify:CreateBranch', 'amplify:StartJob'],
    ['passrole-braket-job', 'braket:CreateJob'],
    ['passrole-emr-cluster', 'elasticmapreduce:RunJobFlow'],
    ['passrole-emr-serverless', 'emr-serverless:StartJobRun'],
    ['passrole-gamelift', 'gamelift:CreateBuild', 'gamelift:CreateFleet'],
    [
      'passrole-image-builder',
      'imagebuilder:CreateInfrastructureConfiguration',
      'imagebuilder:CreateComponent',
      'imagebuilder:CreateImageRecipe',
      'imagebuilder:CreateImage',
    ],
    ['passrole-kinesis-analytics', 'kinesisanalytics:CreateApplication', 'kinesisanalytics:StartApplication'],
    ['passrole-omics', 'omics:CreateWorkflow', 'omics:StartRun'],
    [
      'passrole-bedrock-agent-runtime',
      'bedrock-agentcore:CreateAgentRuntime',
      'bedrock-agentcore:InvokeAgentRuntime',
    ],
    ['passrole-ec2-run-instances', 'ec2:RequestSpotInstances'],
    ['passrole-autoscaling', 'ec2:CreateLaunchTemplate', 'autoscaling:CreateAutoScalingGroup'],
    ['passrole-glue-job', 'glue:UpdateJob', 'glue:CreateTrigger'],
    ['passrole-glue-session', 'glue:CreateSession', 'glue:RunStatement'],
    ['passrole-cloudformation', 'cloudformation:CreateStackSet', 'cloudformation:CreateStackInstances'],
    ['passrole-step-functions', 'states:UpdateStateMachine', 'states:StartExecution'],
    [
      'passrole-lambda-function',
      'lambda:UpdateFunctionConfiguration',
      'lambda:UpdateFunctionCode',
      'lambda:InvokeFunction',
    ],
  ])('%s', async (technique, ...actions) => {
    const line = `user/ann ${technique} certain everything`;
    expect(await techniquesOf(passed(...actions))).toContain(line);
    // Without any one of them, or with the role of another service, there is no such way.
    for (const missing of actions) {
      const left = actions.filter((action) => action !== missing);
      expect(await techniquesOf(passed(...left))).not.toContain(line);
    }
    const elsewhere = service({ trusts: { Service: 'redshift.amazonaws.com' } });
    expect(await techniquesOf(passed(...actions), elsewhere)).toEqual([]);
    expect(await techniquesOf(actions.map((action) => allow(action)))).not.toContain(line);
  });
});

describe('what runs with a role is made to do something else (pathfinding.cloud, existing-passrole)', () => {
  test.each([
    ['ec2-launch-template', 'ec2:CreateLaunchTemplateVersion', 'ec2:ModifyLaunchTemplate'],
    ['codedeploy-create-deployment', 'codedeploy:CreateDeployment'],
    ['emr-add-steps', 'elasticmapreduce:AddJobFlowSteps'],
    ['glue-run-statement', 'glue:RunStatement'],
    ['batch-submit-job', 'batch:SubmitJob'],
    ['ecs-run-task', 'ecs:RunTask'],
    ['apprunner-update-service', 'apprunner:UpdateService'],
    [
      'sagemaker-lifecycle-config',
      'sagemaker:CreateNotebookInstanceLifecycleConfig',
      'sagemaker:UpdateNotebookInstance',
      'sagemaker:StartNotebookInstance',
    ],
    [
      'bedrock-code-interpreter-session',
      'bedrock-agentcore:StartCodeInterpreterSession',
      'bedrock-agentcore:InvokeCodeInterpreter',
    ],
  ])('%s depends on what runs', async (technique, ...actions) => {
    expect(await techniquesOf([allow(actions)])).toEqual([`user/ann ${technique} conditional everything`]);
    expect(await techniquesOf([allow(actions), deny(actions[0] ?? '')])).toEqual([]);
    const nothing = service({ attached: [], inline: [allow(actions)] });
    expect(await techniquesOf([allow(actions)], nothing)).toEqual([]);
  });
});

describe('what hands out roles and cluster rights', () => {
  test.each([
    [
      'sso-permission-set-policy',
      'everything',
      'sso:PutInlinePolicyToPermissionSet',
      'sso:ProvisionPermissionSet',
    ],
    ['sso-account-assignment', 'everything', 'sso:CreateAccountAssignment'],
    ['identity-store-group-membership', 'more', 'identitystore:CreateGroupMembership'],
    ['eks-associate-access-policy', 'more', 'eks:CreateAccessEntry', 'eks:AssociateAccessPolicy'],
  ])('%s', async (technique, gives, ...actions) => {
    const line = `user/ann ${technique} conditional ${gives}`;
    expect(await techniquesOf([allow(actions)])).toEqual([line]);
    for (const missing of actions) {
      const left = ['s3:GetBucketLocation', ...actions.filter((action) => action !== missing)];
      expect(await techniquesOf([allow(left)])).toEqual([]);
    }
    expect(await techniquesOf([allow(actions), deny(actions[0] ?? '')])).toEqual([]);
  });
});

/** A condition on the service to which a role is passed. */
const to = (name: string) => ({ Condition: { StringEquals: { 'iam:PassedToService': name } } });

describe('traps around a role that could be passed', () => {
  const run = ['lambda:CreateFunction', 'lambda:InvokeFunction'];
  const found = ['user/ann passrole-lambda-function certain everything'];

  test.each([
    ['to this service', [allow('iam:PassRole', '*', to('lambda.amazonaws.com')), allow(run)], found],
    ['to another service', [allow('iam:PassRole', '*', to('ec2.amazonaws.com')), allow(run)], []],
    ['another role', [allow('iam:PassRole', roleArn('other')), allow(run)], []],
    ['all but it', [allow('iam:PassRole'), deny('iam:PassRole', roleArn('service')), allow(run)], []],
    [
      'none outside of a path',
      [
        allow('iam:PassRole'),
        { Effect: 'Deny', Action: 'iam:PassRole', NotResource: roleArn('team/*') },
        allow(run),
      ],
      [],
    ],
    [
      'functions of a team alone',
      [allow('iam:PassRole'), allow(run, `arn:aws:lambda:*:${account}:function:team-*`)],
      found,
    ],
    [
      'functions of two teams, one to make and another to run',
      [
        allow('iam:PassRole'),
        allow('lambda:CreateFunction', `arn:aws:lambda:*:${account}:function:one-*`),
        allow('lambda:InvokeFunction', `arn:aws:lambda:*:${account}:function:two-*`),
      ],
      [],
    ],
    [
      'functions whose names begin one way to make and end another to run',
      [
        allow('iam:PassRole'),
        allow('lambda:CreateFunction', `arn:aws:lambda:*:${account}:function:team-*`),
        allow('lambda:InvokeFunction', `arn:aws:lambda:*:${account}:function:*-dev`),
      ],
      found,
    ],
    [
      'all but IAM, by NotAction',
      [
        { Effect: 'Allow', NotAction: ['iam:*'], Resource: '*' },
        deny(['ec2:*', 'ec2-instance-connect:*', 'ssm:*', 'sso:*', 'ecs:*', 'secretsmanager:*']),
        deny(['lambda:*', 'glue:*', 'cloudformation:*', 'codebuild:*', 'sagemaker:*', 'sts:*']),
        deny(['batch:*', 'codedeploy:*', 'elasticmapreduce:*', 'apprunner:*', 'bedrock-agentcore:*']),
        deny(['identitystore:*', 'eks:*', 'rds-db:*', 'redshift*:*', 'cognito-identity:*']),
        deny(['lightsail:*', 'connect:*']),
      ],
      [],
    ],
  ])('%s', async (_name, statements, expected) => {
    expect(await techniquesOf(statements as readonly object[])).toEqual(expected);
  });

  test('a trust policy for one function alone', async () => {
    const narrow = service({
      trusts: { Service: 'lambda.amazonaws.com' },
      trustCondition: { StringEquals: { 'aws:SourceAccount': '999988887777' } },
    });
    expect(await techniquesOf(passed(...run), narrow)).toEqual([]);
  });
});
