import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareEntitlements } from '#shared/analysis/drift/compare.ts';
import { contains } from '#shared/util/pattern.ts';
import type { Entitlement } from '#shared/domain/entitlement.ts';

const held = (action: string, resource: string, more: Partial<Entitlement> = {}): Entitlement => ({
  key: `${more.subject?.id ?? 'ann'} ${action} ${resource}`,
  system: 'aws-iam',
  subject: { type: 'user', id: 'ann' },
  action: { pattern: action },
  resource: { pattern: resource },
  condition: null,
  conditionality: 'always',
  grants: [{ path: [], ref: { path: 'a.json', locator: '/Statement/0', policyId: 'work' } }],
  limitedBy: [],
  risks: [],
  ...more,
});
const kinds = (before: Entitlement[], after: Entitlement[]) =>
  compareEntitlements(before, after).map(({ kind, after: is, before: was }) => [
    kind,
    was?.action.pattern ?? null,
    is?.action.pattern ?? null,
  ]);

describe('drift of effective permissions', () => {
  test('another statement for what is held already changes the path alone', () => {
    const all = held('s3:*', '*');
    expect(kinds([all], [all, held('s3:GetObject', 'arn:aws:s3:::logs/*')])).toEqual([
      ['path-changed', null, 's3:GetObject'],
    ]);
    expect(kinds([all, held('s3:GetObject', '*')], [all])).toEqual([['path-changed', 's3:GetObject', null]]);
  });

  test('a wildcard written out is no drift of what can be done', () => {
    const wildcard = held('sqs:Get*', '*', {
      action: { pattern: 'sqs:Get*', expanded: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl'] },
    });
    const single = [held('sqs:GetQueueAttributes', '*'), held('sqs:GetQueueUrl', '*')];
    expect(new Set(kinds([wildcard], single).map(([kind]) => kind))).toEqual(new Set(['path-changed']));
    expect(new Set(kinds(single, [wildcard]).map(([kind]) => kind))).toEqual(new Set(['path-changed']));
  });

  test.each([
    ['gained', [], [held('iam:PassRole', '*')]],
    ['lost', [held('iam:PassRole', '*')], []],
    ['widened', [held('s3:GetObject', 'arn:aws:s3:::a/*')], [held('s3:GetObject', 'arn:aws:s3:::*')]],
    ['narrowed', [held('s3:*', '*')], [held('s3:GetObject', '*')]],
    [
      'condition-changed',
      [held('s3:GetObject', '*')],
      [
        held('s3:GetObject', '*', {
          condition: { op: 'leaf', expr: 'Bool aws:MultiFactorAuthPresent true', result: 'unknown' },
          conditionality: 'conditional',
        }),
      ],
    ],
    [
      'path-changed',
      [held('s3:GetObject', '*')],
      [
        held('s3:GetObject', '*', {
          grants: [{ path: [], ref: { path: 'b.json', locator: '', policyId: 'other' } }],
        }),
      ],
    ],
  ] as const)('%s', (kind, before, after) => {
    expect(compareEntitlements(before, after).map((change) => change.kind)).toEqual([kind]);
  });

  test('the same permissions in any order are no drift, and drift read backwards is its opposite', () => {
    const entitlement = fc
      .tuple(
        fc.constantFrom('s3:*', 's3:Get*', 's3:GetObject', 'iam:*'),
        fc.constantFrom('*', 'a*', 'ab', 'b*'),
      )
      .map(([action, resource]) => held(action, resource));
    const set = fc.uniqueArray(entitlement, { selector: ({ key }) => key });
    fc.assert(
      fc.property(set, set, (before, after) => {
        expect(compareEntitlements(before, before.toReversed())).toEqual([]);
        const forward = compareEntitlements(before, after);
        const backward = compareEntitlements(after, before);
        const gains = (changes: typeof forward, kind: string) =>
          changes.filter((change) => change.kind === kind).length > 0;
        expect(gains(forward, 'gained')).toBe(gains(backward, 'lost'));
      }),
    );
  });
});

describe('containment of patterns', () => {
  test.each([
    ['*', 'anything*', true],
    ['s3:Get*', 's3:GetObject*', true],
    ['s3:Get*', 's3:G*', false],
    ['a?c', 'abc', true],
    ['a?c', 'a*c', false],
    ['a*c', 'a?c', true],
    ['*a*', 'xa', true],
    ['', '', true],
  ])('%s holds %s: %s', (outer, inner, expected) => expect(contains(outer, inner)).toBe(expected));

  test('is sound: what the inner pattern matches, the outer matches', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 });
    fc.assert(
      fc.property(
        pattern,
        pattern,
        fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 }),
        (outer, inner, text) => {
          expect(contains(outer, inner) && regex(inner).test(text) && !regex(outer).test(text)).toBe(false);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

function regex(glob: string): RegExp {
  return new RegExp(`^${glob.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`);
}
