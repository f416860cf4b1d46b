import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Session, createSession } from '#electron/headless/session.ts';
import { valueOf } from '#electron/router/value-of.ts';
import type { LineageNode } from '#shared/domain/lineage.ts';
import type { SampleTruth } from '#shared/sample/index.ts';
import { writeSample } from '../../support/write-sample.ts';

const home = mkdtempSync(join(tmpdir(), 'rescind-analysis-'));
let session: Session;
let truth: SampleTruth;

const ask = async () => [
  await session.client.request('findings.run', {}),
  await session.client.request('identities.list', { limit: 10_000 }),
];

beforeAll(async () => {
  truth = await writeSample(join(home, 'sample'));
  session = createSession({ folders: { config: join(home, 'config'), data: join(home, 'data') } });
  const request = { paths: [join(home, 'sample', 'logs')], format: null, timeZone: null, workers: 0 };
  const context = { signal: new AbortController().signal, onProgress: () => undefined };
  await session.engine.importInto(join(home, 'case'), 'sample', request, context);
  await session.engine.openCase(join(home, 'case'));
}, 120_000);
afterAll(() => {
  session.close();
  rmSync(home, { recursive: true, force: true });
});

describe('the sample company’s truth is found', () => {
  test('every identity, with its first and last event', async () => {
    const { rows } = valueOf(await session.client.request('identities.list', { limit: 10_000 }));
    const found = new Map(rows.map((identity) => [identity.id, identity]));
    for (const { subject, events, denied, firstSeen } of truth.subjects) {
      const identity = found.get(subject);
      expect({ subject, events: identity?.events, denied: identity?.denied }).toEqual({
        subject,
        events,
        denied,
      });
      // Somebody may stand behind others' events before the first of its own.
      expect((identity?.firstSeen ?? '').slice(0, 19) <= firstSeen.slice(0, 19)).toBe(true);
    }
  });

  test('who fell silent, and nobody else', async () => {
    const input = { dormantAfterDays: 14, dormancy: 'dormant' as const, limit: 10_000 };
    const { rows } = valueOf(await session.client.request('identities.list', input));
    expect(rows.map(({ id, lastSeen }) => [id, lastSeen?.slice(0, 19)])).toEqual(
      truth.dormant.map(({ subject, lastSeen }) => [subject, lastSeen.slice(0, 19)]),
    );
  });

  test('in thirty days of logs nobody can be said to be silent for ninety', async () => {
    const { rows } = valueOf(await session.client.request('identities.list', { limit: 10_000 }));
    expect(rows.filter(({ dormancy }) => dormancy === 'dormant')).toEqual([]);
  });

  test('each credential of the incident, from the one that made it', async () => {
    const [first] = truth.incident.lineage;
    const { roots } = valueOf(
      await session.client.request('lineage.get', { credential: first?.credential ?? '' }),
    );
    const made = new Map<string, string | null>();
    const walk = (node: LineageNode): void => {
      if (node.credential !== null) made.set(node.credential.id, node.madeBy?.credential ?? null);
      node.children.forEach(walk);
    };
    roots.forEach(walk);
    for (const { credential, madeBy } of truth.incident.lineage) {
      expect([credential, made.get(credential)]).toEqual([credential, madeBy]);
    }
  });

  test('a session leads back to what made it', async () => {
    const second = truth.incident.lineage[1]!;
    const { roots } = valueOf(await session.client.request('lineage.get', { credential: second.credential }));
    expect(roots[0]?.madeBy).toMatchObject({ operation: 'AssumeRole', credential: second.madeBy });
    const unknown = await session.client.request('lineage.get', { credential: 'AKIAIOSFODNN7EXAMPLE' });
    expect(unknown).toMatchObject({ ok: false, error: { kind: 'not-found' } });
  });

  test('the steps of the incident that a rule is about, by their events', async () => {
    const { findings, problems } = valueOf(await session.client.request('findings.run', {}));
    expect(problems).toEqual([]);
    const vendorIds = new Map<string, string>();
    for (const id of findings.flatMap(({ events }) => events)) {
      vendorIds.set(id, valueOf(await session.client.request('events.get', { id })).vendorId ?? '');
    }
    for (const [step, rule] of [
      ['denials', 'Many requests of one identity were denied'],
      ['new-credentials', 'A long-lived access key was created'],
      ['new-credentials', 'Administrator rights were granted'],
      ['token', 'A token was made for a service account'],
      ['cluster-admin', 'cluster-admin was bound'],
      ['secrets-and-shells', 'Secrets of the whole cluster were listed'],
    ] as const) {
      const planted = truth.incident.steps.find(({ id }) => id === step);
      const seen = findings
        .filter(({ title }) => title === rule)
        .flatMap(({ events }) => events.map((id) => vendorIds.get(id)));
      expect([rule, seen.length > 0]).toEqual([rule, true]);
      expect([rule, seen.filter((id) => planted?.vendorIds.includes(id ?? '') !== true)]).toEqual([rule, []]);
    }
  });

  test('the same questions give the same answers', async () => {
    expect(JSON.stringify(await ask())).toBe(JSON.stringify(await ask()));
    expect(readFileSync(join(home, 'sample', 'truth.json'), 'utf8')).toContain(truth.company);
  });
});
