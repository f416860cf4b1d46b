import { describe, expect, test } from 'vitest';
import { cerbos } from '#shared/policy/cerbos/index.ts';
import { evaluated, filesSource } from '#test/support/policy-cases.ts';

const head = 'apiVersion: api.cerbos.dev/v1\nresourcePolicy:\n  resource: doc\n  version: default\n';
const rules = '  rules:\n    - actions: ["view"]\n      effect: EFFECT_ALLOW\n      roles: ["*"]\n';
const request = {
  subject: { type: 'user', id: 'ann', properties: { roles: ['employee'] } },
  action: { name: 'view' },
  resource: { type: 'doc', id: '1' },
};
const decide = async (files: Record<string, string>) => {
  const bundle = await cerbos.load(filesSource(files), {});
  return { decision: (await evaluated(bundle, request)).decision, problems: bundle.problems.length };
};

/** Each of these the Cerbos program refuses, so that no decision can be told. */
const refused: readonly (readonly [why: string, policy: string])[] = [
  ['rules that are an object', `${head}  rules: {a: 1}\n`],
  ['rules that are a text', `${head}  rules: abc\n`],
  ['a rule that is a text', `${head}  rules: [abc]\n`],
  ['rules that are null', `${head}  rules:\n`],
  ['actions that are no list', `${head}${rules.replace('["view"]', 'view')}`],
  ['no actions', `${head}${rules.replace('["view"]', '[]')}`],
  ['no roles', `${head}${rules.replace('["*"]', '[]')}`],
  ['an effect that there is not', `${head}${rules.replace('EFFECT_ALLOW', 'ALLOW')}`],
  ['an unknown field', `${head}${rules}  foo: 1\n`],
  ['no version', `${head.replace('  version: default\n', '')}${rules}`],
  ['another API', `${head.replace('/v1', '/v9')}${rules}`],
  ['a policy that is a list', 'apiVersion: api.cerbos.dev/v1\nresourcePolicy: []\n'],
  ['two policies in one', `${head}${rules}derivedRoles: {name: d, definitions: []}\n`],
  ['an alias in what it stands for', `${head}  rules: &a\n    - *a\n`],
  ['an alias far from any rule', `${head}${rules}metadata: &m\n  annotations: *m\n`],
  ['a condition with two parts', `${head}${rules}      condition: {match: {expr: "true", any: {of: []}}}\n`],
  ['an empty condition', `${head}${rules}      condition: {}\n`],
  ['two documents', `${head}${rules}---\n${head.replace('doc', 'other')}`],
  ['two rules of one name', `${head}${rules}      name: a\n${rules.slice(9)}      name: a\n`],
  ['types that do not fit', `${head}${rules}      condition: {match: {expr: R.id == 1}}\n`],
  [
    'types that do not fit, in a variable that nothing reads',
    `${head}${rules}  variables: {local: {a: R.id + 1}}\n`,
  ],
  [
    'variables in a circle',
    `${head}${rules}      condition: {match: {expr: V.a == 1}}\n  variables: {local: {a: V.b, b: V.a}}\n`,
  ],
];

describe('a policy that Cerbos refuses', () => {
  test.each(refused)('%s', async (_why, policy) => {
    const { decision, problems } = await decide({ 'doc.yaml': policy });
    expect(decision).toBe('indeterminate');
    expect(problems).toBeGreaterThan(0);
  });
});

describe('what Cerbos reads all the same', () => {
  test.each([
    ['fields in snake case', `${head}${rules}  import_derived_roles: []\n`],
    ['a version that is a number', `${head.replace('default', '1')}${rules}`, 'deny'],
    ['an effect by its number', `${head}${rules.replace('EFFECT_ALLOW', '1')}`],
    ['an alias', `${head}${rules.replace('["view"]', '&l ["*"]').replace('roles: ["*"]', 'roles: *l')}`],
    ['a pattern of roles', `${head}${rules.replace('["*"]', '["emp*"]')}`],
    ['a disabled policy', `${head}${rules}disabled: true\n`, 'deny'],
  ])('%s', async (_why, policy, decision = 'allow') => {
    const other = head.replace('doc', 'other');
    expect(await decide({ 'doc.yaml': policy, 'other.yaml': other })).toEqual({ decision, problems: 0 });
  });

  test('a pattern among the parents of a derived role', async () => {
    const derived =
      'apiVersion: api.cerbos.dev/v1\nderivedRoles:\n  name: dr\n  definitions: [{name: own, parentRoles: ["emp*"]}]\n';
    const policy = `${head}  importDerivedRoles: [dr]\n${rules.replace('roles: ["*"]', 'derivedRoles: [own]')}`;
    expect(await decide({ 'roles.yaml': derived, 'doc.yaml': policy })).toEqual({
      decision: 'allow',
      problems: 0,
    });
  });

  test('a role policy without rules takes nothing away', async () => {
    const role = 'apiVersion: api.cerbos.dev/v1\nrolePolicy:\n  role: employee\n';
    expect(await decide({ 'role.yaml': role, 'doc.yaml': `${head}${rules}` })).toEqual({
      decision: 'allow',
      problems: 0,
    });
  });

  test('rules of one name for different resources in a principal policy', async () => {
    const principal = [
      'apiVersion: api.cerbos.dev/v1',
      'principalPolicy:',
      '  principal: ann',
      '  version: default',
      '  rules:',
      '    - resource: image',
      '      actions: [{name: r, action: view, effect: EFFECT_ALLOW, condition: {match: {expr: "1 == 2"}}}]',
      '    - resource: doc',
      '      actions: [{name: r, action: view, effect: EFFECT_DENY, condition: {match: {expr: "1 == 1"}}}]',
    ].join('\n');
    expect(await decide({ 'ann.yaml': principal, 'doc.yaml': `${head}${rules}` })).toEqual({
      decision: 'deny',
      problems: 0,
    });
  });
});
