import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RecordShape } from '#shared/domain/format.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import { formats } from '#shared/formats/index.ts';
import { opaDecisionLog } from '#shared/formats/opa-decision-log/index.ts';
import { parseExactJson } from '#shared/util/exact-json.ts';

/** Expected values were written by hand from the documentation that each case names. */
interface Expected {
  readonly about: string;
  readonly source: string;
  readonly shape: RecordShape;
  readonly kind: 'event' | 'skip' | 'problem';
  readonly reason?: string;
  readonly confidence?: number;
  readonly event?: JsonObject;
}

const cases = join(import.meta.dirname, '../../../cases');
const slugs = readdirSync(join(cases, 'opa-decision-log'));

describe('decisions of Open Policy Agent, case by case', () => {
  for (const slug of slugs) {
    const record = parseExactJson(text('opa-decision-log', slug, 'record.json')) as JsonObject;
    const { about, kind, reason, event, confidence, shape } = expectedOf('opa-decision-log', slug);
    test(`${slug}: ${about}`, () => {
      const result = opaDecisionLog.createReader({ path: '', timeZone: null }).read(record, shape);
      expect(result).toMatchObject({
        kind,
        ...(reason === undefined ? {} : { reason }),
        ...(event === undefined ? {} : { event }),
      });
      expect(opaDecisionLog.detect(record, shape).confidence > 0).toBe(confidence !== 0);
      expect(JSON.stringify(result)).not.toContain('s3cr3t');
    });
  }
});

describe('detection', () => {
  const others = formats.filter(({ name }) => name !== 'opa-decision-log');

  test('decisions are of no other format', () => {
    for (const slug of slugs) {
      const { shape, confidence } = expectedOf('opa-decision-log', slug);
      const record = JSON.parse(text('opa-decision-log', slug, 'record.json')) as JsonObject;
      const own = opaDecisionLog.detect(record, shape).confidence;
      if (confidence === 0) continue;
      for (const format of others) {
        expect(format.detect(record, shape).confidence, `${slug} ${format.name}`).toBeLessThan(own);
      }
    }
  });

  test('records of other formats stay with them', () => {
    for (const { name } of others) {
      for (const slug of readdirSync(join(cases, name))) {
        const files = readdirSync(join(cases, name, slug));
        if (!files.includes('record.json') || !files.includes('expected.json')) continue;
        const { shape } = expectedOf(name, slug);
        const record = JSON.parse(text(name, slug, 'record.json')) as JsonObject;
        expect(opaDecisionLog.detect(record, shape).confidence, `${name} ${slug}`).toBe(0);
      }
    }
  });
});

test('the decision is taken out of its wrappers with all digits of its numbers', () => {
  const inner =
    '{"decision_id":"a","labels":{},"path":"authz/allow","input":{"n":12345678901234567890},"result":true}';
  const native = opaDecisionLog.native?.({ log: `2026-01-01T00:00:00Z stderr F ${inner}` }, 'json') ?? {};
  expect(JSON.stringify(native)).toBe(inner);
  const [one, other] = ['12345678901234567890', '12345678901234567891'].map((digits) =>
    opaDecisionLog.requestKey?.(['*'])(parseExactJson(`{"path":"p","input":${digits}}`) as JsonObject),
  );
  expect(one).not.toBe(other);
});

function expectedOf(area: string, slug: string): Expected {
  return JSON.parse(text(area, slug, 'expected.json')) as Expected;
}

function text(area: string, slug: string, file: string): string {
  return readFileSync(join(cases, area, slug, file), 'utf8');
}
