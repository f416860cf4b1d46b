import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#shared/domain/json.ts';
import { opaDecisionLog } from '#shared/formats/opa-decision-log/index.ts';
import { parseExactJson } from '#shared/util/exact-json.ts';
import { parseInstant } from '#shared/util/instant.ts';

const reader = opaDecisionLog.createReader({ path: '', timeZone: null });
const keys = [
  'decision_id',
  'decision-id',
  'labels',
  'bundles',
  'revision',
  'path',
  'query',
  'input',
  'result',
  'error',
  'erased',
  'masked',
  'timestamp',
  'type',
  'msg',
  'log',
  'attributes',
  'request',
  'http',
  'headers',
  'source',
  'principal',
  'userInfo',
  'username',
  'user',
  'action',
  'resource',
  'allow',
  'allowed',
  'deny',
  'violation',
  'decision',
  'response',
  'reason',
  '__proto__',
  'constructor',
];
const texts = fc.oneof(
  fc.constantFrom(
    'openpolicyagent.org/decision_logs',
    'Decision Log',
    '2026-01-01T00:00:00.123456789Z',
    'authz/allow',
    '/k8s/deny',
    '/input/user',
    '/result/allow',
    '/',
    'true',
    '[::1]:1',
    '{"decision_id":',
  ),
  fc.string(),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    texts,
    fc.constantFrom(null, true, false, 0, -1, 1e308),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 10 }),
  ),
}));
const record = fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 14 });
const decision = (rest: object): JsonObject =>
  JSON.parse(
    JSON.stringify({ decision_id: 'd', labels: {}, timestamp: '2026-01-01T00:00:00Z', ...rest }),
  ) as JsonObject;

describe('hostile records', () => {
  test('no JSON makes the reader throw, and every event has a time that reads', () => {
    fc.assert(
      fc.property(record, fc.constantFrom('json', 'row'), (input, shape) => {
        const given = parseExactJson(JSON.stringify(input)) as JsonObject;
        const result = reader.read(given, shape);
        expect(opaDecisionLog.detect(given, shape).confidence).toBeGreaterThanOrEqual(0);
        expect(
          result.kind === 'event' ? parseInstant(result.event.time) : 'reason' in result && result.reason,
        ).toBeTruthy();
        expect(
          opaDecisionLog.requestKey?.(['input/user', 'attributes'])(
            opaDecisionLog.native?.(given, shape) ?? given,
          ),
        ).toBeTypeOf('string');
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      }),
      { numRuns: 3000 },
    );
  });

  test('whatever else stands in the record, an evaluation that failed decides nothing', () => {
    fc.assert(
      fc.property(value, texts, (result, message) => {
        const given = decision({ path: 'authz/allow', result, error: { code: 'eval_error', message } });
        const read = reader.read(given, 'json');
        expect(read.kind === 'event' ? read.event.outcome : null).toBe('error');
      }),
    );
  });

  test('an object without a member that decides is never read as allow or deny', () => {
    const others = fc.dictionary(
      fc.string().filter((key) => !/^(?:allow|allowed|decision|den|violation|response)/.test(key)),
      value,
    );
    fc.assert(
      fc.property(others, (result) => {
        const read = reader.read(decision({ path: 'app/authz', result }), 'json');
        expect(read.kind === 'event' ? read.event.outcome : null).toBe('unknown');
      }),
    );
  });

  test('what was taken out of the log or replaced decides nothing', () => {
    const hiding = fc.constantFrom('erased', 'masked');
    fc.assert(
      fc.property(
        hiding,
        fc.constantFrom('/result', '/result/allow', '/result/deny'),
        fc.boolean(),
        (how, pointer, allow) => {
          const given = decision({ path: 'app/authz', result: { allow }, [how]: [pointer] });
          const read = reader.read(given, 'json');
          expect(read.kind === 'event' ? read.event.outcome : null).toBe('unknown');
        },
      ),
    );
  });

  test('fields are bounded', () => {
    const long = 'x'.repeat(5_000_000);
    const read = reader.read(
      decision({
        decision_id: long,
        path: long,
        bundles: { [long]: { revision: long } },
        input: { user: long, action: long, resource: long, path: long },
        result: { allow: false, reason: [long, long] },
        requested_by: long,
      }),
      'json',
    );
    expect(JSON.stringify(read).length).toBeLessThan(60_000);
  });

  test('wrappers within wrappers end', () => {
    let wrapped: JsonObject = decision({ path: 'p', result: true });
    for (let depth = 0; depth < 2000; depth++) wrapped = { message: wrapped, log: wrapped, event: wrapped };
    expect(reader.read(wrapped, 'json').kind).toBe('problem');
  });
});
