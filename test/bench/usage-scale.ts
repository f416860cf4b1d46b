import { judgeUsage } from '#shared/analysis/usage/judge.ts';
import { usagePage } from '#shared/analysis/usage/page.ts';
import type { Entitlement } from '#shared/domain/entitlement.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import type { CompiledBundle } from '#shared/domain/policy-system.ts';
import type { AccessUse, EntitlementUsage, LogReach } from '#shared/domain/usage.ts';
import { awsIam } from '#shared/policy/aws-iam/index.ts';
import { median, milliseconds, printTable } from './figures.ts';

const account = '111122223333';
const managed = 60;
/** Each gives four permissions. */
const attached = 10;
const services = ['s3', 'ec2', 'sqs', 'sns', 'lambda', 'logs', 'dynamodb', 'kms', 'ssm', 'iam'];
const actions = ['s3:GetObject', 's3:PutObject', 'ec2:DescribeInstances'];
const reach: LogReach = {
  format: 'aws-cloudtrail',
  account,
  from: '2026-01-01T00:00:00Z',
  to: '2026-03-31T00:00:00Z',
  days: 90,
  daysWithEvents: 90,
  missingDays: [],
  actions: new Set([...actions, 'iam:ListUsers']),
  kinds: new Set(['data arn:aws:s3:::team10']),
};

/**
 * Usage where everybody together holds a million permissions, out of managed policies that many share, by one thread:
 * of everybody, identity by identity as it is never held at once; of one; and a page of one who holds very many.
 */
export async function benchUsage(principals: number): Promise<void> {
  const loaded = performance.now();
  const bundle = await sharedBundle(principals);
  const rows: (readonly string[])[] = [['bundle read', milliseconds(performance.now() - loaded), '']];
  const one: number[] = [];
  for (let index = 0; index < 21; index++) {
    const started = performance.now();
    judged([...(bundle.entitlements?.(arnOf(index * 97)) ?? [])]);
    one.push(performance.now() - started);
  }
  rows.push(['one identity, first', milliseconds(one[0] ?? 0), '']);
  rows.push(['one identity, p50', milliseconds(median(one.slice(1))), '']);

  const [everybody, started] = [{ permissions: 0, used: 0, judging: 0 }, performance.now()];
  const take = (held: readonly Entitlement[]): void => {
    const before = performance.now();
    const found = judged(held);
    everybody.judging += performance.now() - before;
    everybody.permissions += found.length;
    for (const { usage } of found) if (usage === 'used') everybody.used++;
  };
  let held: Entitlement[] = [];
  for (const entitlement of bundle.entitlements?.() ?? []) {
    if (held[0] !== undefined && held[0].subject.id !== entitlement.subject.id) {
      take(held);
      held = [];
    }
    held.push(entitlement);
  }
  take(held);
  if (everybody.used === 0) throw new Error('The benchmark has to find something used.');
  rows.push(
    ['everybody', milliseconds(performance.now() - started), ''],
    ['of it granted beside used', milliseconds(everybody.judging), ''],
  );

  const many = judged(Array.from({ length: 1_000 }, () => held).flat());
  const pages = [
    { usage: 'not-used', text: '' },
    { usage: null, text: 'put' },
    { usage: null, text: '' },
  ] as const;
  const filtered = pages.map((question) => {
    const before = performance.now();
    usagePage(many, { ...question, offset: 200, limit: 200 });
    return performance.now() - before;
  });
  rows.push([
    `a page of ${many.length.toLocaleString('en')} of one identity, another filter, p50`,
    milliseconds(median(filtered)),
    '≤ 100',
  ]);
  printTable(
    `Usage of ${everybody.permissions.toLocaleString('en')} permissions of ${principals.toLocaleString('en')} principals, ms`,
    ['', 'measured', 'goal'],
    rows,
  );
}

function judged(held: readonly Entitlement[]): EntitlementUsage[] {
  const subject = held[0]?.subject.id ?? '';
  return judgeUsage(held, usesOf(subject), [reach]);
}

function usesOf(subject: string): AccessUse[] {
  return actions.map((action) => ({
    format: 'aws-cloudtrail',
    subject,
    action,
    resource: { type: null, id: 'arn:aws:s3:::team10/a' },
    others: [],
    outcome: 'allow',
    events: 3,
    first: '2026-01-01T00:00:00Z',
    last: '2026-03-01T00:00:00Z',
  }));
}

function arnOf(index: number): string {
  return `arn:aws:iam::${account}:user/user${index}`;
}

function sharedBundle(principals: number): Promise<CompiledBundle> {
  const policyArn = (index: number): string => `arn:aws:iam::${account}:policy/Team${index % managed}`;
  const document = {
    UserDetailList: Array.from({ length: principals }, (_, index) => ({
      UserName: `user${index}`,
      Arn: arnOf(index),
      GroupList: [],
      AttachedManagedPolicies: Array.from({ length: attached }, (_unused, place) => ({
        PolicyArn: policyArn(index + place * 7),
      })),
    })),
    RoleDetailList: [],
    GroupDetailList: [],
    Policies: Array.from({ length: managed }, (_, index) => ({
      PolicyName: `Team${index}`,
      Arn: policyArn(index),
      PolicyVersionList: [
        {
          VersionId: 'v1',
          IsDefaultVersion: true,
          Document: { Version: '2012-10-17', Statement: statements(index) },
        },
      ],
    })),
  } as JsonObject;
  return awsIam.load({ kind: 'inline', document }, {});
}

function statements(index: number): JsonObject[] {
  const service = services[index % services.length] ?? '';
  const own = `arn:aws:${service}:::team${index}/*`;
  return [
    { Effect: 'Allow', Action: [`${service}:Get*`, `${service}:List*`], Resource: own },
    { Effect: 'Allow', Action: [`${service}:Put*`, `${service}:Describe*`], Resource: own },
  ];
}
