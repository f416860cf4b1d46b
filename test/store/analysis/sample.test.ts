import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportContent } from '#electron/headless/report/content.ts';
import { reportParts } from '#electron/headless/report/layout.ts';
import { asHtml, asMarkdown } from '#electron/headless/report/write.ts';
import { type Session, createSession } from '#electron/headless/session.ts';
import { valueOf } from '#electron/router/value-of.ts';
import type { LineageNode } from '#shared/domain/lineage.ts';
import { type WrittenTruth, writeSample } from '../../support/write-sample.ts';

const home = mkdtempSync(join(tmpdir(), 'rescind-analysis-'));
let session: Session;
let truth: WrittenTruth;

const ci = 'arn:aws:iam::048261937510:user/ci-deploy';

const document = (action: string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
});
const userOf = (id: string) => ({ Path: '/', UserName: id.split('/')[1], Arn: id, GroupList: [] });

/** Account authorization details in which the named users are administrators. */
function account(administrators: readonly string[]): object {
  const arn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  const inline = document(['sts:AssumeRole', 'kms:ScheduleKeyDeletion', 'kinesis:PutRecord']);
  return {
    UserDetailList: [
      {
        ...userOf(ci),
        UserId: 'AIDACIDEPLOY000000000',
        UserPolicyList: [{ PolicyName: 'deploy', PolicyDocument: inline }],
        AttachedManagedPolicies: [],
      },
      ...administrators.map((id) => ({
        ...userOf(id),
        UserId: 'AIDANEWUSER0000000000',
        UserPolicyList: [],
        AttachedManagedPolicies: [{ PolicyName: 'AdministratorAccess', PolicyArn: arn }],
      })),
    ],
    GroupDetailList: [],
    RoleDetailList: [],
    Policies: [
      {
        PolicyName: 'AdministratorAccess',
        Arn: arn,
        DefaultVersionId: 'v1',
        PolicyVersionList: [{ Document: document(['*']), VersionId: 'v1', IsDefaultVersion: true }],
      },
    ],
  };
}

const lines = (all: readonly { readonly rule: string; readonly subject: string | null }[]): string[] =>
  all.map(({ rule, subject }) => `${rule} ${subject ?? ''}`).toSorted();

const ask = async () => [
  await session.client.request('findings.run', {}),
  await session.client.request('identities.list', { limit: 10_000 }),
];

