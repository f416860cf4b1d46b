import * as fc from 'fast-check';
import type { AccessEvent, Principal } from '#shared/domain/event.ts';
import { outcomes, principalTypes, reasonClasses } from '#shared/domain/event.ts';
import { type Glob, type Query, join, negate } from '#shared/query/ast.ts';
import { dictionaryFields, fieldNamed, queryFields } from '#shared/query/fields.ts';
import { formatInstant } from '#shared/util/instant.ts';

/** Random events of a small world, so that queries hit, and random queries over it. */

const words = [
  'alice',
  'Bob',
  'svc-ci',
  'role/Admin',
  's3:GetObject',
  'kms',
  'ÄÖ x',
  'a*b',
  '"q"',
  'back\\slash',
  '',
];
const word = fc.constantFrom(...words);
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 3 });
const requestIds = ['req-0001-aaaa', 'req-0002-bbbb', 'REQ-0001-AAAA'];
const ips = [
  '10.0.0.1',
  '10.1.2.3',
  '192.168.0.9',
  '2001:db8::1',
  '2001:DB8:0:0::1',
  'AWS Internal',
  '::ffff:10.0.0.1',
];

const principal: fc.Arbitrary<Principal> = fc.record({
  type: fc.constantFrom(...principalTypes),
  id: maybe(word),
  name: maybe(word),
  account: maybe(fc.constantFrom('111', '222')),
});

const firstMicros = Date.UTC(2026, 3, 30, 22) * 1000;

export const time: fc.Arbitrary<string> = fc
  .tuple(
    fc.integer({ min: 0, max: 4 * 86_400 }),
    fc.constantFrom(0, 3, 6, 9),
    fc.integer({ min: 0, max: 999_999_999 }),
  )
  .map(([seconds, digits, fraction]) => {
    const nanos = digits === 0 ? 0 : Math.floor(fraction / 10 ** (9 - digits)) * 10 ** (9 - digits);
    return formatInstant({
      micros: firstMicros + seconds * 1e6 + Math.floor(nanos / 1000),
      nanos: nanos % 1000,
      digits,
    });
  });

export const files = [
  { sha256: 'a'.repeat(64), path: 'logs/one.json' },
  { sha256: 'b'.repeat(64), path: 'logs/Two.json.gz' },
];

const resource = fc.record({ type: maybe(word), id: word });

export const event: fc.Arbitrary<AccessEvent> = fc
  .record({
    id: fc.stringMatching(/^[0-9a-f]{32}$/),
    vendorId: maybe(fc.constantFrom(...requestIds)),
    format: fc.constantFrom('aws-cloudtrail', 'kubernetes-audit'),
    time,
    class: maybe(fc.constant('API Activity')),
    subject: principal,
    actor: maybe(principal),
    session: maybe(
      fc.record({ id: maybe(word), name: maybe(word), startedAt: maybe(time), mfa: maybe(fc.boolean()) }),
    ),
    credential: maybe(fc.record({ id: word, type: fc.constantFrom('access-key', 'token') })),
    action: maybe(word),
    operation: maybe(word),
    service: maybe(word),
    resources: fc.array(resource, { maxLength: 2 }),
    outcome: fc.constantFrom(...outcomes),
    reason: maybe(
      fc.record({ class: maybe(fc.constantFrom(...reasonClasses)), text: maybe(word), policy: maybe(word) }),
    ),
    ip: maybe(fc.constantFrom(...ips)),
    userAgent: maybe(word),
    account: maybe(fc.constantFrom('111', '222')),
    region: maybe(fc.constantFrom('eu-west-1', 'us-east-1')),
    correlation: fc.record({
      requestId: maybe(fc.constantFrom(...requestIds)),
      traceId: maybe(fc.constantFrom(...requestIds)),
      spanId: fc.constant(null),
      sessionId: maybe(fc.constantFrom(...requestIds)),
      sharedId: fc.constant(null),
    }),
    evidence: fc.record({
      file: fc.constantFrom(...files),
      offset: fc.nat(1e9),
      length: fc.integer({ min: 1, max: 5000 }),
    }),
  })
  .map(({ evidence: { file, offset, length }, ...rest }) => ({
    ...rest,
    resource: rest.resources[0] ?? null,
    evidence: { ...file, offset, length },
  }));

const glob: fc.Arbitrary<Glob> = fc.oneof(
  word.map((text): Glob => (text === '' ? [] : [{ text }])),
  fc
    .array(
      fc.constantFrom(
        '*' as const,
        '?' as const,
        { text: 'a' },
        { text: 'I' },
        { text: 'S3:' },
        { text: '-ci' },
      ),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    .map(
      (parts): Glob =>
        parts.filter((part, index) => {
          const before = parts[index - 1];
          return (
            !(part === '*' && before === '*') && !(typeof part === 'object' && typeof before === 'object')
          );
        }),
    )
    .filter((parts) => parts.some((part) => part !== '*')),
);

const moment = fc.oneof(
  time,
  fc.constantFrom('2026', '2026-05', '2026-05-01', '2026-05-02T10', '2026-05-02T10:30'),
);

function range(text: fc.Arbitrary<string>): fc.Arbitrary<Query & { kind: 'field' }> {
  const bound = fc.option(fc.record({ text, inclusive: fc.boolean() }), { freq: 4 });
  return fc
    .tuple(bound, bound)
    .filter(([from, to]) => from !== null || to !== null)
    .map(([from, to]) => ({ kind: 'field', field: 'time', test: { kind: 'range', from, to } }));
}

const day = moment.map((text): Query => {
  const bound = { text, inclusive: true };
  return { kind: 'field', field: 'time', test: { kind: 'range', from: bound, to: bound } };
});

const textFields = dictionaryFields.filter((field) =>
  ['text', 'address'].includes(fieldNamed(field)?.kind ?? ''),
);

const leaf: fc.Arbitrary<Query> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), glob: glob.filter((parts) => parts.length > 0) }),
  fc.constantFrom(...requestIds).map((text): Query => ({ kind: 'text', glob: [{ text }] })),
  fc.record({
    kind: fc.constant('field' as const),
    field: fc.constantFrom(...textFields, 'evidence.path' as const),
    test: fc.record({ kind: fc.constant('glob' as const), glob }),
  }),
  fc
    .constantFrom(...queryFields)
    .map((field): Query => ({ kind: 'field', field: field.name, test: { kind: 'exists' } })),
  fc
    .constantFrom('10.0.0.0/8', '10.1.0.0/16', '0.0.0.0/0', '2001:db8::/32')
    .map((network): Query => ({ kind: 'field', field: 'ip', test: { kind: 'network', network } })),
  fc
    .constantFrom(...outcomes)
    .map((text): Query => ({ kind: 'field', field: 'outcome', test: { kind: 'glob', glob: [{ text }] } })),
  fc.constantFrom(...requestIds).map(
    (text): Query => ({
      kind: 'field',
      field: 'correlation.requestId',
      test: { kind: 'glob', glob: [{ text }] },
    }),
  ),
  range(moment),
  range(time).map((query): Query => ({ ...query, field: 'session.startedAt' })),
  range(word.filter((text) => text !== '')).map((query): Query => ({ ...query, field: 'action' })),
  day,
);

/** Queries in normal form, as the parser makes them. */
export const query: fc.Arbitrary<Query> = fc.letrec<{ query: Query }>((tie) => ({
  query: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('query'), { minLength: 2, maxLength: 3 }).map((parts) => join('and', parts)),
    fc.array(tie('query'), { minLength: 2, maxLength: 3 }).map((parts) => join('or', parts)),
    tie('query').map(negate),
  ),
})).query;
