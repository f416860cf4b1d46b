import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { textAt, type JsonObject } from '#shared/domain/json.ts';
import { formats } from '#shared/formats/index.ts';
import {
  generateCompany,
  type SampleFile,
  type SampleOptions,
  samplePolicies,
  type SampleTruth,
} from '#shared/sample/index.ts';

const options: SampleOptions = { seed: 11, start: '2026-03-02T00:00:00Z', days: 12, events: 9000, sha256 };
const sample = generate(options);
const trails = sample.files.filter(({ path }) => path.includes('/CloudTrail/'));
const digests = sample.files.filter(({ path }) => path.includes('/CloudTrail-Digest/'));
const clusterLogs = sample.files.filter(({ path }) => path.startsWith('kubernetes/'));
const trailRecords = trails.flatMap(({ text }) => (JSON.parse(text) as { Records: JsonObject[] }).Records);
const clusterRecords = clusterLogs.flatMap(({ text }) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as JsonObject),
);

describe('what is written', () => {
  test('the same seed gives the same bytes, another seed others', () => {
    expect(hashOf(generate(options))).toBe(hashOf(sample));
    expect(hashOf(generate({ ...options, seed: 12 }))).not.toBe(hashOf(sample));
  });

  test('files lie where CloudTrail and an API server put them', () => {
    for (const { path, gzip } of trails) {
      expect(gzip).toBe(true);
      expect(path).toMatch(
        /^AWSLogs\/(\d{12})\/CloudTrail\/([a-z0-9-]+)\/2026\/03\/\d\d\/\1_CloudTrail_\2_202603\d\dT\d{4}Z_[0-9a-f]{16}\.json\.gz$/,
      );
    }
    for (const { path } of clusterLogs)
      expect(path).toMatch(/^kubernetes\/halden-[a-z]+\/audit-2026-03-[\dT.-]+\.log$/);
    expect(new Set(sample.files.map(({ path }) => path)).size).toBe(sample.files.length);
    expect(trails.length + clusterLogs.length).toBe(sample.truth.files);
    expect(digests.length).toBe(sample.truth.skippedFiles);
  });

  test('records have the size and the redundancy of real ones', () => {
    const trailBytes = trails.reduce((sum, { text }) => sum + text.length, 0);
    expect(trailBytes / trailRecords.length).toBeGreaterThan(1450);
    expect(trailBytes / trailRecords.length).toBeLessThan(1850);
    const clusterBytes = clusterLogs.reduce((sum, { text }) => sum + text.length, 0);
    expect(clusterBytes / clusterRecords.length).toBeGreaterThan(1200);
    expect(clusterBytes / clusterRecords.length).toBeLessThan(1600);
    const big = generate({ ...options, days: 4, events: 40_000, cloudtrailOnly: true });
    const full = big.files.filter(({ text }) => text.length > 3_000_000);
    expect(full.length).toBeGreaterThan(0);
    for (const { text } of full) {
      const ratio = text.length / gzipSync(text).length;
      expect(ratio).toBeGreaterThan(5.5);
      expect(ratio).toBeLessThan(9);
    }
  });

  test('records of a trail file are in no order, and people keep office hours', () => {
    const busiest = trails.toSorted((a, b) => b.text.length - a.text.length)[0];
    const times = (JSON.parse(busiest?.text ?? '') as { Records: { eventTime: string }[] }).Records.map(
      ({ eventTime }) => eventTime,
    );
    expect(times).not.toEqual(times.toSorted());
    const people = trailRecords.filter((record) => JSON.stringify(record).includes('AWSReservedSSO_'));
    const byDay = people.filter((record) => hourOf(record) >= 7 && hourOf(record) < 18).length;
    expect(byDay / people.length).toBeGreaterThan(0.75);
  });

  test('digests bear the true hashes of the files', () => {
    const hashes = new Map(sample.files.map(({ path, text }) => [path, sha256(text)]));
    const listed = digests.flatMap(
      ({ text }) => (JSON.parse(text) as { logFiles: { s3Object: string; hashValue: string }[] }).logFiles,
    );
    expect(listed.length).toBe(trails.length);
    for (const { s3Object, hashValue } of listed) expect(hashes.get(s3Object)).toBe(hashValue);
  });

  test('CloudTrail alone, and options that make no sense', () => {
    const alone = generate({ ...options, events: 3000, cloudtrailOnly: true });
    expect(alone.files.every(({ path }) => path.startsWith('AWSLogs/'))).toBe(true);
    expect(Math.abs(alone.truth.events - 3000)).toBeLessThanOrEqual(1);
    expect(() => generateCompany({ ...options, events: 3 }).next()).toThrow(RangeError);
    expect(() => generateCompany({ ...options, start: 'today' }).next()).toThrow(RangeError);
  });
});

