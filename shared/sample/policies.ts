import type { JsonObject } from '../domain/json.ts';
import { workloadRole } from './cloudtrail/caller.ts';
import { type Account, type Company, createCompany } from './company.ts';
import { clusterManifests } from './kubernetes/manifests.ts';
import { identityCenterProvider, secrets, signInAudience } from './names.ts';
import { Random } from './random.ts';
import type { SampleTruth } from './truth.ts';
import { uniqueId } from './unique-id.ts';

/** One version of one policy set of the sample's company, as its owner would export it. */
export interface SampleBundle {
  /** Folder that its files lie in. */
  readonly folder: string;
  readonly system: 'aws-iam' | 'kubernetes-rbac';
  /** RFC 3339. */
  readonly inForceFrom: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

/** The incident's steps that change each policy. */
const accountsChange = 'new-credentials';
const clusterChange = 'cluster-admin';

/**
 * The policies under which the sample's events were decided: accounts and clusters before the incident, and after the
 * change that it makes to each.
 */
export function samplePolicies({ seed, from, incident }: SampleTruth): readonly SampleBundle[] {
  const company = createCompany(new Random(seed));
  const endOf = (id: string): string => incident.steps.find((step) => step.id === id)?.to ?? from;
  return [
    {
      folder: 'aws-before',
      system: 'aws-iam',
      inForceFrom: from,
      files: accountFiles(company, false),
    },
    {
      folder: 'aws-after',
      system: 'aws-iam',
      inForceFrom: endOf(accountsChange),
      files: accountFiles(company, true),
    },
    {
      folder: 'clusters-before',
      system: 'kubernetes-rbac',
      inForceFrom: from,
      files: [{ path: 'rbac.json', text: written(clusterManifests(false)) }],
    },
    {
      folder: 'clusters-after',
      system: 'kubernetes-rbac',
      inForceFrom: endOf(clusterChange),
      files: [{ path: 'rbac.json', text: written(clusterManifests(true)) }],
    },
  ];
}

function accountFiles(company: Company, changed: boolean): SampleBundle['files'] {
  return [
    { path: 'organization.json', text: written(organization(company)) },
    ...company.accounts.map((account) => ({
      path: `accounts/${account.id}/authorization-details.json`,
      text: written(details(company, account, changed)),
    })),
  ];
}

function written(document: JsonObject): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: JsonObject;
}

function policy(...statements: readonly Statement[]): JsonObject {
  return { Version: '2012-10-17', Statement: statements.map((statement) => ({ ...statement })) };
}

/** What every unit is stopped from doing: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html */
function organization({ accounts }: Company): JsonObject {
  const trail = policy({
    Sid: 'KeepTheTrail',
    Effect: 'Deny',
    Action: ['cloudtrail:StopLogging', 'cloudtrail:DeleteTrail', 'cloudtrail:UpdateTrail'],
    Resource: '*',
  });
  return {
    id: 'o-halden0001',
    root: {
      id: 'r-hf01',
      scp: [{ name: 'FullAWSAccess' }, { name: 'KeepTheTrail', policy: trail }],
      rcp: [{ name: 'RCPFullAWSAccess' }],
      units: [
        {
          id: 'ou-hf01-workload',
          name: 'Workloads',
          scp: [{ name: 'FullAWSAccess' }],
          accounts: accounts.map(({ id, name }) => ({ id, name, scp: [{ name: 'FullAWSAccess' }] })),
        },
      ],
    },
  };
}

const observe = policy({
  Sid: 'Observe',
  Effect: 'Allow',
  Action: [
    'autoscaling:Describe*',
    'ce:Get*',
    'cloudformation:Describe*',
    'cloudformation:List*',
    'cloudtrail:LookupEvents',
    'cloudwatch:*',
    'ec2:Describe*',
    'ecr:*',
    'ecs:*',
    'eks:Describe*',
    'eks:List*',
    'elasticloadbalancing:Describe*',
    'iam:Get*',
    'iam:List*',
    'lambda:Get*',
    'lambda:List*',
    'logs:*',
    'rds:Describe*',
    's3:ListAllMyBuckets',
    'secretsmanager:DescribeSecret',
    'secretsmanager:ListSecrets',
    'sts:GetCallerIdentity',
    'tag:Get*',
  ],
  Resource: '*',
});

/** Data of the company, and the settings of its services. */
function workPolicy({ id }: Account): JsonObject {
  return policy(
    {
      Sid: 'Data',
      Effect: 'Allow',
      Action: ['dynamodb:*', 'kms:Decrypt', 'kms:GenerateDataKey', 's3:*Object', 's3:ListBucket', 'sqs:*'],
      Resource: '*',
    },
    {
      Sid: 'Settings',
      Effect: 'Allow',
      Action: ['secretsmanager:GetSecretValue', 'ssm:GetParameter*'],
      Resource: secrets.flatMap((name) => [
        `arn:aws:secretsmanager:*:${id}:secret:${name}-*`,
        `arn:aws:ssm:*:${id}:parameter/${name}`,
      ]),
    },
  );
}

/** One role hands over to the next, and to no other. */
function handOver(to: string): JsonObject {
  return policy({ Sid: 'HandOver', Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: to });
}

