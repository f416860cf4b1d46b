import type { Decision } from '#shared/domain/decision.ts';
import type { Appearance, DoubtfulMatch, Identity } from '#shared/domain/identity.ts';
import { success } from '#shared/util/result.ts';
import type { FakeAnswers } from './fake-bridge.ts';

const fromLog: Appearance = {
  key: JSON.stringify(['log', 'arn:aws:iam::021345678901:user/batch-1', '021345678901']),
  source: 'log',
  formats: ['aws-cloudtrail'],
  account: '021345678901',
  id: 'arn:aws:iam::021345678901:user/batch-1',
  name: 'batch-1',
  type: 'user',
  status: null,
  firstSeen: '2026-05-02T07:00:00Z',
  lastSeen: '2026-05-02T07:00:00Z',
  denied: 0,
  events: 1201,
  evidence: null,
  bundles: [],
};

const fromDirectory: Appearance = {
  ...fromLog,
  key: 'directory batch-1',
  source: 'directory',
  formats: ['aws-credential-report'],
  status: 'active',
  events: 0,
  evidence: { sha256: '0'.repeat(64), offset: 10, length: 200 },
};

/** What more is known of an identity that stands in a directory too. */
export const reconciled: Partial<Identity> = {
  kind: 'service',
  kindBasis: 'directory',
  standing: 'exception',
  standingUntil: '2026-05-01T00:00:00Z',
  orphan: true,
  orphans: [{ reason: 'owner-gone', why: 'Its owner \u202e is in no directory any more.', active: true }],
  appearances: [fromLog, fromDirectory],
  matches: [{ one: fromLog.key, other: fromDirectory.key, rule: 'arn', why: 'both have the same ARN' }],
  doubts: 1,
  directory: {
    status: 'active',
    created: '2020-01-01T00:00:00Z',
    ends: null,
    mfa: false,
    password: true,
    privileged: false,
    manager: null,
    groups: ['builders'],
    lastUses: [
      {
        what: 'password',
        at: null,
        staleHours: 4,
        recordedSince: null,
        source: 'password_last_used',
        format: 'aws-credential-report',
      },
    ],
  },
};

const doubts: readonly DoubtfulMatch[] = [
  {
    one: fromLog,
    other: { ...fromDirectory, key: 'okta batch', formats: ['okta-users'], name: 'batch\u202e' },
    reasons: ['the same name'],
    against: ['another account'],
  },
];

export const decisions: readonly Decision[] = [
  {
    number: 1,
    time: '2026-06-01T00:00:00Z',
    who: 'ana',
    why: 'Asked the team.',
    data: { kind: 'owner', appearance: fromLog.key, owner: 'platform' },
    undoneBy: null,
  },
  {
    number: 2,
    time: '2026-06-02T00:00:00Z',
    who: 'ana',
    why: 'From the wiki.',
    data: {
      kind: 'ownership',
      replace: false,
      rows: [
        {
          about: 'policy',
          pattern: 'policies/*',
          writes: ['ben', 'cleo'],
          approves: ['cleo'],
          monitors: [],
          answers: ['ana'],
        },
        {
          about: 'identity',
          pattern: 'arn:aws:iam::*:user/batch-*',
          writes: [],
          approves: ['cleo'],
          monitors: ['dana'],
          answers: ['ana'],
        },
      ],
    },
    undoneBy: null,
  },
  {
    number: 3,
    time: '2026-04-01T00:00:00Z',
    who: 'ana',
    why: 'Until the audit.',
    data: { kind: 'standing', appearance: fromLog.key, as: 'exception', until: '2026-05-01T00:00:00Z' },
    undoneBy: null,
  },
];

const matrix = decisions.flatMap(({ data }) => (data.kind === 'ownership' ? data.rows : []));

export const reconciledAnswers: FakeAnswers = {
  'identities.review': { result: success({ total: doubts.length, rows: doubts }), delay: 20 },
  'identities.decisions': { result: success(decisions), delay: 20 },
  'identities.decide': { result: success({ ...decisions[0], number: 4 }), delay: 20 },
  'ownership.list': { result: success(matrix), delay: 20 },
  'ownership.of': {
    result: success({
      writes: null,
      approves: { who: ['cleo'], pattern: 'policies/*' },
      monitors: null,
      answers: { who: ['ana'], pattern: 'policies/*' },
    }),
    delay: 20,
  },
};
