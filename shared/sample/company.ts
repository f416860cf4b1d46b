import { companyDomain, firstNames, lastNames } from './names.ts';
import type { Random } from './random.ts';

export interface Account {
  readonly id: string;
  readonly name: 'tooling' | 'production' | 'data';
  readonly regions: readonly string[];
}

export type Department = 'platform' | 'development' | 'data' | 'security' | 'support' | 'finance';

export interface Person {
  readonly name: string;
  readonly login: string;
  readonly department: Department;
  readonly address: string;
  readonly agent: string;
  readonly accounts: readonly Account[];
  readonly permissionSet: string;
}

/** What a workload does, which decides its operations. */
export type Profile = 'web' | 'worker' | 'analytics' | 'pipeline' | 'operations';

export interface Workload {
  readonly name: string;
  readonly account: Account;
  readonly region: string;
  readonly profile: Profile;
  readonly kind: 'instance' | 'function' | 'task' | 'pod';
  readonly roleId: string;
  /** The first three parts of its addresses. */
  readonly network: string;
  readonly agent: string;
  readonly weight: number;
}

export interface Company {
  readonly accounts: readonly [Account, Account, Account];
  readonly people: readonly Person[];
  readonly workloads: readonly Workload[];
  /** The long-lived key of the build pipeline, an IAM user of the tooling account. */
  readonly ci: {
    readonly user: string;
    readonly userId: string;
    readonly accessKeyId: string;
    readonly addresses: readonly string[];
  };
  /** Suffix of the roles of each permission set, as IAM Identity Center names them, by account and set. */
  readonly permissionSetRole: (
    account: Account,
    permissionSet: string,
  ) => { readonly arn: string; readonly name: string; readonly id: string };
}

const homeRegion = 'eu-west-1';
const departments: readonly (readonly [Department, number, string])[] = [
  ['platform', 7, 'PlatformAdministrator'],
  ['development', 17, 'Developer'],
  ['data', 7, 'DataEngineer'],
  ['security', 3, 'SecurityAudit'],
  ['support', 4, 'SupportReadOnly'],
  ['finance', 2, 'Billing'],
];

const browser =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const personAgents = [
  browser,
  'aws-cli/2.31.4 md/awscrt#0.27.6 ua/2.1 os/macos#24.6.0 md/arch#arm64 lang/python#3.13.7 md/pyimpl#CPython m/E,b,Z,r cfg/retry-mode#standard md/command#sts.get-caller-identity',
  'aws-cli/2.30.1 md/awscrt#0.27.6 ua/2.1 os/linux#6.8.0-79-generic md/arch#x86_64 lang/python#3.13.7 md/pyimpl#CPython m/Z,b,E cfg/retry-mode#standard md/command#s3.ls',
  'APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) terraform-provider-aws/6.14.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.39.2 ua/2.1 os/linux lang/go#1.24.6 md/GOARCH#amd64 m/g,n',
  'Boto3/1.40.30 md/Botocore#1.40.30 ua/2.1 os/macos#24.6.0 md/arch#arm64 lang/python#3.12.11 md/pyimpl#CPython m/b,Z',
] as const;

const workloadAgents = [
  'aws-sdk-java/2.33.9 md/io#async md/http#NettyNio ua/2.1 os/Linux lang/java#21.0.8 m/D,E,N',
  'aws-sdk-js/3.888.0 ua/2.1 os/linux lang/js md/nodejs#22.19.0 api/dynamodb#3.888.0 m/E,N exec-env/AWS_Lambda_nodejs22.x',
  'aws-sdk-go-v2/1.39.0 ua/2.1 os/linux lang/go#1.25.1 md/GOOS#linux md/GOARCH#arm64 api/s3#1.88.1 m/E,g',
  'Boto3/1.40.27 md/Botocore#1.40.27 ua/2.1 os/linux lang/python#3.12.11 md/pyimpl#CPython exec-env/AWS_ECS_FARGATE m/b,Z',
] as const;

