import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#shared/domain/json.ts';
import { gcpAudit } from '#shared/formats/gcp-audit/index.ts';
import { parseInstant } from '#shared/util/instant.ts';

const reader = gcpAudit.createReader({ path: '', timeZone: null });
const keys = [
  'protoPayload',
  'protopayload_auditlog',
  'proto_payload',
  'audit_log',
  '@type',
  'authenticationInfo',
  'principalEmail',
  'principalSubject',
  'serviceAccountDelegationInfo',
  'firstPartyPrincipal',
  'serviceAccountKeyName',
  'authorizationInfo',
  'granted',
  'permission',
  'resource',
  'resourceAttributes',
  'resourceName',
  'methodName',
  'serviceName',
  'status',
  'code',
  'message',
  'data',
  'metadata',
  'violationReason',
  'operation',
  'first',
  'last',
  'labels',
  'timestamp',
  'seconds',
  'insertId',
  'logName',
  'protoPayload.authorizationInfo[0].granted',
  'protoPayload.__proto__.polluted',
  '__proto__',
  'constructor',
];
const texts = fc.oneof(
  fc.constantFrom(
    'type.googleapis.com/google.cloud.audit.AuditLog',
    'projects/p/logs/cloudaudit.googleapis.com%2Factivity',
    '2026-01-01T00:00:00Z',
    '2026-01-01 00:00:00',
    'user:a@example.com',
    'principal://iam.googleapis.com/locations/global/workforcePools/a/subject/b',
    '{"protoPayload":',
    'eyJhIjoxfQ==',
    'k8s.io',
  ),
  fc.string(),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    texts,
    fc.constantFrom(null, true, false, 0, -1, 7, 16, 1e308),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 10 }),
  ),
}));
const record = fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 14 });

const twoChecks = (granted: unknown, code: number | null, rest: object) => ({
  timestamp: '2026-01-01T00:00:00Z',
  protoPayload: {
    ...rest,
    methodName: 'm',
    status: code === null ? {} : { code },
    authorizationInfo: [
      { permission: 'a.b.c', granted: true },
      { permission: 'd.e.f', granted },
    ],
  },
});

describe('hostile records', () => {
  test('no JSON makes the reader throw, and every event has a time that reads', () => {
    fc.assert(
      fc.property(record, fc.constantFrom('json', 'row'), (input, shape) => {
        const given = JSON.parse(JSON.stringify(input)) as JsonObject;
        const result = reader.read(given, shape);
        const { confidence } = gcpAudit.detect(given, shape);
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(
          result.kind === 'event' ? parseInstant(result.event.time) : 'reason' in result && result.reason,
        ).toBeTruthy();
        expect(gcpAudit.lineage?.issued(gcpAudit.native?.(given, shape) ?? given)).toBeInstanceOf(Array);
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      }),
      { numRuns: 3000 },
    );
  });

  test('whatever else the entry says, a refused permission is never allowed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(false, 'false', undefined, null),
        fc.constantFrom(null, 7, 16, 5, 13),
        fc.dictionary(fc.constantFrom('resourceName', 'serviceName', 'metadata'), texts),
        (granted, code, rest) => {
          const given = JSON.parse(JSON.stringify(twoChecks(granted, code, rest))) as JsonObject;
          const result = reader.read(given, 'json');
          expect(result.kind === 'event' ? result.event.outcome : null).not.toBe('allow');
        },
      ),
    );
  });

  test('fields are bounded', () => {
    const long = 'x'.repeat(5_000_000);
    const result = reader.read(
      {
        timestamp: '2026-01-01T00:00:00Z',
        insertId: long,
        protoPayload: {
          methodName: long,
          resourceName: long,
          authenticationInfo: { principalEmail: long },
          status: { message: long },
        },
      },
      'json',
    );
    expect(JSON.stringify(result).length).toBeLessThan(40_000);
  });

  test('wrappers within wrappers end', () => {
    let wrapped: JsonObject = { protoPayload: { methodName: 'm' }, timestamp: '2026-01-01T00:00:00Z' };
    for (let depth = 0; depth < 2000; depth++) wrapped = { message: wrapped, log: wrapped, event: wrapped };
    expect(reader.read(wrapped, 'json').kind).toBe('problem');
  });
});
