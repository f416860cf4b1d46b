import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { AccessEvent } from '#shared/domain/event.ts';
import { home, lines, rescind } from './run.ts';

function role(verbs: string): string {
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: pods }
rules: [{ apiGroups: [""], resources: [pods], verbs: [${verbs}] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: dev }
subjects: [{ kind: Group, name: dev }]
roleRef: { kind: ClusterRole, name: pods }
`;
}

function record(number: number, verb: string, user: string, decision: 'allow' | 'forbid'): string {
  const time = `2026-05-${String(1 + number).padStart(2, '0')}T10:00:00.000000Z`;
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/shop/pods/cart',
    verb,
    user: { username: user, groups: ['dev', 'system:authenticated'] },
    objectRef: { resource: 'pods', namespace: 'shop', name: 'cart', apiVersion: 'v1' },
    responseStatus: { code: decision === 'allow' ? 200 : 403 },
    requestReceivedTimestamp: time,
    stageTimestamp: time,
    annotations: { 'authorization.k8s.io/decision': decision, 'authorization.k8s.io/reason': '' },
  });
}

const added: Record<string, unknown>[] = [];
const events: AccessEvent[] = [];

beforeAll(async () => {
  mkdirSync(join(home, 'old'));
  mkdirSync(join(home, 'new'));
  writeFileSync(join(home, 'old/rbac.yaml'), role('get, delete'));
  writeFileSync(join(home, 'new/rbac.yaml'), role('get'));
  const log = [
    ...Array.from({ length: 8 }, (_, index) => record(index, 'get', 'jane', 'allow')),
    record(8, 'delete', 'jane', 'allow'),
    record(20, 'delete', 'jane', 'forbid'),
    record(21, 'delete', 'max', 'forbid'),
    record(22, 'patch', 'max', 'allow'),
  ];
  writeFileSync(join(home, 'audit.log'), `${log.join('\n')}\n`);
  await rescind(['ingest', '--case', 'case', 'audit.log']);
  for (const [folder, from] of [
    ['old', '2026-01-01T00:00:00Z'],
    ['new', '2026-05-15T00:00:00Z'],
  ] as const) {
    const { out } = await rescind(['bundle', 'add', '--case', 'case', '--in-force-from', from, folder]);
    added.push(...lines(out));
  }
  const { out } = await rescind(['events', '--case', 'case']);
  events.push(...(lines(out) as unknown as AccessEvent[]));
}, 120_000);

/** The trace of the one event that has this verb, user and outcome. */
async function explained(verb: string, user: string, outcome: string, ...more: string[]) {
  const found = events.find(
    (event) => event.action === verb && event.subject.id === user && event.outcome === outcome,
  );
  const answer = await rescind(['explain', '--case', 'case', found?.id ?? '', ...more]);
  expect(answer.code).toBe(0);
  return JSON.parse(answer.out) as Record<string, unknown>;
}

test('bundles are kept, listed and verified', async () => {
  expect(added).toMatchObject([
    { system: 'kubernetes-rbac', revision: null, policies: 2, subjects: 1, problems: [] },
    { system: 'kubernetes-rbac', inForceFrom: '2026-05-15T00:00:00Z' },
  ]);
  const again = await rescind([
    'bundle',
    'add',
    '--case',
    'case',
    '--in-force-from',
    '2026-01-01T00:00:00Z',
    'old',
  ]);
  expect(lines(again.out)[0]?.['id']).toBe(added[0]?.['id']);
  const list = await rescind(['bundle', 'list', '--case', 'case']);
  expect(lines(list.out).map(({ id }) => id)).toEqual(added.map(({ id }) => id));
  expect((await rescind(['verify', '--case', 'case'])).code).toBe(0);
  const broken = await rescind(['bundle', 'add', '--case', 'nowhere', 'audit.log']);
  expect(broken.code).toBe(3);
  expect((await rescind(['bundle', 'list', '--case', 'nowhere'])).code).toBe(3);
});

test('an event is explained by the bundle of its time, or by the one that is named', async () => {
  const before = await explained('delete', 'jane', 'allow');
  expect(before).toMatchObject({
    recorded: { decision: 'allow' },
    evaluation: { decision: 'allow' },
    bundle: { id: added[0]?.['id'], matchedBy: 'time' },
    provenance: 'recomputed',
  });
  expect(before).not.toHaveProperty('divergence');
  const after = await explained('delete', 'jane', 'deny');
  expect(after).toMatchObject({ evaluation: { decision: 'deny' }, bundle: { id: added[1]?.['id'] } });
  expect(after).not.toHaveProperty('divergence');
  const named = await explained('delete', 'jane', 'allow', '--bundle', String(added[1]?.['id']));
  expect(named).toMatchObject({
    evaluation: { decision: 'deny' },
    bundle: { matchedBy: 'user' },
    divergence: { recorded: 'allow', recomputed: 'deny' },
  });
});

test('a replay tells what another bundle would have changed, and how far it agrees with the log', async () => {
  const [old, now] = added.map(({ id }) => String(id));
  const { code, out } = await rescind([
    'replay',
    '--case',
    'case',
    '--bundle',
    now ?? '',
    '--against',
    old ?? '',
  ]);
  expect(code).toBe(0);
  const rows = lines(out);
  expect(
    rows.slice(0, -1).map((row) => [row['change'], row['events'], row['before'], row['decision']]),
  ).toEqual([
    ['newly-denied', 2, 'allow', 'deny'],
    ['newly-denied', 1, 'allow', 'deny'],
    ['unchanged', 8, 'allow', 'allow'],
    ['unchanged', 1, 'deny', 'deny'],
  ]);
  // By the log: get allowed 8 of 8, delete 2 of 3, patch 0 of 1.
  expect(rows.at(-1)).toMatchObject({
    summary: {
      requests: 4,
      events: 12,
      newlyDenied: { requests: 2, events: 3 },
      agreement: { compared: 12, agreed: 10 },
    },
  });
});

test('usage of an identity that the case does not know says so', async () => {
  const { code, out, err } = await rescind(['usage', '--case', 'case', '--subject', 'nobody-here']);
  expect(err).toContain('There is no identity nobody-here in this case.');
  expect([code, out]).toEqual([3, '']);
});
