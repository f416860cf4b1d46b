import { expect, test } from 'vitest';
import { judgeUsage } from '#shared/analysis/usage/judge.ts';
import type { Entitlement } from '#shared/domain/entitlement.ts';
import type { AccessUse, LogReach } from '#shared/domain/usage.ts';

const account = '111122223333';
const ann = `arn:aws:iam::${account}:user/ann`;

function entitlement(action: string, resource = '*', more: Partial<Entitlement> = {}): Entitlement {
  return {
    key: `${action} ${resource}`,
    system: 'aws-iam',
    subject: { type: 'user', id: ann, account },
    action: { pattern: action, ...(/[*]|^not /.test(action) ? {} : { expanded: [action] }) },
    resource: { pattern: resource },
    condition: null,
    conditionality: 'always',
    grants: [],
    limitedBy: [],
    risks: [],
    ...more,
  };
}

function use(action: string, resource: string | null, more: Partial<AccessUse> = {}): AccessUse {
  return {
    format: 'aws-cloudtrail',
    subject: ann,
    action,
    resource: resource === null ? null : { type: null, id: resource },
    others: [],
    outcome: 'allow',
    events: 1,
    first: '2026-01-02T00:00:00Z',
    last: '2026-01-02T00:00:00Z',
    ...more,
  };
}

const trail: LogReach = {
  format: 'aws-cloudtrail',
  account,
  from: '2026-01-01T00:00:00Z',
  to: '2026-03-31T00:00:00Z',
  days: 90,
  daysWithEvents: 90,
  missingDays: [],
  actions: new Set(['iam:ListUsers', 'ec2:StopInstances']),
  kinds: new Set(),
};
const cluster: LogReach = {
  ...trail,
  format: 'kubernetes-audit',
  account: null,
  kinds: new Set(['read core/pods']),
};

function state(one: Entitlement, uses: readonly AccessUse[], reach: LogReach = trail): string {
  return judgeUsage([one], uses, [reach])[0]?.usage ?? '';
}

test('used, and not used where the log would show it', () => {
  expect(state(entitlement('ec2:StopInstances'), [use('ec2:StopInstances', null)])).toBe('used');
  expect(state(entitlement('ec2:StopInstances'), [])).toBe('not-used');
  // A refusal is no use; a call that failed for another reason was authorized.
  const denied = use('ec2:StopInstances', null, { outcome: 'deny' });
  expect(judgeUsage([entitlement('ec2:StopInstances')], [denied], [trail])).toMatchObject([
    { usage: 'not-used', denied: 1 },
  ]);
  expect(
    state(entitlement('ec2:StopInstances'), [use('ec2:StopInstances', null, { outcome: 'error' })]),
  ).toBe('used');
});

test.each<[string, Entitlement, Partial<LogReach>]>([
  ['no log', entitlement('ec2:StopInstances'), { format: 'okta-system-log' }],
  ['the log of another account', entitlement('ec2:StopInstances'), { account: '999999999999' }],
  ['data events of S3', entitlement('s3:GetObject'), {}],
  [
    'data events of another bucket',
    entitlement('s3:GetObject', 'arn:aws:s3:::mine/*'),
    { actions: new Set(['s3:GetObject']), kinds: new Set(['data arn:aws:s3:::other']) },
  ],
  [
    'a log of what changes alone',
    entitlement('ec2:DescribeInstances'),
    { actions: new Set(['ec2:StopInstances']) },
  ],
  ['passing a role', entitlement('iam:PassRole'), {}],
  ['a wildcard that nobody has written out', entitlement('*'), {}],
  ['gaps', entitlement('ec2:StopInstances'), { daysWithEvents: 60 }],
  ['a single day that is missing', entitlement('ec2:StopInstances'), { daysWithEvents: 89 }],
  ['a month too short', entitlement('ec2:StopInstances'), { days: 20, daysWithEvents: 20 }],
])('cannot know: %s', (_name, one, reach) => {
  expect(state(one, [], { ...trail, ...reach })).toBe('cannot-know');
});

test('the window must hold the slowest rhythm twice', () => {
  const rare = use('ec2:StartInstances', null, {
    events: 3,
    first: '2026-01-01T00:00:00Z',
    last: '2026-03-31T00:00:00Z',
  });
  expect(state(entitlement('ec2:StopInstances'), [rare])).toBe('not-used');
  expect(state(entitlement('ec2:StopInstances'), [rare], { ...trail, days: 80, daysWithEvents: 80 })).toBe(
    'cannot-know',
  );
});

const rbac = (verb: string, type: string): Entitlement =>
  entitlement(verb, `shop:${type}:*`, {
    system: 'kubernetes-rbac',
    subject: { type: 'User', id: 'ann' },
    resource: { type, pattern: `shop:${type}:*` },
  });

test('an audit policy may leave a kind of request out', () => {
  expect(state(rbac('get', 'core/pods'), [], cluster)).toBe('not-used');
  expect(state(rbac('create', 'core/pods'), [], cluster)).toBe('cannot-know');
  expect(state(rbac('get', 'core/secrets'), [], cluster)).toBe('cannot-know');
});

test('all but some actions are used by the others', () => {
  const most = entitlement('not iam:*', '*', { action: { pattern: 'not iam:*' } });
  expect(state(most, [use('ec2:StopInstances', null)])).toBe('used');
  expect(state(most, [use('iam:CreateUser', null)])).toBe('cannot-know');
});

test('a resource that the event does not name, or that a variable stands for, may have been used', () => {
  const one = entitlement('ec2:StopInstances', `arn:aws:ec2:*:${account}:instance/i-1`);
  expect(state(one, [use('ec2:StopInstances', null)])).toBe('cannot-know');
  expect(state(one, [use('ec2:StopInstances', `arn:aws:ec2:eu-west-1:${account}:instance/i-2`)])).toBe(
    'not-used',
  );
  const others = [`arn:aws:ec2:eu-west-1:${account}:instance/i-1`];
  expect(
    state(one, [use('ec2:StopInstances', `arn:aws:ec2:eu-west-1:${account}:instance/i-2`, { others })]),
  ).toBe('used');
  const own = entitlement('iam:UpdateLoginProfile', `arn:aws:iam::${account}:user/\${aws:username}`);
  expect(state(own, [use('iam:UpdateLoginProfile', ann)])).toBe('cannot-know');
});
