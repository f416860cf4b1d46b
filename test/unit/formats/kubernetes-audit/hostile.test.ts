import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#shared/domain/json.ts';
import { kubernetesAudit } from '#shared/formats/kubernetes-audit/index.ts';
import { parseInstant } from '#shared/util/instant.ts';

const reader = kubernetesAudit.createReader({ path: '', timeZone: null });
const keys = [
  'apiVersion',
  'kind',
  'auditID',
  'stage',
  'verb',
  'user',
  'username',
  'extra',
  'impersonatedUser',
  'objectRef',
  'annotations',
  'responseStatus',
  'code',
  'requestReceivedTimestamp',
  'requestURI',
  'sourceIPs',
  'message',
  'log',
  'properties',
  'protoPayload',
  'authenticationInfo',
  'authorizationInfo',
  'labels',
  'resource',
  'items',
  'category',
  'authorization.k8s.io/decision',
  'resourceName',
  'methodName',
  'serviceName',
  'timestamp',
  '__proto__',
];
const texts = fc.oneof(
  fc.constantFrom(
    'audit.k8s.io/v1',
    'EventList',
    'ResponseComplete',
    'allow',
    'forbid',
    'k8s.io',
    '2026-01-01T00:00:00Z',
    'system:serviceaccount:',
    'system:node:',
    'arn:aws:sts::123456789012:assumed-role/',
    'core/v1',
    '{"auditID":',
    '/',
  ),
  fc.string(),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    texts,
    fc.constantFrom(null, true, 0, -1, 401, 403, 1e308),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 10 }),
  ),
}));
const record = fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 14 });

describe('hostile records', () => {
  test('no JSON makes the reader throw, and every event has a time that reads', () => {
    fc.assert(
      fc.property(record, fc.constantFrom('json', 'row'), (input, shape) => {
        const given = JSON.parse(JSON.stringify(input)) as JsonObject;
        const result = reader.read(given, shape);
        const { confidence } = kubernetesAudit.detect(given, shape);
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(
          result.kind === 'event' ? parseInstant(result.event.time) : 'reason' in result && result.reason,
        ).toBeTruthy();
      }),
      { numRuns: 3000 },
    );
  });

  test('fields are bounded', () => {
    const result = reader.read(
      {
        apiVersion: 'audit.k8s.io/v1',
        auditID: 'a',
        stage: 'ResponseComplete',
        requestReceivedTimestamp: '2026-01-01T00:00:00Z',
        userAgent: 'x'.repeat(5_000_000),
        requestURI: `/${'y'.repeat(5_000_000)}`,
        user: { username: 'z'.repeat(5_000_000) },
      },
      'json',
    );
    expect(JSON.stringify(result).length).toBeLessThan(30_000);
  });

  test('wrappers within wrappers end', () => {
    let wrapped: JsonObject = { auditID: 'a', stage: 'ResponseComplete', timestamp: '2026-01-01T00:00:00Z' };
    for (let depth = 0; depth < 2000; depth++) wrapped = { message: wrapped, log: wrapped, event: wrapped };
    expect(reader.read(wrapped, 'json').kind).toBe('problem');
  });
});
