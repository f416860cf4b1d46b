import type { AccessPath } from '#shared/domain/access-path.ts';
import type { BehaviourChange } from '#shared/domain/behaviour.ts';
import type { PolicyProposal } from '#shared/domain/proposal.ts';
import type { ReachReport } from '#shared/domain/reach.ts';
import { success } from '#shared/util/result.ts';
import type { FakeAnswers } from './fake-bridge.ts';

const account = 'arn:aws:iam::021345678901';
const subject = `${account}:user/batch-1`;
const administrator = `${account}:role/administrator`;

/** A way to every right, as the host lists it. */
export const way: AccessPath = {
  key: 'aws-iam batch-1 iam-create-policy-version',
  system: 'aws-iam',
  subject: { type: 'user', id: subject },
  kind: 'privilege-escalation',
  technique: 'iam-create-policy-version',
  title: 'Put a new version of a policy',
  gives: 'everything',
  certainty: 'conditional',
  targets: [{ type: 'policy', id: `${account}:policy/Build` }],
  targetCount: 30,
  steps: [
    {
      action: 'iam:CreatePolicyVersion',
      resource: `${account}:policy/Build`,
      certainty: 'conditional',
      path: [{ from: subject, to: 'BuildPolicy', kind: 'attached' }],
      policies: [{ path: 'third.json', locator: '/Policies/0', policyId: 'BuildPolicy', index: 0 }],
    },
  ],
  chain: [{ from: subject, to: administrator, kind: 'takes-over' }],
  conditions: ['The request carries aws:MultiFactorAuthPresent.'],
  assumptions: ['The policy has fewer than five versions.'],
  summary: `${subject} can write a version of a policy that it has\u202e.`,
  tags: ['attack.t1098'],
};

const reach: ReachReport = {
  subject,
  bundles: ['third'],
  asOf: null,
  could: {
    administrator: true,
    identities: [
      {
        type: 'role',
        id: administrator,
        certainty: 'certain',
        administrator: true,
        chain: [{ from: subject, to: administrator, kind: 'takes-over' }],
      },
    ],
    services: Array.from({ length: 30 }, (_, at) => ({
      service: `service-${at}`,
      levels: ['read', 'write'] as const,
      resources: ['*'],
      permissions: at,
      identities: 1,
    })),
    secrets: ['arn:aws:secretsmanager:eu-central-1:021345678901:secret:ledger'],
    namespaces: [],
  },
  did: {
    identities: [],
    services: [{ service: 'service-3', events: 12, last: '2026-05-12T08:00:00Z' }],
    resources: 4,
    namespaces: ['shop'],
  },
};

const change: BehaviourChange = {
  kind: 'first-seen',
  subject,
  day: '2026-05-12T00:00:00Z',
  why: 'It did iam:CreateUser\u202e for the first time in 70 days.',
  seen: 1,
  expected: 0.01,
  probability: 0.0004,
  baseline: {
    from: '2026-03-02T00:00:00Z',
    to: '2026-05-11T00:00:00Z',
    days: 70,
    daysWithEvents: 68,
    daysActive: 30,
    peers: 12,
  },
  novelties: [{ kind: 'action', value: 'iam:CreateUser' }],
  events: ['0'.repeat(32)],
};

const proposal: PolicyProposal = {
  subject,
  system: 'aws-iam',
  bundle: 'third',
  margin: { resources: 'siblings', reads: false, unseen: true },
  observed: { requests: 3, events: 149 },
  coverage: { from: '2026-03-02T00:00:00Z', to: '2026-05-31T00:00:00Z', days: 90, daysWithEvents: 88 },
  permissions: { used: 1, unused: 1, cannotKnow: 1 },
  policies: [{ name: 'Smallest', language: 'json', text: '{ "Action": "s3:GetObject" }' }],
  kept: ['kms:Decrypt'],
  broken: [],
  unexplained: [{ action: 's3:PutObject', resource: null, events: 2, why: 'Nothing gives it.' }],
  notes: ['Bucket policies stay as they are.'],
};

export const accessAnswers: FakeAnswers = {
  'behaviour.list': {
    result: success({
      asOf: '2026-05-31T00:00:00Z',
      total: 1,
      rows: [change],
      logs: [{ format: 'aws-cloudtrail', days: 90, daysWithEvents: 88 }],
    }),
    delay: 20,
  },
  'usage.propose': { result: success(proposal), delay: 20 },
  'paths.list': { result: success({ bundles: ['third'], total: 1, rows: [way] }), delay: 20 },
  'reach.get': { result: success(reach), delay: 20 },
};