test('users and roles have the same unique id in the logs and in the policies', () => {
  const listed = new Map<string, string>();
  const after = samplePolicies(sample.truth).find(({ folder }) => folder === 'aws-after');
  for (const { path, text } of after?.files ?? []) {
    if (!path.endsWith('authorization-details.json')) continue;
    const details = JSON.parse(text) as Record<string, { Arn: string; UserId?: string; RoleId?: string }[]>;
    for (const { Arn, UserId } of details['UserDetailList'] ?? []) listed.set(Arn, UserId ?? '');
    for (const { Arn, RoleId } of details['RoleDetailList'] ?? []) listed.set(Arn, RoleId ?? '');
  }
  const seen = new Map<string, string>();
  for (const record of trailRecords) {
    const identity = record['userIdentity'] as Record<string, unknown>;
    const issuer = (identity['sessionContext'] as { sessionIssuer?: JsonObject } | undefined)?.sessionIssuer;
    const holder = identity['type'] === 'IAMUser' ? (identity as JsonObject) : issuer;
    const arn = textAt(holder ?? {}, 'arn');
    if (arn !== null) seen.set(arn, textAt(holder ?? {}, 'principalId') ?? '');
  }
  expect(seen.size).toBeGreaterThan(30);
  for (const [arn, id] of seen) expect([arn, listed.get(arn)]).toEqual([arn, id]);
});

