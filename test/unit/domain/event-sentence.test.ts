import { describe, expect, test } from 'vitest';
import { type NormalizedEvent, noCorrelation } from '#shared/domain/event.ts';
import { eventSentence, shortResource } from '#shared/domain/event-sentence.ts';

const denied: NormalizedEvent = {
  vendorId: null,
  time: '2026-05-01T10:00:00Z',
  class: null,
  subject: {
    type: 'user',
    id: 'arn:aws:iam::048261937510:user/ci-deploy',
    name: 'ci-deploy',
    account: '048261937510',
  },
  actor: null,
  session: null,
  credential: null,
  action: 's3:GetObject',
  operation: 'GetObject',
  service: 's3',
  resource: { type: 'AWS::S3::Object', id: 'arn:aws:s3:::invoices/2026/05.pdf' },
  resources: [{ type: 'AWS::S3::Object', id: 'arn:aws:s3:::invoices/2026/05.pdf' }],
  outcome: 'deny',
  reason: { class: 'explicit-deny', text: null, policy: 'service control policy' },
  ip: '203.0.113.7',
  userAgent: null,
  account: null,
  region: null,
  correlation: noCorrelation,
};

const sentence = (change: Partial<NormalizedEvent>): string =>
  eventSentence({ ...denied, ...change })
    .map((part) => (typeof part === 'string' ? part : part.label))
    .join('');

describe('an event in a sentence', () => {
  test.each<[Partial<NormalizedEvent>, string]>([
    [
      {},
      'ci-deploy was denied s3:GetObject on invoices/2026/05.pdf by an explicit deny in a service control policy from 203.0.113.7.',
    ],
    [
      { reason: { class: 'implicit-deny', text: null, policy: 'identity-based policy' } },
      'ci-deploy was denied s3:GetObject on invoices/2026/05.pdf because it is not allowed by an identity-based policy from 203.0.113.7.',
    ],
    [
      {
        outcome: 'allow',
        reason: { class: null, text: null, policy: 'RoleBinding pay/deployers of Role deployer' },
      },
      'ci-deploy was allowed s3:GetObject on invoices/2026/05.pdf by RoleBinding pay/deployers of Role deployer from 203.0.113.7.',
    ],
    [
      { outcome: 'error', reason: { class: 'throttled', text: 'Rate exceeded', policy: null }, ip: null },
      'ci-deploy failed at s3:GetObject on invoices/2026/05.pdf because of throttling.',
    ],
    [
      { outcome: 'unknown', reason: null, ip: null },
      'ci-deploy requested s3:GetObject on invoices/2026/05.pdf; the log does not say what became of it.',
    ],
    [
      {
        actor: { type: 'user', id: 'ana@acme.example', name: null, account: null },
        reason: null,
        resources: [denied.resource!, { type: null, id: 'x' }],
      },
      'ci-deploy, with ana@acme.example behind it, was denied s3:GetObject on invoices/2026/05.pdf and 1 more from 203.0.113.7.',
    ],
    [
      {
        subject: { type: 'anonymous', id: null, name: null, account: null },
        action: null,
        operation: null,
        resource: null,
        resources: [],
        reason: null,
        ip: null,
      },
      'Someone anonymous was denied something that the log does not name.',
    ],
  ])('%#', (change, expected) => {
    expect(sentence(change)).toBe(expected);
  });

  test('names each thing by the field that holds it', () => {
    const things = eventSentence(denied).filter((part) => typeof part !== 'string');
    expect(things.map(({ field, value }) => [field, value])).toEqual([
      ['subject.id', 'arn:aws:iam::048261937510:user/ci-deploy'],
      ['action', 's3:GetObject'],
      ['resource.id', 'arn:aws:s3:::invoices/2026/05.pdf'],
      ['reason.policy', 'service control policy'],
      ['ip', '203.0.113.7'],
    ]);
  });
});

test('long ids are called by what people know them by', () => {
  expect(
    ['arn:aws:iam::048261937510:role/deploy', 'system:serviceaccount:pay:worker', 'plain', 'arn:odd'].map(
      shortResource,
    ),
  ).toEqual(['role/deploy', 'pay:worker', 'plain', 'arn:odd']);
});
