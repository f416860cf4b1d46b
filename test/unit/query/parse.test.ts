import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AccessEvent } from '#shared/domain/event.ts';
import { formatQuery } from '#shared/query/format.ts';
import { matchesEvent } from '#shared/query/matches.ts';
import { parseQuery } from '#shared/query/parse.ts';
import { query } from '#test/support/random-queries.ts';

const event: AccessEvent = {
  id: '0123456789abcdef0123456789abcdef',
  vendorId: 'b1946ac9-2492-4d23-8a5b-000000000001',
  format: 'aws-cloudtrail',
  time: '2026-05-01T10:00:00.123456Z',
  class: 'API Activity',
  subject: {
    type: 'role',
    id: 'arn:aws:iam::111122223333:role/Admin',
    name: 'Admin',
    account: '111122223333',
  },
  actor: null,
  session: { id: 'AROAX:ci', name: 'ci', startedAt: '2026-05-01T09:30:00Z', mfa: false },
  credential: { id: 'ASIAEXAMPLE', type: 'access-key' },
  action: 's3:GetObject',
  operation: 'GetObject',
  service: 's3',
  resource: { type: 'object', id: 'arn:aws:s3:::backups/db (1).sql' },
  resources: [
    { type: 'object', id: 'arn:aws:s3:::backups/db (1).sql' },
    { type: 'bucket', id: 'arn:aws:s3:::backups' },
  ],
  outcome: 'deny',
  reason: { class: 'explicit-deny', text: 'with an explicit deny in a "service" policy', policy: null },
  ip: '10.20.30.40',
  userAgent: 'aws-cli/2.15 Python/3.11',
  account: '111122223333',
  region: null,
  correlation: { requestId: 'REQ-77777', traceId: null, spanId: null, sessionId: null, sharedId: null },
  evidence: { sha256: 'c'.repeat(64), path: 'logs/May/trail.json.gz', offset: 10, length: 20 },
};

function matches(text: string): boolean {
  const parsed = parseQuery(text);
  if ('problem' in parsed) throw new Error(`${text}: ${parsed.problem.message}`);
  return matchesEvent(parsed.ast, event);
}

function at(text: string, ip: string): boolean {
  const parsed = parseQuery(text);
  return 'ast' in parsed && matchesEvent(parsed.ast, { ...event, ip });
}

test('a query that is too long is told so, with what is too much of it', () => {
  const { message, found } = problem('x'.repeat(10_003));
  expect(message).toBe('A query has at most 10000 characters; this one has 10003.');
  expect(found).toBe('xxx');
});

function problem(text: string): { message: string; found: string } {
  const parsed = parseQuery(text);
  if (!('problem' in parsed)) throw new Error(`${text} parses`);
  const { message, from, to } = parsed.problem;
  expect(from).toBeLessThanOrEqual(to);
  expect(to).toBeLessThanOrEqual(text.length);
  return { message, found: text.slice(from, to) };
}

describe('what a query means', () => {
  test.each([
    '',
    '   ',
    'outcome:deny subject.id:*admin* action:(s3:GetObject OR s3:ListBucket) ip:10.0.0.0/8 -service:kms "explicit deny"',
    'action:s3:GetObject',
    'ACTION OR action:S3:getobject',
    'subject.id:arn:aws:iam::111122223333:role/Admin',
    'subject.id:arn:aws:iam::*:role/Admin',
    'action:s?:Get*',
    'resource.id:"arn:aws:s3:::backups/db (1).sql"',
    String.raw`resource.id:arn\:aws:s3:::backups/db\ \(1\).sql`,
    'resources:arn:aws:s3:::backups',
    'reason.text:"with an explicit deny in a \\"service\\" policy"',
    'python EXPLICIT',
    'credential.id:* -region:*',
    'NOT region:* AND !actor.id:*',
    '-(outcome:allow OR outcome:error)',
    'outcome:allow OR outcome:deny service:s3',
    'outcome:(allow || deny) && service:s3',
    'action:(NOT kms:*)',
    'time:2026-05-01 time:2026-05 time:2026 time:2026-05-01T10 time:2026-05-01T10:00 time:2026-05-01T10:00:00Z',
    'time:2026-05-01T12:00:00+02:00',
    'time:2026-05-01T10:00:00.123456Z time:2026-05-01T10:00:00.123Z',
    'time:[2026-05-01 TO 2026-05-02]',
    'time:[2026-04-01 TO 2026-05-01]',
    'time:{2026-04-30 TO 2026-05-02}',
    'time:[* TO 2026-05-01T10:00:01Z}',
    'time:>=2026-05-01 time:<2026-05-02 time:>2026-04-30 time:<=2026-05-01T10:00:00Z',
    'session.startedAt:[2026-05-01T09:00 TO 2026-05-01T09:59]',
    'session.mfa:false',
    'ip:10.20.30.40 ip:10.20.* ip:[10.20.30.0 TO 10.20.30.255] ip:::ffff:10.20.30.40',
    'correlation.requestId:REQ-77777 correlation.requestId:* -correlation.traceId:*',
    'REQ-77777',
    'b1946ac9-2492-4d23-8a5b-000000000001',
    '0123456789ABCDEF0123456789abcdef id:0123456789abcdef0123456789abcdef',
    'evidence.path:*may*',
    'evidence.sha256:cccc*',
    'account:[100000000000 TO 2}',
  ])('holds: %s', (text) => expect(matches(text)).toBe(true));

  test.each([
    'outcome:allow',
    'outcome:den?y*',
    '-outcome:deny',
    'action:GetObject',
    'action:"s3:*"',
    'ip:10.0.0.0/16',
    'ip:2001:db8::/32',
    'time:2026-05-02',
    'time:[2026-04-01 TO 2026-05-01}',
    'time:{2026-05-01 TO *]',
    'time:<2026-05-01T10:00:00.123456Z',
    'time:>2026-05-01T10:00:00Z',
    'correlation.requestId:req-77777',
    'REQ-7777',
    'outcome:deny service:kms',
    'outcome:allow OR outcome:deny service:kms',
    'region:*',
    '"python explicit"',
    'and',
  ])('does not hold: %s', (text) => expect(matches(text)).toBe(false));

  test('IPv6 in any spelling and in networks', () => {
    expect(at('ip:2001:db8::1', '2001:0DB8:0:0:0:0:0:1')).toBe(true);
    expect(at('ip:2001:db8::/32', '2001:db8:ffff::9')).toBe(true);
    expect(at('ip:2001:db8::/33', '2001:db8:ffff::9')).toBe(false);
    expect(at('ip:0.0.0.0/0', '2001:db8::1')).toBe(false);
    expect(at('ip:"AWS Internal"', 'AWS Internal')).toBe(true);
    expect(at('ip:10.0.0.0/8', 'AWS Internal')).toBe(false);
  });
});

