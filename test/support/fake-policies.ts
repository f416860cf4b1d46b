import type { AgreementReport } from '#shared/domain/agreement.ts';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import type { ReplayRow } from '#shared/domain/replay.ts';
import type { DecisionTrace, PolicyRef } from '#shared/domain/trace.ts';
import type { PolicyTestResult } from '#shared/policy-tests/policy-test.ts';
import { success } from '#shared/util/result.ts';
import type { FakeAnswers } from './fake-bridge.ts';

const path = 'accounts/021345678901/authorization-details.json';
const developer = 'arn:aws:iam::021345678901:role/deploy-1#release';

/** Texts of the policies that the fake host's bundle holds. */
const release = JSON.stringify(
  {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Read', Effect: 'Allow', Action: 's3:GetObject', Resource: '*' },
      {
        Sid: 'OnlyFromInside',
        Effect: 'Deny',
        Action: 's3:*',
        Resource: '*',
        Condition: { NotIpAddress: { 'aws:SourceIp': ['10.0.0.0/8'] } },
      },
    ],
  },
  null,
  2,
);

function ref(statement: number, statementId: string): PolicyRef {
  return {
    path,
    locator: `/RoleDetailList/4/RolePolicyList/0/PolicyDocument/Statement/${statement}`,
    policyId: developer,
    statementId,
    index: statement,
  };
}

/** A denial by one statement, with the log and the policy at one. */
export const deniedTrace: DecisionTrace = {
  id: 'trace-1',
  system: 'aws-iam',
  pdp: { system: 'aws-iam', engine: { name: 'rescind-aws-iam', version: '1', mode: 'own' } },
  request: {
    subject: { type: 'AssumedRole', id: 'arn:aws:iam::021345678901:role/deploy-1' },
    action: { name: 's3:GetObject' },
    resource: { type: 'AWS::S3::Object', id: 'arn:aws:s3:::acme-invoices/2026/05/3.pdf' },
    context: { 'aws:SourceIp': '203.0.113.3', 'aws:UserAgent': 'curl\u202e' },
  },
  attributes: {
    'subject.id': 'log',
    'action.name': 'derived',
    'resource.id': 'log',
    'context.aws:SourceIp': 'log',
    'context.aws:UserAgent': 'log',
    'context.aws:TokenIssueTime': 'absent',
  },
  event: { id: '00000000000000000000000000000003', time: '2026-05-01T00:03:00.003Z' },
  recorded: { decision: 'deny', reason: 'with an explicit deny in an identity-based policy', policies: [] },
  provenance: 'recomputed',
  bundle: {
    digest: `sha256:${'4c8a'.repeat(16)}`,
    id: 'before',
    inForceFrom: '2026-05-01T00:00:00Z',
    matchedBy: 'time',
  },
  evaluation: {
    decision: 'deny',
    kind: 'explicit',
    combining: 'layered-intersection',
    determining: [developer],
    determiningSteps: ['identity/0/1'],
    overridden: ['identity/0/0'],
    blockedBy: ['identity'],
    layers: [
      { name: 'scp', label: 'Root', role: 'limit', outcome: 'allow', steps: [] },
      {
        name: 'identity',
        role: 'grant',
        outcome: 'deny',
        steps: [
          {
            id: 'identity/0/0',
            ref: ref(0, 'Read'),
            effect: 'allow',
            matched: true,
            tests: {
              action: { result: 'match', pattern: 's3:GetObject' },
              resource: { result: 'match', pattern: '*' },
            },
          },
          {
            id: 'identity/0/1',
            ref: ref(1, 'OnlyFromInside'),
            effect: 'deny',
            matched: true,
            via: [{ from: 'arn:aws:iam::021345678901:role/deploy-1', to: developer, kind: 'attached' }],
            tests: {
              action: { result: 'match', pattern: 's3:*' },
              condition: {
                op: 'all',
                expr: 'NotIpAddress',
                result: 'true',
                children: [
                  {
                    op: 'leaf',
                    expr: 'NotIpAddress aws:SourceIp 10.0.0.0/8',
                    operator: 'NotIpAddress',
                    key: 'aws:SourceIp',
                    expected: ['10.0.0.0/8'],
                    actual: '203.0.113.3',
                    result: 'true',
                  },
                ],
              },
            },
          },
          {
            id: 'identity/1/0',
            ref: {
              path,
              locator: '/Policies/0',
              policyId: 'arn:aws:iam::021345678901:policy/Other',
              index: 0,
            },
            effect: 'allow',
            matched: false,
            tests: { action: { result: 'no-match', pattern: 'ec2:*', actual: 's3:GetObject' } },
          },
        ],
      },
      {
        name: 'boundary',
        role: 'limit',
        outcome: 'unknown',
        why: 'The boundary is not in the bundle.',
        steps: [],
      },
    ],
    errors: [],
    assumptions: ['There is no session policy.'],
    unknowns: ['aws:SourceVpce'],
    wouldAllowIf: {
      op: 'leaf',
      expr: 'aws:SourceIp is in 10.0.0.0/8',
      expected: '10.0.0.0/8',
      actual: '203.0.113.3',
      result: 'false',
    },
    completeness: 'partial',
    verdict: 'Denied: “OnlyFromInside” of “release” denies s3:GetObject on acme-invoices/2026/05/3.pdf.',
  },
};

