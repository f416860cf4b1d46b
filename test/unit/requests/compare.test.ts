import { describe, expect, test } from 'vitest';
import { chooseBundle } from '#shared/analysis/requests/choose-bundle.ts';
import { divergenceOf } from '#shared/analysis/requests/divergence.ts';
import { Replay } from '#shared/analysis/requests/replay.ts';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import { recordedBundlesText } from '#shared/domain/recorded-bundle.ts';
import type { AccessEvent, Outcome, Reason } from '#shared/domain/event.ts';
import type { Decision, Evaluation } from '#shared/domain/trace.ts';

function bundle(id: string, inForceFrom: string | null, system = 'aws-iam'): CaseBundle {
  return {
    id,
    system,
    revision: null,
    digest: id,
    inForceFrom,
    importedAt: '',
    path: '',
    policies: 0,
    subjects: 0,
    problems: [],
    signature: null,
  };
}

describe('the bundle of a time', () => {
  const bundles = [
    bundle('june', '2026-06-01T00:00:00Z'),
    bundle('may', '2026-05-01T00:00:00Z'),
    bundle('other', '2026-05-02T00:00:00Z', 'kubernetes-rbac'),
  ];
  test.each([
    ['2026-05-01T00:00:00Z', 'may', true],
    ['2026-05-31T23:59:59.999999999Z', 'may', true],
    ['2026-06-01T00:00:00.000Z', 'june', true],
    ['2026-04-30T23:59:59Z', 'may', false],
  ])('%s is %s', (time, id, inForce) => {
    expect(chooseBundle(bundles, 'aws-iam', time)).toMatchObject({ bundle: { id }, inForce });
  });

  test('is one without a time where none lies before, and none where there is none of the system', () => {
    const undated = [...bundles, bundle('undated', null)];
    expect(chooseBundle(undated, 'aws-iam', '2026-01-01T00:00:00Z')?.bundle.id).toBe('undated');
    expect(chooseBundle(bundles, 'cedar', '2026-05-01T00:00:00Z')).toBeNull();
  });
});

function event(outcome: Outcome, reason: Reason | null = null, id = 'e'): AccessEvent {
  return { id, format: 'kubernetes-audit', outcome, reason } as unknown as AccessEvent;
}

function evaluation(decision: Decision, more: Partial<Evaluation> = {}): Evaluation {
  return {
    decision,
    determining: [],
    unknowns: [],
    errors: [],
    layers: [],
    ...more,
  } as unknown as Evaluation;
}

describe('versions that the log names', () => {
  const [old, current] = ['r1', 'r2'].map((revision) => ({
    ...bundle(revision, `2026-0${revision === 'r1' ? 5 : 6}-01T00:00:00Z`),
    revision,
  }));
  test('go before any time', () => {
    const bundles = [old, current] as CaseBundle[];
    const late = '2026-07-01T00:00:00Z';
    expect(chooseBundle(bundles, 'aws-iam', late, ['r1'])).toMatchObject({
      bundle: { id: 'r1' },
      matchedBy: 'revision',
    });
    expect(chooseBundle(bundles, 'aws-iam', late, ['r0'])).toMatchObject({
      bundle: { id: 'r2' },
      matchedBy: 'time',
    });
  });

  const reason = { class: null, text: null, policy: 'authz@r1' };
  const authz = { name: 'authz', revision: 'r1' };
  test.each([
    ['another one was asked', [authz], 'r2', 'policy-revision-differs'],
    ['it is one of several', [{ name: 'base', revision: 'r2' }, authz], 'r2', 'log-disagrees'],
    ['the same was asked', [authz], 'r1', 'log-disagrees'],
    ['the log does not tell its version', [{ name: 'authz', revision: null }], 'r2', 'log-disagrees'],
    ['the bundle does not tell its version', [authz], null, 'log-disagrees'],
  ])('%s', (_, recorded, asked, cause) => {
    const policy = recordedBundlesText(recorded);
    const logged = event('allow', { ...reason, policy });
    const found = divergenceOf(logged, evaluation('deny'), true, { recorded, asked });
    expect(found?.likelyCause).toBe(cause);
    expect(divergenceOf(logged, evaluation('allow'), true, { recorded, asked })).toBeUndefined();
  });
});

