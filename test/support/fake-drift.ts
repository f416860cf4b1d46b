import type { CaseBundle } from '#shared/domain/bundle.ts';
import type { ChangeKind, PermissionChange } from '#shared/domain/drift.ts';
import type { Entitlement } from '#shared/domain/entitlement.ts';
import type { EntitlementUsage } from '#shared/domain/usage.ts';
import { success } from '#shared/util/result.ts';
import type { FakeAnswers } from './fake-bridge.ts';

function bundle(id: string, inForceFrom: string | null, system = 'aws-iam'): CaseBundle {
  return {
    id,
    system,
    revision: null,
    digest: `sha256:${id}`,
    inForceFrom,
    importedAt: '2026-06-01T00:00:00Z',
    path: `/srv/exports/${id}.json`,
    policies: 12,
    subjects: 4,
    problems: [],
    signature: null,
  };
}

export const bundles: readonly CaseBundle[] = [
  bundle('third', '2026-05-20T00:00:00Z'),
  bundle('first', '2025-01-01T00:00:00Z'),
  bundle('second', '2026-05-10T00:00:00Z'),
  bundle('rego', '2026-05-25T00:00:00Z', 'opa'),
  bundle('undated', null),
];

const account = 'arn:aws:iam::021345678901';

function entitlement(subject: string, action: string, resource: string): Entitlement {
  return {
    key: `aws-iam ${subject} ${action} ${resource}`,
    system: 'aws-iam',
    subject: { type: 'user', id: subject },
    action: { pattern: action, level: 'write' },
    resource: { pattern: resource },
    condition: null,
    conditionality: 'always',
    grants: [
      {
        path: [
          { from: subject, to: `${account}:group/builders`, kind: 'member-of' },
          { from: `${account}:group/builders`, to: 'BuildPolicy', kind: 'attached' },
        ],
        ref: { path: 'third.json', locator: '/Policies/0', policyId: 'BuildPolicy', statementId: 'Build' },
      },
    ],
    limitedBy: [],
    risks: ['wildcard'],
  };
}

function change(kind: ChangeKind, user: string, action: string, explained: boolean): PermissionChange {
  const subject = `${account}:user/${user}`;
  const held = entitlement(subject, action, `arn:aws:s3:::acme-${user}/*`);
  return {
    key: held.key,
    kind,
    system: 'aws-iam',
    subject: held.subject,
    ...(kind === 'gained' ? {} : { before: held }),
    ...(kind === 'lost' ? {} : { after: held }),
    summary: `${subject} ${kind} ${action}\u202e.`,
    conditional: kind === 'condition-changed',
    attribution: explained
      ? [
          {
            event: '0'.repeat(32),
            time: '2026-05-12T08:00:00Z',
            actor: `${account}:user/admin`,
            session: null,
            ip: '203.0.113.9',
            operation: 'PutUserPolicy',
          },
        ]
      : [],
  };
}

export const changes: readonly PermissionChange[] = [
  change('gained', 'ana', 'iam:CreateUser', true),
  change('gained', 'ana', 'iam:PassRole', false),
  change('path-changed', 'ana', 's3:GetObject', false),
  change('lost', 'ben', 's3:PutObject', true),
  change('widened', 'ben', 's3:GetObject', true),
  change('condition-changed', 'cleo', 'ec2:StopInstances', true),
  change('narrowed', 'cleo', 's3:ListBucket', true),
];

const usage: readonly EntitlementUsage[] = (['used', 'not-used', 'cannot-know'] as const).map((state) => ({
  entitlement: entitlement(`${account}:user/ana`, `s3:Get${state}`, '*'),
  usage: state,
  lastUsed: state === 'used' ? '2026-05-12T08:00:00Z' : null,
  count: state === 'used' ? 149 : 0,
  denied: 2,
  lastDenied: null,
  actionsUsed: [],
  coverage: { from: null, to: null, days: 90, daysWithEvents: 88, kind: 'partial' },
  why: `It is ${state} for a reason.`,
}));

export const driftAnswers: FakeAnswers = {
  'bundles.list': { result: success(bundles), delay: 20 },
  'drift.run': { result: success({ changes, total: changes.length }), delay: 20 },
  'drift.series': {
    result: success({
      steps: [
        {
          system: 'aws-iam',
          from: 'second',
          to: 'third',
          since: '2026-05-10T00:00:00Z',
          until: '2026-05-20T00:00:00Z',
          changes,
        },
      ],
    }),
    delay: 20,
  },
  'usage.run': {
    list: 'rows',
    rows: usage,
    total: usage.length,
    by: 'usage',
    more: {
      bundle: 'third',
      asOf: '2026-05-31T00:00:00Z',
      counts: { used: 1, 'not-used': 1, 'cannot-know': 1 },
    },
    delay: 20,
  },
};
