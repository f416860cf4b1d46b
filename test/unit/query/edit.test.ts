import { describe, expect, test } from 'vitest';
import { complete } from '#shared/query/complete.ts';
import { conditionsOf, filterText, withFilter } from '#shared/query/edit.ts';

/** `|` marks the caret; the result names the text that a candidate would replace. */
function at(marked: string): {
  kind: string;
  replaced: string;
  field?: string;
  prefix: string;
  candidates: readonly string[];
} {
  const caret = marked.indexOf('|');
  const text = marked.replace('|', '');
  const { from, to, kind, field, prefix, candidates = [] } = complete(text, caret);
  return {
    kind,
    replaced: text.slice(from, to),
    prefix,
    candidates,
    ...(field === undefined ? {} : { field }),
  };
}

describe('completion', () => {
  test('of field names', () => {
    expect(at('|')).toMatchObject({ kind: 'field', replaced: '' });
    expect(at('subj|')).toMatchObject({ kind: 'field', replaced: 'subj' });
    expect(at('subj|').candidates.slice(0, 2)).toEqual(['subject.id:', 'subject.name:']);
    expect(at('outcome:deny -ser|').candidates).toEqual(['service:', 'userAgent:']);
    expect(at('outcome:deny -ser|').replaced).toBe('ser');
    expect(at('out|come:deny').replaced).toBe('outcome:');
    expect(at('"outcome:|').kind).toBe('field');
  });
  test('of values', () => {
    expect(at('outcome:|')).toMatchObject({ kind: 'value', field: 'outcome', replaced: '' });
    expect(at('outcome:|').candidates).toEqual(['allow', 'deny', 'error', 'challenge', 'unknown']);
    expect(at('outcome:d| x')).toMatchObject({ replaced: 'd', candidates: ['deny'] });
    expect(at('action:(s3:GetObject OR s3:L|)')).toMatchObject({
      kind: 'value',
      field: 'action',
      prefix: 's3:L',
      replaced: 's3:L',
    });
    expect(at('subject.id:"jane d|oe" x')).toMatchObject({
      field: 'subject.id',
      prefix: 'jane d',
      replaced: '"jane doe"',
    });
    expect(at('subject.id:arn:aws|')).toMatchObject({ field: 'subject.id', prefix: 'arn:aws' });
    expect(at('action:(a OR b) |')).toMatchObject({ kind: 'field', replaced: '' });
  });
  test('of operators', () => {
    expect(at('outcome:deny A|')).toMatchObject({ kind: 'operator', candidates: ['AND'], replaced: 'A' });
  });
});

describe('filter for and filter out', () => {
  test.each([
    ['', 'outcome', 'deny', false, 'outcome:deny'],
    ['outcome:deny', 'outcome', 'deny', false, 'outcome:deny'],
    ['outcome:deny', 'outcome', 'deny', true, '-outcome:deny'],
    ['outcome:deny', 'service', 's3', true, 'outcome:deny -service:s3'],
    ['outcome:deny OR outcome:error', 'service', 's3', false, '(outcome:deny OR outcome:error) service:s3'],
    ['', 'region', null, false, '-region:*'],
    ['-region:*', 'region', null, true, 'region:*'],
    ['', 'subject.id', 'arn:aws:iam::1:role/x y', false, 'subject.id:"arn:aws:iam::1:role/x y"'],
    ['', 'userAgent', 'a*b?', false, 'userAgent:"a*b?"'],
    ['oops(', 'region', 'x', false, 'oops( region:x'],
  ] as const)('%s + %s %s', (text, field, value, negated, expected) => {
    expect(withFilter(text, field, value, negated)).toBe(expected);
  });

  test.each([
    ['outcome:deny', 'outcome', 'deny', true],
    ['service:s3 outcome:deny', 'outcome', 'deny', true],
    ['-outcome:deny', 'outcome', 'deny', false],
    ['outcome:deny OR outcome:error', 'outcome', 'deny', false],
    ['-region:*', 'region', null, true],
    ['', 'region', null, false],
    ['subject.id:"a b"', 'subject.id', 'a b', true],
    ['oops( outcome:deny', 'outcome', 'deny', false],
  ] as const)('%s asks for %s %s: %s', (text, field, value, expected) => {
    expect(conditionsOf(text).has(filterText(field, value))).toBe(expected);
    // What is asked for already is not added again.
    expect(withFilter(text, field, value, false) === text).toBe(expected);
  });
});