describe('a divergence', () => {
  const rbac = {
    class: null,
    text: 'RBAC: allowed by ClusterRoleBinding "b"',
    policy: 'ClusterRoleBinding b',
  };
  test.each([
    ['an equal decision is none', event('allow'), evaluation('allow'), true, undefined],
    ['a failure is none', event('error'), evaluation('deny'), true, undefined],
    [
      'a failed authentication is none',
      event('deny', { class: 'authentication', text: null, policy: null }),
      evaluation('allow'),
      true,
      undefined,
    ],
    [
      'what is not in the log',
      event('allow'),
      evaluation('indeterminate', { unknowns: ['aws:PrincipalOrgID'] }),
      true,
      'context-missing',
    ],
    [
      'a principal that the bundle does not have',
      event('allow'),
      evaluation('indeterminate', {
        unknowns: ['aws:PrincipalOrgID'],
        layers: [
          {
            name: 'identity',
            role: 'grant',
            outcome: 'unknown',
            why: 'ann is not in the bundle.',
            steps: [],
          },
        ],
      }),
      true,
      'policy-unknown-at-that-time',
    ],
    ['a bundle of another time', event('allow'), evaluation('deny'), false, 'policy-unknown-at-that-time'],
    [
      'a binding that is not there',
      event('allow', rbac),
      evaluation('deny'),
      true,
      'policy-unknown-at-that-time',
    ],
    [
      'another authorizer',
      event('allow', { class: null, text: 'EKS Access Policy: allowed by x', policy: null }),
      evaluation('deny'),
      true,
      'engine-gap',
    ],
    ['everything is known and still', event('deny'), evaluation('allow'), true, 'log-disagrees'],
  ])('%s', (_, logged, recomputed, inForce, cause) => {
    expect(divergenceOf(logged, recomputed, inForce)?.likelyCause).toBe(cause);
  });
});

function judged(key: string, decision: Decision, against: Decision | null = null) {
  return {
    kind: 'judged' as const,
    key,
    request: { subject: { type: 'u', id: key }, action: { name: 'a' }, resource: { type: 'r', id: 'i' } },
    decision,
    determining: [],
    blockedBy: [],
    unknowns: [],
    verdict: '',
    against,
  };
}
function group(outcome: Outcome, events: number, first = '2026-01-01') {
  return {
    events,
    outcome,
    first,
    last: first,
    id: 'e',
    reason: null,
    policy: null,
    event: '{}',
    record: '{}',
    lastRecord: null,
  };
}

describe('a replay', () => {
  test('beside the log: what changes, how many events, and how often both agree', () => {
    const replay = new Replay(false);
    replay.add(group('allow', 5), judged('a', 'deny'));
    replay.add(group('allow', 2), judged('b', 'allow'));
    replay.add(group('error', 9), judged('b', 'allow'));
    replay.add(group('deny', 3), judged('c', 'allow'));
    replay.add(group('deny', 1), judged('d', 'indeterminate'));
    replay.add(group('allow', 1), judged('e', 'deny'));
    replay.add(group('deny', 4), judged('e', 'deny'));
    replay.add(group('allow', 7), { kind: 'unmapped', reason: 'no user' });
    const rows = replay.rows();
    expect(
      rows.map(({ request, change, before, events }) => [request.subject.id, change, before, events]),
    ).toEqual([
      ['a', 'newly-denied', 'allow', 5],
      ['c', 'newly-allowed', 'deny', 3],
      ['e', 'undecidable', 'mixed', 5],
      ['d', 'undecidable', 'deny', 1],
      ['b', 'unchanged', 'allow', 11],
    ]);
    expect(replay.summary()).toEqual({
      requests: 5,
      events: 25,
      newlyDenied: { requests: 1, events: 5 },
      newlyAllowed: { requests: 1, events: 3 },
      unchanged: { requests: 1, events: 11 },
      undecidable: { requests: 2, events: 6 },
      unmapped: [{ reason: 'no user', events: 7 }],
      agreement: { compared: 15, agreed: 6, ratio: 0.4 },
    });
  });

  test('beside another bundle', () => {
    const replay = new Replay(true);
    replay.add(group('allow', 5), judged('a', 'deny', 'deny'));
    replay.add(group('deny', 5), judged('b', 'deny', 'allow'));
    replay.add(group('unknown', 5), judged('c', 'allow', 'indeterminate'));
    expect(replay.rows().map(({ request, change }) => [request.subject.id, change])).toEqual([
      ['b', 'newly-denied'],
      ['c', 'undecidable'],
      ['a', 'unchanged'],
    ]);
  });
});
