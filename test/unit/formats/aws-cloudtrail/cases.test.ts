import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RecordShape } from '#shared/domain/format.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import { awsCloudTrail } from '#shared/formats/aws-cloudtrail/index.ts';

/** Expected values were written by hand from the vendor's pages that each case names. */
interface Expected {
  readonly about: string;
  readonly source: string;
  readonly shape: RecordShape;
  readonly kind: 'event' | 'skip' | 'problem';
  readonly reason?: string;
  readonly confidence?: number;
  readonly event?: JsonObject;
}

const folder = join(import.meta.dirname, '../../../cases/aws-cloudtrail');

describe('AWS CloudTrail, case by case', () => {
  for (const slug of readdirSync(folder)) {
    const record = read(slug, 'record.json') as JsonObject;
    const expected = read(slug, 'expected.json') as Expected;
    test(`${slug}: ${expected.about}`, () => {
      const result = awsCloudTrail.createReader({ path: '', timeZone: null }).read(record, expected.shape);
      const { kind, reason, event, confidence } = expected;
      expect(result).toMatchObject({
        kind,
        ...(reason === undefined ? {} : { reason }),
        ...(event === undefined ? {} : { event }),
      });
      const detected = awsCloudTrail.detect(record, expected.shape).confidence;
      expect(detected > 0).toBe(confidence !== 0);
      expect(JSON.stringify(result)).not.toContain('s3cr3t');
    });
  }
});

function read(slug: string, file: string): unknown {
  return JSON.parse(readFileSync(join(folder, slug, file), 'utf8'));
}
