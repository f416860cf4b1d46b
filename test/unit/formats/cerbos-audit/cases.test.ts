import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RecordShape } from '#shared/domain/format.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import { cerbosAudit } from '#shared/formats/cerbos-audit/index.ts';
import { formats } from '#shared/formats/index.ts';

/** Expected values were written by hand from the documentation that each case names. */
interface Expected {
  readonly about: string;
  readonly source: string;
  readonly shape?: RecordShape;
  readonly kind: 'event' | 'events' | 'skip' | 'problem';
  readonly reason?: string;
  readonly event?: JsonObject;
  readonly events?: readonly JsonObject[];
}

const cases = join(import.meta.dirname, '../../../cases');
const slugs = readdirSync(join(cases, 'cerbos-audit'));
const reader = cerbosAudit.createReader({ path: '', timeZone: null });

describe('entries of Cerbos, case by case', () => {
  for (const slug of slugs) {
    const record = recordOf('cerbos-audit', slug);
    const { about, kind, reason, event, events, shape = 'json' } = expectedOf('cerbos-audit', slug);
    test(`${slug}: ${about}`, () => {
      const result = reader.read(record, shape);
      expect(result).toMatchObject({
        kind,
        ...(reason === undefined ? {} : { reason }),
        ...(event === undefined ? {} : { event }),
        ...(events === undefined ? {} : { events }),
      });
      const own = cerbosAudit.detect(record, shape).confidence;
      expect(own).toBeGreaterThan(0.5);
      for (const format of formats.filter((each) => each !== cerbosAudit)) {
        expect(format.detect(record, shape).confidence, format.name).toBeLessThan(own);
      }
    });
  }

  test('records of other formats stay with them', () => {
    for (const { name } of formats) {
      if (name === 'cerbos-audit') continue;
      for (const slug of readdirSync(join(cases, name))) {
        const files = readdirSync(join(cases, name, slug));
        if (!files.includes('record.json') || !files.includes('expected.json')) continue;
        const { shape = 'json' } = expectedOf(name, slug);
        expect(cerbosAudit.detect(recordOf(name, slug), shape).confidence, `${name} ${slug}`).toBe(0);
      }
    }
  });
});

test('a part of an entry is the one question with its answer', () => {
  const entry = recordOf('cerbos-audit', 'several-decisions');
  const part = cerbosAudit.parts?.(entry)(4);
  expect(part?.['callId']).toBe(entry['callId']);
  expect(part?.['checkResources']).toMatchObject({
    inputs: [{ resource: { id: '2' }, actions: ['edit'] }],
    outputs: [{ actions: { edit: { policy: 'NO_MATCH' } } }],
  });
});

test('whatever an entry holds, its decisions have ids of their own and nothing is thrown', () => {
  const words = fc.constantFrom(
    'view',
    'edit',
    '',
    '__proto__',
    'EFFECT_ALLOW',
    'EFFECT_DENY',
    'NO_MATCH',
    'constructor',
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      words,
      fc.integer(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        fc.oneof(
          words,
          fc.constantFrom('inputs', 'outputs', 'actions', 'principal', 'resource', 'id', 'effect', 'policy'),
        ),
        tie('value'),
        { maxKeys: 4 },
      ),
    ),
  }));
  const input = fc.record(
    { actions: fc.array(words), resource: value, principal: value },
    { requiredKeys: [] },
  );
  const output = fc.record({ actions: fc.dictionary(words, value), resourceId: words }, { requiredKeys: [] });
  const entry = fc.record({
    callId: fc.constant('01HX'),
    timestamp: fc.constant('2026-01-01T00:00:00Z'),
    peer: value,
    metadata: value,
    checkResources: fc.oneof(
      value,
      fc.record({ inputs: fc.array(fc.oneof(input, value)), outputs: fc.array(fc.oneof(output, value)) }),
    ),
    'log.logger': fc.constant('cerbos.audit'),
    'log.kind': fc.constant('decision'),
  });
  fc.assert(
    fc.property(entry, (record) => {
      const result = reader.read(record as JsonObject, 'json');
      if (result.kind === 'event') return;
      if (result.kind !== 'events') throw new Error(result.kind);
      const ids = result.events.map(({ vendorId }) => vendorId);
      expect(new Set(ids).size).toBe(ids.length);
      for (const [number, event] of result.events.entries()) {
        const part = cerbosAudit.parts?.(record as JsonObject)(number) ?? {};
        const again = reader.read(part, 'json');
        expect(again.kind === 'events' && again.events.length === 1 && again.events[0]).toMatchObject({
          action: event.action,
          outcome: event.outcome,
        });
      }
    }),
  );
});

function expectedOf(area: string, slug: string): Expected {
  return JSON.parse(readFileSync(join(cases, area, slug, 'expected.json'), 'utf8')) as Expected;
}

function recordOf(area: string, slug: string): JsonObject {
  return JSON.parse(readFileSync(join(cases, area, slug, 'record.json'), 'utf8')) as JsonObject;
}
