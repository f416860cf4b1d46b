import { expect, test } from 'vitest';
import { cedar } from '#shared/policy/cedar/index.ts';
import { evaluated, filesSource } from '#test/support/policy-cases.ts';

/** Conditions that the engine's stack is too small for. */
const conditions: readonly (readonly [name: string, text: string])[] = [
  ['brackets', `${'('.repeat(400)}true${')'.repeat(400)}`],
  ['lists', `${'['.repeat(400)}${']'.repeat(400)} == []`],
  ['records', `${'{a:'.repeat(400)}1${'}'.repeat(400)} == {}`],
  ['attributes', `context${'.a'.repeat(2000)}`],
  ['calls', `context${'.contains(1)'.repeat(2000)}`],
  ['sums', `${'1 + '.repeat(2000)}1 == 1`],
  ['choices', `${'if true then true else '.repeat(2000)}true`],
  ['conjunctions', `${'true && '.repeat(20_000)}true`],
  ['negations', `${'!'.repeat(2000)}true`],
];
const request = {
  subject: { type: 'User', id: 'ann' },
  action: { name: 'view' },
  resource: { type: 'Photo', id: 'p' },
};
const simple = 'permit(principal, action, resource);';

test.each(conditions)(
  '%s without end are a problem of their own, and the engine lives',
  async (_name, text) => {
    const deep = `${simple}\npermit(principal == User::"eve", action, resource) when { ${text} };`;
    const bundle = await cedar.load(filesSource({ 'a.cedar': deep }), {});
    expect(
      bundle.problems.map(({ severity, path, locator }) => [severity, path, locator.split(':')[0]]),
    ).toEqual([['error', 'a.cedar', '2']]);
    const after = await cedar.load(filesSource({ 'a.cedar': simple }), {});
    expect(after.problems).toEqual([]);
    expect((await evaluated(after, request)).decision).toBe('allow');
  },
);

test('long conditions are read', async () => {
  const text = `permit(principal, action, resource) when { ${'context.a.b.c == 1 && '.repeat(200)}true };`;
  const bundle = await cedar.load(filesSource({ 'a.cedar': text }), {});
  expect(bundle.problems).toEqual([]);
  const answer = await evaluated(bundle, { ...request, context: { a: { b: { c: 1 } } } });
  expect(answer.decision).toBe('allow');
});

// The Cedar command line answers nothing about a set of which it cannot read a part.
test.each<[string, Record<string, string>]>([
  ['entities that are no JSON', { 'entities.json': '[{"uid":' }],
  [
    'an entity without a readable uid',
    { 'entities.json': '[{"uid":"User::\\"ann\\"","attrs":{},"parents":[]}]' },
  ],
  [
    'an entity that is there twice and differs',
    {
      'entities.json': JSON.stringify(
        [[], [{ type: 'Group', id: 'g' }]].map((parents) => ({
          uid: { type: 'User', id: 'ann' },
          attrs: {},
          parents,
        })),
      ),
    },
  ],
  ['a schema that is none', { 'a.cedarschema': 'entity User entity' }],
])('%s: no decision, and the place is named', async (_name, files) => {
  const unless = 'permit(principal, action, resource) unless { principal in Group::"g" };';
  const bundle = await cedar.load(filesSource({ 'a.cedar': unless, ...files }), {});
  const answer = await evaluated(bundle, request);
  expect(answer.decision).toBe('indeterminate');
  expect(bundle.problems.map(({ severity, path }) => [severity, path])).toEqual([
    ['error', Object.keys(files)[0]],
  ]);
});