beforeAll(async () => {
  truth = await writeSample(join(home, 'sample'));
  session = createSession({ folders: { config: join(home, 'config'), data: join(home, 'data') } });
  const paths = [join(home, 'sample', 'logs'), join(home, 'sample', 'directories')];
  const request = { paths, format: null, timeZone: null, workers: 0 };
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
    const seen = rows.flatMap(({ appearances }) => appearances.filter(({ source }) => source === 'log'));
    const found = new Map(seen.map((each) => [each.id, each]));
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

  test('whom nobody stands for, who has no second factor, which keys are old: all of it, and nothing else', async () => {
    const { findings } = valueOf(await session.client.request('findings.run', {}));
    const ofPeople = findings.filter(({ rule }) =>
      /^(?:identity|credential|exception|unused|stale|root-access)-/.test(rule),
    );
    const { rows } = valueOf(await session.client.request('identities.list', { limit: 10_000 }));
    // People have several ids; a finding names one.
    const named = truth.planted.map(({ rule, subject }) => ({
      rule,
      subject: rows.find(({ ids }) => ids.includes(subject))?.id ?? null,
    }));
    expect(lines(ofPeople)).toEqual(lines(named));
    for (const { entries, events } of ofPeople) {
      expect((entries?.length ?? 0) + events.length).toBeGreaterThan(0);
    }
  });

  test('people of the identity provider and of the logs are one each', async () => {
    const { rows } = valueOf(
      await session.client.request('identities.list', { source: 'okta-users', limit: 10_000 }),
    );
    const seen = rows.filter(({ sources }) => sources.includes('aws-cloudtrail'));
    expect(seen.length).toBeGreaterThan(30);
    for (const { matches } of seen) expect(matches.map(({ rule }) => rule)).toContain('mail');
    const [user] = valueOf(
      await session.client.request('identities.list', {
        id: 'arn:aws:iam::391746205883:user/svc-metrics-sync',
      }),
    ).rows;
    expect(user?.orphan).toBe(false);
  });

  test('who fell silent, and nobody else', async () => {
    const input = { dormantAfterDays: 14, dormancy: 'dormant' as const, limit: 10_000 };
    const { rows } = valueOf(await session.client.request('identities.list', input));
    // Who is in no log at all is a matter of the directories.
    const seen = rows.filter(({ events }) => events > 0);
    expect(seen.map(({ id, lastSeen }) => [id, lastSeen?.slice(0, 19)])).toEqual(
      truth.dormant.map(({ subject, lastSeen }) => [subject, lastSeen.slice(0, 19)]),
    );
  });

  test('in thirty days of logs nobody can be said to be silent for ninety', async () => {
    const { rows } = valueOf(await session.client.request('identities.list', { limit: 10_000 }));
    const dormant = rows.filter(({ dormancy }) => dormancy === 'dormant');
    // A directory that keeps the last use reaches further back.
    expect(dormant.filter(({ directory }) => directory?.lastUses.length !== 1).map(({ id }) => id)).toEqual(
      [],
    );
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

  test('what was gained, by the event that gave it; what is used, and what nobody can know', async () => {
    const user = 'arn:aws:iam::391746205883:user/svc-metrics-sync';
    const add = async (name: string, document: object, inForceFrom: string): Promise<string> => {
      const path = join(home, name);
      writeFileSync(path, JSON.stringify(document));
      return (
        await session.engine.addBundle({ path, system: 'aws-iam', inForceFrom }, new AbortController().signal)
      ).id;
    };
    const before = await add('before.json', account([]), '2026-09-01T00:00:00Z');
    const after = await add('after.json', account([user]), '2026-09-25T00:00:00Z');
    const { changes } = valueOf(await session.client.request('drift.run', { from: before, to: after }));
    expect(changes.map(({ kind, subject }) => [kind, subject.id])).toEqual([['gained', user]]);
    const planted = truth.incident.steps.find(({ id }) => id === 'new-credentials')!;
    const causes = await Promise.all(
      (changes[0]?.attribution ?? []).map(async ({ event, operation }) => {
        const { vendorId } = valueOf(await session.client.request('events.get', { id: event }));
        return [operation, planted.vendorIds.includes(vendorId ?? '')];
      }),
    );
    expect(causes).toEqual([
      ['AttachUserPolicy', true],
      ['CreateUser', true],
    ]);
    const { rows } = valueOf(await session.client.request('usage.run', { subject: ci }));
    const found = Object.fromEntries(
      rows.map(({ entitlement, usage }) => [entitlement.action.pattern, usage]),
    );
    expect(found).toEqual({
      'sts:AssumeRole': 'used',
      'kms:ScheduleKeyDeletion': 'not-used',
      // No trail of the company writes these data events.
      'kinesis:PutRecord': 'cannot-know',
    });
    // A part of it, beside the counts of all; one identity's answer is what the answer for everybody says of it.
    const counts = { used: 1, 'not-used': 1, 'cannot-know': 1 };
    const unused = valueOf(
      await session.client.request('usage.run', { subject: ci, usage: 'not-used', text: 'KMS:' }),
    );
    expect(unused).toMatchObject({ counts, total: 1 });
    expect(unused.rows.map(({ entitlement }) => entitlement.action.pattern)).toEqual([
      'kms:ScheduleKeyDeletion',
    ]);
    const second = valueOf(await session.client.request('usage.run', { subject: ci, offset: 1, limit: 1 }));
    expect(second).toMatchObject({ counts, total: 3 });
    expect(second.rows).toEqual(rows.slice(1, 2));
    const everybody = valueOf(await session.client.request('usage.run', { limit: 100_000 }));
    expect(everybody.rows.filter(({ entitlement }) => entitlement.subject.id === ci)).toEqual(rows);
    const early = valueOf(
      await session.client.request('usage.run', { subject: ci, asOf: '2026-09-10T00:00:00Z' }),
    );
    expect(early.rows.map(({ usage }) => usage)).not.toContain('not-used');
  });

  test('a report cites the evidence and says nothing twice differently', async () => {
    const parts = reportParts(await reportContent(session.client, new AbortController().signal));
    const page = asHtml('A <report>', parts);
    expect(page).toContain('A &lt;report&gt;');
    expect(page).toContain('cluster-admin was bound');
    for (const { sha256 } of valueOf(await session.client.request('evidence.list', {}))) {
      expect(page).toContain(sha256);
    }
    expect(asMarkdown('A', parts)).toContain('| severity | finding |');
    expect(asHtml('A', [{ heading: 'x', text: ['<script>\u202e'] }])).not.toContain('<script>');
  });

  test('the same questions give the same answers', async () => {
    expect(JSON.stringify(await ask())).toBe(JSON.stringify(await ask()));
    expect(readFileSync(join(home, 'sample', 'truth.json'), 'utf8')).toContain(truth.company);
  });
});

test('who left its own habits: the incident, and nothing else', async () => {
  const { rows } = valueOf(await session.client.request('behaviour.list', {}));
  const found = new Set(rows.map(({ kind, subject }) => `${subject} ${kind}`));
  const service = 'system:serviceaccount:legacy:reporting-sync';
  expect(found).toEqual(
    new Set([
      `${ci} first-seen`,
      `${ci} rising-denials`,
      `${service} rising-denials`,
      `${service} denied-then-allowed`,
      `${service} woken`,
    ]),
  );
  const incidentDay = truth.incident.steps[0]?.from.slice(0, 10);
  expect(new Set(rows.map(({ day }) => day.slice(0, 10)))).toEqual(new Set([incidentDay]));
  const address = rows.flatMap(({ novelties }) => novelties).find(({ kind }) => kind === 'address');
  expect(address?.value).toBe(`${truth.incident.address.split('.').slice(0, 3).join('.')}.0/24`);
});