/** Makes the company from the seed: three accounts, forty people, sixty roles, a build pipeline. */
export function createCompany(random: Random): Company {
  const tooling: Account = { id: '048261937510', name: 'tooling', regions: [homeRegion, 'us-east-1'] };
  const production: Account = {
    id: '391746205883',
    name: 'production',
    regions: [homeRegion, 'us-east-1', 'eu-central-1'],
  };
  const data: Account = { id: '726015448291', name: 'data', regions: [homeRegion, 'us-east-1'] };
  const accounts = [tooling, production, data] as const;
  const setIds = new Map<string, string>();
  for (const account of accounts) {
    for (const [, , set] of departments) setIds.set(`${account.id}/${set}`, random.hex16());
  }
  const roleIds = new Map([...setIds.keys()].map((key) => [key, `AROA${random.upper(17)}`]));
  return {
    accounts,
    people: createPeople(random, accounts),
    workloads: createWorkloads(random, accounts),
    ci: {
      user: 'ci-deploy',
      userId: `AIDA${random.upper(17)}`,
      accessKeyId: `AKIA${random.upper(16)}`,
      addresses: ['203.0.113.18', '203.0.113.19', '203.0.113.20'],
    },
    permissionSetRole(account, permissionSet) {
      const key = `${account.id}/${permissionSet}`;
      const name = `AWSReservedSSO_${permissionSet}_${setIds.get(key) ?? ''}`;
      return {
        name,
        id: roleIds.get(key) ?? '',
        arn: `arn:aws:iam::${account.id}:role/aws-reserved/sso.amazonaws.com/${homeRegion}/${name}`,
      };
    },
  };
}

function createPeople(random: Random, accounts: Company['accounts']): readonly Person[] {
  const [tooling, production, data] = accounts;
  const reach: Record<Department, readonly Account[]> = {
    platform: accounts,
    development: [production, tooling],
    data: [data],
    security: accounts,
    support: [production],
    finance: [tooling],
  };
  const people: Person[] = [];
  for (const [department, count, permissionSet] of departments) {
    for (let index = 0; index < count; index++) {
      const first = firstNames[people.length] ?? 'Alex';
      const last = random.pick(lastNames);
      people.push({
        name: `${first} ${last}`,
        login: `${first}.${last}@${companyDomain}`.toLowerCase(),
        department,
        address: `198.51.100.${10 + people.length}`,
        agent: department === 'finance' || department === 'support' ? browser : random.pick(personAgents),
        accounts: reach[department],
        permissionSet,
      });
    }
  }
  return people;
}

const workloadNames: readonly (readonly [Account['name'], Profile, Workload['kind'], readonly string[]])[] = [
  [
    'production',
    'web',
    'task',
    ['shipping-api', 'tracking', 'billing', 'portal', 'customs', 'quotes', 'notifications'],
  ],
  [
    'production',
    'worker',
    'function',
    [
      'quote-pricing',
      'route-optimizer',
      'label-printer',
      'invoice-renderer',
      'webhook-relay',
      'image-resize',
    ],
  ],
  [
    'production',
    'worker',
    'pod',
    ['external-secrets', 'aws-load-balancer-controller', 'cluster-autoscaler', 'cert-manager'],
  ],
  ['production', 'operations', 'instance', ['bastion', 'monitoring', 'log-shipper']],
  ['data', 'analytics', 'task', ['warehouse-sync', 'telemetry-curator', 'report-builder', 'feature-store']],
  ['data', 'worker', 'function', ['telemetry-ingest', 'schema-check', 'export-split']],
  ['data', 'analytics', 'instance', ['spark-master', 'notebooks', 'airflow']],
  ['tooling', 'pipeline', 'instance', ['runner-linux', 'runner-arm', 'artifact-cache']],
  ['tooling', 'pipeline', 'function', ['image-scan', 'dependency-mirror', 'release-notes']],
  ['tooling', 'operations', 'function', ['inventory', 'cost-report', 'key-rotation', 'tag-check']],
];

function createWorkloads(random: Random, accounts: Company['accounts']): readonly Workload[] {
  const workloads: Workload[] = [];
  for (const [accountName, profile, kind, names] of workloadNames) {
    const account = accounts.find((each) => each.name === accountName) ?? accounts[0];
    for (const name of names) {
      workloads.push({
        name,
        account,
        region: account.name === 'production' && random.chance(0.15) ? 'eu-central-1' : homeRegion,
        profile,
        kind,
        roleId: `AROA${random.upper(17)}`,
        network: `10.${20 + accounts.indexOf(account)}.${random.below(200)}`,
        agent: random.pick(workloadAgents),
        weight: 0.3 + random.fraction() * (profile === 'web' || profile === 'worker' ? 3 : 1),
      });
    }
  }
  return workloads;
}
