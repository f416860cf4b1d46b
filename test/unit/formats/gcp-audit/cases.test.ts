import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RecordShape } from '#shared/domain/format.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import { awsCloudTrail } from '#shared/formats/aws-cloudtrail/index.ts';
import { gcpAudit } from '#shared/formats/gcp-audit/index.ts';
import { kubernetesAudit } from '#shared/formats/kubernetes-audit/index.ts';

/** Expected values were written by hand from Google's documentation of the log entry and of its exports. */
interface Expected {
  readonly about: string;
  readonly shape: RecordShape;
  readonly kind: 'event' | 'skip' | 'problem';
  readonly reason?: string;
  readonly confidence?: number;
  readonly event?: JsonObject;
}

const cases = join(import.meta.dirname, '../../../cases');

describe('Google Cloud audit logs, case by case', () => {
  for (const slug of slugsOf('gcp-audit')) {
    const record = read('gcp-audit', slug, 'record.json') as JsonObject;
    const expected = read('gcp-audit', slug, 'expected.json') as Expected;
    test(`${slug}: ${expected.about}`, () => {
      const { kind, reason, event, confidence, shape } = expected;
      const result = gcpAudit.createReader({ path: '', timeZone: null }).read(record, shape);
      expect(result).toMatchObject({
        kind,
        ...(reason === undefined ? {} : { reason }),
        ...(event === undefined ? {} : { event }),
      });
      expect(gcpAudit.detect(record, shape).confidence > 0).toBe(confidence !== 0);
      expect(JSON.stringify(result)).not.toContain('s3cr3t');
    });
  }
});

describe('detection', () => {
  test('entries of the audit logs are of no other format', () => {
    for (const slug of slugsOf('gcp-audit').filter(
      (each) => each !== 'something-else' && each !== 'cluster-among-others',
    )) {
      const record = read('gcp-audit', slug, 'record.json') as JsonObject;
      const { shape } = read('gcp-audit', slug, 'expected.json') as Expected;
      expect(kubernetesAudit.detect(record, shape).confidence, slug).toBe(0);
      expect(awsCloudTrail.detect(record, shape).confidence, slug).toBe(0);
    }
  });

  test('records of other formats stay with them, those of GKE clusters too', () => {
    for (const [format, name] of [
      [kubernetesAudit, 'kubernetes-audit'],
      [awsCloudTrail, 'aws-cloudtrail'],
    ] as const) {
      for (const slug of slugsOf(name)) {
        const record = read(name, slug, 'record.json') as JsonObject;
        const { shape } = read(name, slug, 'expected.json') as Expected;
        const own = format.detect(record, shape).confidence;
        const ours = gcpAudit.detect(record, shape).confidence;
        expect(ours === 0 || ours < own, slug).toBe(true);
      }
    }
  });

  test('the copies of one entry in all containers have one identity', () => {
    const ids = ['set-iam-policy', 'pubsub-push', 'pubsub-pull', 'bigquery-row', 'log-analytics-row'].map(
      (slug) => {
        const result = gcpAudit
          .createReader({ path: '', timeZone: null })
          .read(read('gcp-audit', slug, 'record.json') as JsonObject, 'json');
        return result.kind === 'event' ? result.event.vendorId : null;
      },
    );
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).not.toBeNull();
  });
});

test('the entry is taken out of its wrappers, and the names of its fields are those of the API', () => {
  const record = read('gcp-audit', 'bigquery-row', 'record.json') as JsonObject;
  expect(gcpAudit.native?.(record, 'json')).toMatchObject({
    protoPayload: {
      methodName: 'SetIamPolicy',
      request: { resource: 'shop-prod' },
      serviceData: {
        policyDelta: { bindingDeltas: [{ action: 'ADD', member: 'user:mallory@example.com' }] },
      },
    },
  });
});

test('a key that an event made is named as the events that are made with it name it', () => {
  const made = gcpAudit.lineage?.issued({
    protoPayload: {
      methodName: 'google.iam.admin.v1.CreateServiceAccountKey',
      response: {
        name: 'projects/shop-prod/serviceAccounts/reporter@shop-prod.iam.gserviceaccount.com/keys/c71e040fb4b71d798ce4baca14e15ab62115aaef',
      },
    },
  });
  const used = gcpAudit
    .createReader({ path: '', timeZone: null })
    .read(read('gcp-audit', 'data-access-with-key', 'record.json') as JsonObject, 'json');
  expect(used.kind === 'event' ? used.event.credential?.id : null).toBe(made?.[0]?.id);
  expect(made?.[0]?.holder).toBe('reporter@shop-prod.iam.gserviceaccount.com');
});

function slugsOf(area: string): string[] {
  return readdirSync(join(cases, area));
}

function read(area: string, slug: string, file: string): unknown {
  return JSON.parse(readFileSync(join(cases, area, slug, file), 'utf8'));
}
