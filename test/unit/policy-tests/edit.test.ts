import { describe, expect, test } from 'vitest';
import { emptyTests, withChecks, withTests } from '#shared/policy-tests/add.ts';
import { offerChecks } from '#shared/policy-tests/offer.ts';
import { parsePolicyTests, readPolicyTests } from '#shared/policy-tests/parse.ts';

const request = {
  subject: { type: 'user', id: 'jane' },
  action: { name: 'get' },
  resource: { type: 'pods', id: '', properties: { namespace: 'shop' } },
};
const added = { request, expected: { decision: 'allow' }, note: 'yes: "no"' } as const;

function textOf(result: ReturnType<typeof withTests>): string {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe('a test that is written down', () => {
  test.each([
    ['a file to begin with', emptyTests],
    ['an empty file', ''],
    [
      'a file with comments',
      '# why\ntests:\n  # first\n  - { request: { action: { name: a } }, expect: deny } # here\n',
    ],
    ['a plain list', '- { request: {}, expect: deny }\n'],
    ['a file without a list', 'defaults: {}\n'],
    ['JSON', '{ "tests": [] }'],
  ])('stands last in %s, whose comments stay', (_name, text) => {
    const before = readPolicyTests(text).file.tests.length;
    const now = textOf(withTests(text, [added]));
    const { file, problems } = readPolicyTests(now);
    expect(problems).toEqual([]);
    expect(file.tests).toHaveLength(before + 1);
    expect(file.tests.at(-1)).toMatchObject({ request, expected: { decision: 'allow' }, note: 'yes: "no"' });
    for (const [comment] of text.matchAll(/# \w+$/gm)) expect(now).toContain(comment);
  });

  test('is refused where the file cannot be read', () => {
    expect(withTests('tests: [', [added])).toMatchObject({ ok: false, error: { kind: 'unusable' } });
    expect(withTests('tests: 7', [added])).toMatchObject({ ok: false, error: { kind: 'unusable' } });
  });
});

test('everything that is wrong is told with its line and column', () => {
  const text = [
    'checks: { scopes: 1 }',
    'tests:',
    '  - request: 7',
    '  - { request: {}, expect: maybe }',
    '  - { request: {}, expect: allow }',
  ].join('\n');
  const { file, problems } = readPolicyTests(text);
  expect(problems.map(({ line, column }) => [line, column])).toEqual([
    [1, 9],
    [3, 5],
    [4, 5],
  ]);
  expect(file.tests.map(({ line }) => line)).toEqual([5]);
  // Whoever wants the file whole gets the first of them.
  expect(parsePolicyTests(text)).toMatchObject({ ok: false, error: { details: { line: 1 } } });
  expect(readPolicyTests('tests: [\n').problems[0]).toMatchObject({ line: 2 });
});

describe('checks that are offered', () => {
  const denied = { ...request, context: { mfa: true } };
  const text = textOf(
    withTests('', [added, { request: denied, expected: { decision: 'deny' }, note: null }]),
  );

  test('are those of each kind that the file has not switched on', () => {
    const offers = offerChecks(readPolicyTests(text).file);
    expect(offers.map(({ kind, scope, checks }) => [kind, scope, checks.length])).toEqual([
      ['deny-by-default', null, 1],
      ['scope-boundary', 'resource.properties.namespace', 1],
      ['exception-path', null, 2],
    ]);
    const on = textOf(withChecks(text, { denyByDefault: true, scopes: [], exceptionPaths: true }));
    expect(offerChecks(readPolicyTests(on).file).map(({ kind }) => kind)).toEqual(['scope-boundary']);
  });

  test('are not offered again once they are written down', () => {
    const [first] = offerChecks(readPolicyTests(text).file);
    const now = textOf(withTests(text, first!.checks));
    expect(offerChecks(readPolicyTests(now).file).map(({ kind }) => kind)).not.toContain('deny-by-default');
  });
});