/** The same event where the log and the policy say different things. */
export const divergingTrace: DecisionTrace = {
  ...deniedTrace,
  recorded: { decision: 'allow', policies: [] },
  divergence: {
    recorded: 'allow',
    recomputed: 'deny',
    likelyCause: 'policy-unknown-at-that-time',
    why: 'The bundle is not known to have been in force then.',
  },
};

/** What can be said without a bundle. */
export const recordedTrace: DecisionTrace = {
  id: 'trace-2',
  system: 'aws-iam',
  pdp: { system: 'aws-iam', engine: { name: 'none', version: '', mode: 'own' } },
  request: deniedTrace.request,
  event: { id: '00000000000000000000000000000003', time: '2026-05-01T00:03:00.003Z' },
  recorded: { decision: 'deny', policies: [] },
  provenance: 'recorded',
};

const bundle = (id: string, inForceFrom: string | null, problems: CaseBundle['problems']): CaseBundle => ({
  id,
  system: 'aws-iam',
  revision: null,
  digest: `sha256:${'4c8a'.repeat(16)}`,
  inForceFrom,
  importedAt: '2026-06-05T09:00:00Z',
  path: `/srv/exports/aws-${id}`,
  policies: 67,
  subjects: 57,
  problems,
  signature: null,
});

const bundles: readonly CaseBundle[] = [
  bundle('before', '2026-05-01T00:00:00Z', []),
  bundle('after', null, [
    { severity: 'error', path, locator: '/Statement/1', message: 'The condition operator is not known.' },
    {
      severity: 'warning',
      path: 'organization.json',
      locator: '',
      message: 'Nothing is attached to the root.',
    },
  ]),
];

const rows: readonly ReplayRow[] = Array.from({ length: 40 }, (_, index) => {
  const change =
    (['newly-denied', 'newly-allowed', 'undecidable', 'unchanged'] as const)[Math.floor(index / 10)] ??
    'unchanged';
  return {
    request: deniedTrace.request,
    change,
    decision: change === 'newly-denied' ? 'deny' : change === 'undecidable' ? 'indeterminate' : 'allow',
    before: change === 'newly-allowed' ? 'deny' : 'allow',
    recorded: { allow: 40 - index },
    events: 40 - index,
    first: '2026-05-01T00:03:00Z',
    last: '2026-05-30T00:03:00Z',
    event: '00000000000000000000000000000003',
    determining: [],
    blockedBy: [],
    unknowns: [],
    verdict: 'Denied: no identity policy allows it.',
  };
});

const allowedTrace: DecisionTrace = {
  ...deniedTrace,
  id: 'trace-3',
  bundle: { digest: `sha256:${'77aa'.repeat(16)}` },
  evaluation: {
    ...deniedTrace.evaluation!,
    decision: 'allow',
    determiningSteps: ['identity/0/0'],
    overridden: [],
    blockedBy: [],
    layers: deniedTrace.evaluation!.layers.map((layer) =>
      layer.name === 'identity' ? { ...layer, outcome: 'allow', steps: layer.steps.slice(0, 1) } : layer,
    ),
    verdict: 'Allowed: “Read” of “release” allows s3:GetObject on acme-invoices/2026/05/3.pdf.',
  },
};

const tests = `checks: { exceptionPaths: true }
tests:
  - note: the release pipeline reads invoices
    request:
      subject: { type: role, id: "arn:aws:iam::021345678901:role/deploy-1" }
      action: { name: s3:GetObject }
      resource: { type: object, id: "arn:aws:s3:::acme-invoices/1.pdf", properties: { account: "021345678901" } }
    expect: allow
`;

