import { success } from '#shared/util/result.ts';
import type { Finding } from '#shared/domain/finding.ts';
import type { Dormancy, Identity } from '#shared/domain/identity.ts';
import type { LineageNode } from '#shared/domain/lineage.ts';
import type { FakeAnswers } from './fake-bridge.ts';
import { accessAnswers, way } from './fake-access.ts';
import { driftAnswers } from './fake-drift.ts';
import { reconciled, reconciledAnswers } from './fake-reconciled.ts';

const dormancies: readonly Dormancy[] = ['active', 'dormant', 'cannot-know', 'never-seen'];

/** Identities of each kind of dormancy, as a host would list them. */
export const identities: readonly Identity[] = Array.from({ length: 40 }, (_, index) => {
  const dormancy = dormancies[index % 4] ?? 'active';
  const seen = dormancy === 'never-seen' ? null : '2026-05-02T07:00:00Z';
  return {
    id: `arn:aws:iam::021345678901:user/batch-${index}`,
    type: 'user',
    name: `batch-${index}`,
    account: '021345678901',
    sources: ['aws-cloudtrail'],
    firstSeen: seen,
    lastSeen: seen,
    lastSeenBasis: seen === null ? null : index % 8 === 1 ? 'denied' : 'use',
    lastAlive: seen,
    credentials: [
      {
        id: `AKIAEXAMPLE00000000${index}`,
        type: 'access-key',
        firstSeen: seen,
        lastSeen: seen,
        lastSeenBasis: seen === null ? null : 'use',
        events: 12,
        denied: 1,
        dormancy,
        directory: null,
      },
    ],
    sessionCredentials: 3,
    events: 1200 + index,
    denied: index,
    dormancy,
    coverage: {
      from: '2026-03-02T00:00:00Z',
      to: '2026-05-31T00:00:00Z',
      days: 90,
      daysWithEvents: 88,
      confidence: 0.978,
      sources: [{ format: 'aws-cloudtrail', account: '021345678901' }],
      why: 'aws-cloudtrail has events on 88 of the last 90 days.',
    },
    orphan: index % 3 === 0 ? null : index % 3 === 1,
    owner: index % 2 === 0 ? 'platform\u202eteam' : null,
    standing: 'standing',
    standingUntil: null,
    orphans: [],
    kind: null,
    kindBasis: null,
    ids: [`arn:aws:iam::021345678901:user/batch-${index}`],
    appearances: [],
    matches: [],
    doubts: 0,
    directory: null,
    ...(index === 1 ? reconciled : {}),
  };
});

const findings: readonly Finding[] = (['low', 'critical', 'medium', 'informational', 'high'] as const).map(
  (severity, index) => ({
    id: `finding-${severity}`,
    rule: `rule-${index}`,
    title: `A ${severity} thing happened`,
    severity,
    subject: index === 3 ? null : (identities[1]?.id ?? null),
    events: Array.from({ length: 12 }, (_, at) => `${index}${at}`.padStart(32, '0')),
    count: 40,
    first: '2026-05-02T07:00:00Z',
    last: `2026-05-0${3 + index}T07:00:00Z`,
    why: 'It was seen \u202e and it matters.',
    advice: 'Take the key away.',
    ...(severity === 'critical' ? { access: { bundle: 'third', path: way } } : {}),
    tags: ['attack.t1098', 'owasp-nhi.7'],
  }),
);

function node(id: string, children: readonly LineageNode[] = []): LineageNode {
  return {
    credential: { id, type: 'session' },
    holder: `arn:aws:sts::021345678901:assumed-role/deploy/${id}`,
    madeBy: {
      event: '0'.repeat(32),
      time: '2026-05-02T07:00:00Z',
      operation: 'AssumeRole',
      subject: identities[1]?.id ?? null,
      credential: null,
    },
    events: 3,
    denied: 1,
    first: '2026-05-02T07:00:00Z',
    last: '2026-05-02T08:00:00Z',
    subjects: [],
    children,
  };
}

const many = Array.from({ length: 120 }, (_, at) => node(`ASIACHILD${at}`));

export const peopleAnswers: FakeAnswers = {
  ...driftAnswers,
  ...accessAnswers,
  ...reconciledAnswers,
  'identities.list': {
    list: 'rows',
    rows: identities,
    total: 100_000,
    more: { asOf: '2026-05-31T00:00:00Z' },
    delay: 20,
  },
  'events.count': {
    result: success({
      rows: [
        { values: ['s3:GetObject'], count: 900 },
        { values: [null], count: 3 },
      ],
      total: 903,
      groups: 9,
    }),
    delay: 20,
  },
  'findings.run': {
    result: success({ findings, problems: [], rules: 35, unreadable: 0, unanswered: [] }),
    delay: 20,
  },
  'lineage.get': {
    result: success({ roots: [node('AKIAROOT', [node('ASIAFIRST', many), node('ASIASECOND')])] }),
    delay: 20,
  },
};

/** One identity alone, as the host answers when it is asked for by its id. */
export function onlyIdentity(at: number): FakeAnswers {
  const rows = identities.slice(at, at + 1);
  return {
    'identities.list': {
      result: success({ asOf: '2026-05-31T00:00:00Z', total: rows.length, rows }),
      delay: 20,
    },
  };
}