/** The build pipeline stores artifacts and hands over to its role. */
function pipelinePolicy(tooling: Account): JsonObject {
  return policy(
    {
      Sid: 'Artifacts',
      Effect: 'Allow',
      Action: ['ecr:*', 's3:GetObject', 's3:PutObject', 's3:ListBucket'],
      Resource: '*',
    },
    {
      Sid: 'Release',
      Effect: 'Allow',
      Action: ['ecs:DescribeServices', 'ecs:UpdateService', 'lambda:UpdateFunctionCode'],
      Resource: '*',
    },
    {
      Sid: 'HandOver',
      Effect: 'Allow',
      Action: ['sts:AssumeRole'],
      Resource: `arn:aws:iam::${tooling.id}:role/halden-deploy-pipeline`,
    },
  );
}

function details(company: Company, account: Account, changed: boolean): JsonObject {
  const [tooling, production] = company.accounts;
  const managed = (name: string, document: JsonObject): JsonObject => ({
    PolicyName: name,
    Arn: `arn:aws:iam::${account.id}:policy/${name}`,
    DefaultVersionId: 'v1',
    PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: document }],
  });
  const users: JsonObject[] = [];
  if (account.name === 'tooling') {
    users.push(
      { ...user(account, company.ci.user, pipelinePolicy(tooling)), UserId: company.ci.userId },
      user(account, 'svc-backup', workPolicy(account)),
    );
  }
  // The user that the incident makes has all rights, by AWS's own policy.
  if (changed && account === production) users.push(administrator(account, 'svc-metrics-sync'));
  return {
    UserDetailList: users,
    GroupDetailList: [],
    RoleDetailList: rolesOf(company, account),
    Policies: [managed('HaldenObserve', observe), managed('HaldenWork', workPolicy(account))],
  };
}

function user(account: Account, name: string, document: JsonObject): JsonObject {
  return {
    UserName: name,
    UserId: uniqueId(`arn:aws:iam::${account.id}:user/${name}`),
    Path: '/',
    Arn: `arn:aws:iam::${account.id}:user/${name}`,
    UserPolicyList: [{ PolicyName: `${name}-permissions`, PolicyDocument: document }],
    AttachedManagedPolicies: [],
    GroupList: [],
  };
}

const administratorAccess = {
  PolicyName: 'AdministratorAccess',
  PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
};

function administrator(account: Account, name: string): JsonObject {
  return {
    UserName: name,
    UserId: uniqueId(`arn:aws:iam::${account.id}:user/${name}`),
    Path: '/',
    Arn: `arn:aws:iam::${account.id}:user/${name}`,
    UserPolicyList: [],
    AttachedManagedPolicies: [administratorAccess],
    GroupList: [],
  };
}

function rolesOf(company: Company, account: Account): JsonObject[] {
  const own = (name: string): JsonObject => ({
    PolicyName: name,
    PolicyArn: `arn:aws:iam::${account.id}:policy/${name}`,
  });
  const ordinary = [own('HaldenObserve'), own('HaldenWork')];
  const services = {
    Service: ['ec2', 'ecs-tasks', 'lambda', 'pods.eks'].map((name) => `${name}.amazonaws.com`),
  };
  const named = (name: string): string => `arn:aws:iam::${account.id}:role/${name}`;
  const [tooling, production] = company.accounts;
  const deploy = `arn:aws:iam::${production.id}:role/halden-production-deploy`;
  const pipeline = `arn:aws:iam::${tooling.id}:role/halden-deploy-pipeline`;
  const chained: Readonly<Record<Account['name'], JsonObject>> = {
    tooling: {
      ...role(pipeline, { AWS: `arn:aws:iam::${tooling.id}:user/${company.ci.user}` }, ordinary),
      RolePolicyList: [{ PolicyName: 'hand-over', PolicyDocument: handOver(deploy) }],
    },
    production: role(deploy, { AWS: pipeline }, [administratorAccess]),
    data: role(named('halden-cross-account-maintenance'), { AWS: deploy }, ordinary),
  };
  const sets = new Set(
    company.people.filter(({ accounts }) => accounts.includes(account)).map((each) => each.permissionSet),
  );
  return [
    chained[account.name],
    ...company.workloads
      .filter((workload) => workload.account === account)
      .map((workload) => ({
        ...role(named(workloadRole(workload)), services, ordinary),
        RoleId: workload.roleId,
      })),
    ...[...sets].map((set) => ({
      ...role(
        company.permissionSetRole(account, set).arn,
        { Federated: identityCenterProvider(account.id) },
        set === 'PlatformAdministrator' ? [administratorAccess] : ordinary,
      ),
      RoleId: company.permissionSetRole(account, set).id,
    })),
    ...(account === production ? [role(named('halden-migration-2024'), services, ordinary)] : []),
  ];
}

function role(arn: string, principal: JsonObject, attached: readonly JsonObject[]): JsonObject {
  const trust =
    'Federated' in principal
      ? {
          Effect: 'Allow',
          Principal: principal,
          Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
          Condition: { StringEquals: { 'SAML:aud': signInAudience } },
        }
      : { Effect: 'Allow', Principal: principal, Action: ['sts:AssumeRole', 'sts:TagSession'] };
  return {
    RoleName: arn.slice(arn.lastIndexOf('/') + 1),
    RoleId: uniqueId(arn),
    Path: arn.slice(arn.indexOf('/'), arn.lastIndexOf('/') + 1),
    Arn: arn,
    AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] },
    RolePolicyList: [],
    AttachedManagedPolicies: [...attached],
  };
}