const testResults: readonly PolicyTestResult[] = [
  {
    test: 1,
    line: 3,
    note: 'the release pipeline reads invoices',
    passed: false,
    request: {
      subject: { type: 'role', id: 'arn:aws:iam::021345678901:role/deploy-1' },
      action: { name: 's3:GetObject' },
      resource: { type: 'object', id: 'arn:aws:s3:::acme-invoices/1.pdf' },
    },
    expected: { decision: 'allow' },
    actual: { decision: 'deny', kind: 'explicit', determining: [developer], blockedBy: ['identity'] },
    differences: ['expected allow, got deny'],
    verdict: 'Denied: “OnlyFromInside” of “release” denies it.',
  },
];

const agreement: AgreementReport = {
  revision: 1,
  sources: [
    {
      format: 'aws-cloudtrail',
      system: 'aws-iam',
      bundles: 2,
      events: 120_000,
      requests: 4_200,
      compared: 96_000,
      agreed: 95_400,
      ratio: 0.993_75,
      undecided: 20_000,
      unrecorded: 1_000,
      unmapped: [{ reason: 'The event is no exercise of an IAM permission.', events: 3_000 }],
      causes: [
        {
          cause: 'policy-unknown-at-that-time',
          events: 20_000,
          requests: 300,
          examples: [
            {
              event: '0'.padStart(32, '0'),
              events: 900,
              recorded: 'allow',
              recomputed: 'indeterminate',
              why: 'The trust policy is not in the bundle.',
            },
          ],
        },
      ],
    },
  ],
};

/** What a host with two bundles answers about policies. */
export const policyAnswers: FakeAnswers = {
  'bundles.list': { result: success(bundles), delay: 20 },
  'bundles.get': { result: success(bundles[1]), delay: 20 },
  'bundles.text': {
    result: success([
      {
        policyId: developer,
        title: 'release',
        path,
        language: 'json',
        text: release,
        pointer: '/RoleDetailList/4/RolePolicyList/0/PolicyDocument',
      },
      { policyId: 'other', title: 'other', path: 'other.json', language: 'json', text: '{}' },
    ]),
    delay: 20,
  },
  'bundles.diff': {
    result: success([
      {
        policyId: developer,
        title: 'release',
        path,
        language: 'json',
        change: 'changed',
        before: release,
        after: release.replace('10.0.0.0/8', '192.168.0.0/16'),
      },
      {
        policyId: 'new',
        title: 'new',
        path: 'new.json',
        language: 'json',
        change: 'added',
        before: null,
        after: '{ "Sid": "right\u202eleft" }\n',
      },
    ]),
    delay: 20,
  },
  'policy.ask': { result: success(allowedTrace), delay: 20 },
  'policy.check': { result: success(testResults), delay: 20 },
  'bundles.problems': {
    result: success([
      { severity: 'warning', path, locator: '/Statement/0', message: 'It allows every resource.' },
    ]),
    delay: 20,
  },
  'bundles.saveEdited': { result: success(bundles[1]), delay: 20 },
  'bundles.edited': { result: success([{ path, text: '{}' }]), delay: 20 },
  'policyTests.list': {
    result: success([{ name: 'Release', bytes: 312, changedAt: '2026-06-05T09:00:00Z' }]),
    delay: 20,
  },
  'policyTests.get': { result: success({ name: 'Release', text: tests }), delay: 20 },
  'policyTests.save': {
    result: success({ name: 'Release', bytes: 312, changedAt: '2026-06-05T09:00:00Z' }),
    delay: 20,
  },
  'policyTests.remove': { result: success(null), delay: 20 },
  'policy.knownAgreement': { result: success(agreement), delay: 20 },
  'policy.agreement': { result: success(agreement), delay: 20 },
  'bundles.add': { result: success(bundles[1]), delay: 20 },
  'policy.explain': { result: success(deniedTrace), delay: 20 },
  'policy.replay': {
    result: success({
      summary: {
        requests: 40,
        events: 820,
        newlyDenied: { requests: 10, events: 355 },
        newlyAllowed: { requests: 10, events: 255 },
        unchanged: { requests: 10, events: 55 },
        undecidable: { requests: 10, events: 155 },
        unmapped: [{ reason: 'The event is no exercise of an IAM permission.', events: 12 }],
        agreement: { compared: 800, agreed: 700, ratio: 0.875 },
      },
      rows,
    }),
    items: Array.from({ length: 20 }, (_, step) => ({ events: (step + 1) * 41, groups: (step + 1) * 2 })),
    every: 30,
    delay: 20,
  },
};