describe('the truth', () => {
  const uniqueTrail = new Map(trailRecords.map((record) => [textAt(record, 'eventID') ?? '', record]));
  const vendorIds = new Set([
    ...uniqueTrail.keys(),
    ...clusterRecords.map((record) => `${textAt(record, 'auditID')}/${textAt(record, 'stage')}`),
  ]);

  test('counts records, events and duplicates', () => {
    expect(trailRecords.length + clusterRecords.length).toBe(sample.truth.records);
    expect(vendorIds.size).toBe(sample.truth.events);
    expect(sample.truth.records - sample.truth.events).toBe(sample.truth.duplicates);
    expect(sample.truth.duplicates).toBeGreaterThan(0);
    expect(Math.abs(sample.truth.events - options.events)).toBeLessThanOrEqual(1);
  });

  test('outcomes follow from the error codes and the recorded decisions', () => {
    const refused = /^(AccessDenied|AccessDeniedException|Client\.UnauthorizedOperation)$/;
    const cloud = { allow: 0, deny: 0, error: 0, challenge: 0, unknown: 0 };
    for (const record of uniqueTrail.values()) {
      const code = textAt(record, 'errorCode');
      if (code === null) cloud.allow++;
      else if (refused.test(code)) cloud.deny++;
      else cloud.error++;
    }
    expect(sample.truth.sources.find(({ format }) => format === 'aws-cloudtrail')?.outcomes).toEqual(cloud);
  });

  const written = formats.filter(({ name }) => sample.truth.sources.some(({ format }) => format === name));
  test.each(written.map((format) => [format.name, format] as const))('%s reads the same', (name, format) => {
    const truth = sample.truth.sources.find((source) => source.format === name);
    const reader = format.createReader({ path: '', timeZone: null });
    const outcomes = { allow: 0, deny: 0, error: 0, challenge: 0, unknown: 0 };
    const seen = new Set<string>();
    const last = new Map<string, string>();
    for (const record of name === 'aws-cloudtrail' ? trailRecords : clusterRecords) {
      const result = reader.read(record, 'json');
      if (result.kind !== 'event') throw new Error(JSON.stringify(result));
      const { vendorId, outcome, subject, time } = result.event;
      if (vendorId === null || seen.has(vendorId)) continue;
      seen.add(vendorId);
      outcomes[outcome]++;
      if (subject.id !== null && time > (last.get(subject.id) ?? '')) last.set(subject.id, time);
    }
    expect(seen.size).toBe(truth?.events);
    expect(outcomes).toEqual(truth?.outcomes);
    for (const { subject, lastSeen } of sample.truth.subjects) {
      if (subject.startsWith('arn:') !== (name === 'aws-cloudtrail')) continue;
      expect(`${subject} ${last.get(subject)?.slice(0, 19) ?? ''}Z`).toBe(`${subject} ${lastSeen}`);
    }
  });

  test('every event of the incident is in the logs, from its address', () => {
    const { steps, address } = sample.truth.incident;
    expect(steps.map(({ id }) => id)).toEqual([
      'leaked-key',
      'denials',
      'role-chain',
      'new-credentials',
      'secrets-and-documents',
      'stop-logging',
      'token',
      'quiet-account',
      'cluster-admin',
      'secrets-and-shells',
    ]);
    for (const { vendorIds: ids } of steps) for (const id of ids) expect(vendorIds).toContain(id);
    const planted = new Set(steps.flatMap(({ vendorIds: ids }) => ids));
    const others = [...uniqueTrail].filter(([id]) => !planted.has(id));
    expect(others.filter(([, record]) => record['sourceIPAddress'] === address)).toEqual([]);
  });

  test('each credential of the lineage was made by an event of the one before it', () => {
    const texts = [...uniqueTrail.values(), ...clusterRecords].map((record) => JSON.stringify(record));
    for (const { credential, madeBy } of sample.truth.incident.lineage) {
      if (madeBy === null) continue;
      const makers = texts.filter(
        (text) => text.includes(`"accessKeyId":"${madeBy}"`) || text.includes(`"accessKeyId":["${madeBy}"]`),
      );
      expect(makers.some((text) => text.includes(credential))).toBe(true);
    }
  });

  test('dormant identities end at the start of the period; the quiet account wakes', () => {
    const bySubject = new Map(sample.truth.subjects.map((each) => [each.subject, each]));
    expect(sample.truth.dormant.length).toBe(3);
    for (const { subject, lastSeen } of sample.truth.dormant) {
      expect(bySubject.get(subject)?.lastSeen).toBe(lastSeen);
      expect(lastSeen < '2026-03-04').toBe(true);
    }
    const woken = bySubject.get('system:serviceaccount:legacy:reporting-sync');
    expect(woken?.firstSeen.slice(0, 10)).toBe('2026-03-02');
    expect(woken?.lastSeen.slice(0, 10)).toBe('2026-03-11');
  });
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function generate(given: SampleOptions): { files: SampleFile[]; truth: SampleTruth } {
  const generator = generateCompany(given);
  const files: SampleFile[] = [];
  let next = generator.next();
  for (; next.done !== true; next = generator.next()) files.push(next.value);
  return { files, truth: next.value };
}

function hashOf({ files, truth }: { files: SampleFile[]; truth: SampleTruth }): string {
  return sha256(JSON.stringify([files, truth]));
}

function hourOf(record: JsonObject): number {
  return Number((textAt(record, 'eventTime') ?? '').slice(11, 13));
}