describe('what is wrong with a query', () => {
  test.each([
    ['outcom:deny', 'Did you mean outcome?', 'outcom'],
    ['Outcome:deny', 'Did you mean outcome?', 'Outcome'],
    ['deny s3:GetObject', 'There is no field “s3”', 's3'],
    ['outcome:denied', 'Did you mean deny?', 'denied'],
    ['subject.id:"abc', 'not closed', '"abc'],
    ['(outcome:deny', 'not closed', '('],
    ['outcome:deny)', 'closes nothing', ')'],
    ['outcome:', 'A value of outcome is missing', ':'],
    ['outcome: deny', 'A value of outcome is missing', ': '],
    ['outcome:deny AND', 'A condition is missing', ''],
    ['OR outcome:deny', 'missing before OR', 'OR'],
    ['action:(a b)', 'OR or AND between the values of action', 'b'],
    ['time:yesterday', 'is no time', 'yesterday'],
    ['time:2026-02-30', 'is no time', '2026-02-30'],
    ['time:2026*', 'takes no wildcard', '2026*'],
    ['time:[2026-05-01 2026-05-02]', 'A range is written', '[2026-05-01 '],
    ['ip:1.2.3.4::/64', 'is no network', '1.2.3.4::/64'],
    ['ip:10.0.0.0/33', 'is no network', '10.0.0.0/33'],
    ['ip:[10.0.0.1 TO ::1]', 'both are IPv6', '10.0.0.1 TO ::1'],
    ['vendorId:abc*', 'kept as a hash', 'abc*'],
    ['correlation.requestId:[a TO b]', 'kept as a hash', 'a'],
    ['id:abc', '32 hexadecimal', 'abc'],
    ['""', 'no text between', '""'],
    ['-', 'must follow', '-'],
    ['a"b"', 'stands within a word', 'a"'],
    [`${'('.repeat(200)}a`, 'nested parentheses', '('],
  ])('%s', (text, message, found) => {
    const { message: said, found: at } = problem(text);
    expect(said).toContain(message);
    expect(at).toBe(found);
  });

  test('any text gives a tree or a problem within it', () => {
    const piece = fc.constantFrom(
      'outcome:',
      'ip:',
      'time:',
      '(',
      ')',
      '[',
      '{',
      ' TO ',
      ']',
      '"',
      '\\',
      '*',
      '?',
      '-',
      'AND ',
      ' OR ',
      'a',
      ' ',
      '10.0.0.0/8',
      '>=',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((parts) => parts.join('')),
        ),
        (text) => {
          const parsed = parseQuery(text);
          const again = 'ast' in parsed ? parseQuery(formatQuery(parsed.ast)) : parsed;
          expect(again).toEqual(parsed);
          const { from, to } = 'problem' in parsed ? parsed.problem : { from: 0, to: 0 };
          expect(from >= 0 && from <= to && to <= text.length).toBe(true);
        },
      ),
      { numRuns: 5000 },
    );
  });
});

test('a query that is written out means the same when it is read again', () => {
  fc.assert(
    fc.property(query, (ast) => {
      expect(parseQuery(formatQuery(ast))).toEqual({ ast });
    }),
    { numRuns: 500 },
  );
});
