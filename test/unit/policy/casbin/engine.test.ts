import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newEnforcer } from 'casbin';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { casbin } from '#shared/policy/casbin/index.ts';
import { evaluated, filesSource, inline, stepsOf } from '#test/support/policy-cases.ts';

/** Casbin's own example models, judged beside Casbin called directly. */
const examples = join(dirname(fileURLToPath(import.meta.resolve('casbin/package.json'))), 'examples');
const pairs = [
  ['basic_model', 'basic_policy'],
  ['basic_with_root_model', 'basic_policy'],
  ['basic_without_resources_model', 'basic_without_resources_policy'],
  ['basic_without_users_model', 'basic_without_users_policy'],
  ['rbac_model', 'rbac_with_hierarchy_policy'],
  ['rbac_with_deny_model', 'rbac_with_deny_policy'],
  ['rbac_with_not_deny_model', 'rbac_with_deny_policy'],
  ['rbac_with_domains_model', 'rbac_with_domains_policy'],
  ['rbac_with_hierarchical_domains_model', 'rbac_with_hierarchical_domains_policy'],
  ['rbac_with_resource_roles_model', 'rbac_with_resource_roles_policy'],
  ['keymatch_model', 'keymatch_policy'],
  ['keymatch2_model', 'keymatch2_policy'],
  ['glob_model', 'glob_policy'],
  ['ipmatch_model', 'ipmatch_policy'],
  ['priority_model', 'priority_policy'],
  ['priority_model', 'priority_indeterminate_policy'],
  ['priority_model_explicit', 'priority_policy_explicit'],
  ['subject_priority_model', 'subject_priority_policy'],
  ['subject_priority_model_with_domain', 'subject_priority_policy_with_domain'],
] as const;
const read = (name: string) => readFileSync(join(examples, name), 'utf8');

test.each(pairs)('%s with %s: decision and reason are those of Casbin', async (model, policy) => {
  const bundle = await casbin.load(
    filesSource({ 'model.conf': read(`${model}.conf`), 'policy.csv': read(`${policy}.csv`) }),
    {},
  );
  const direct = await newEnforcer(join(examples, `${model}.conf`), join(examples, `${policy}.csv`));
  const definition = direct
    .getModel()
    .model.get('r')!
    .get('r')!
    .tokens.map((token) => token.slice(2));
  const words = [...read(`${policy}.csv`).matchAll(/[^,\s"]+/g)].map(([word]) => word);
  const word = fc.constantFrom(...words, 'nobody', 'root', '/alice_data/x', '192.168.2.1', 'GET');
  await fc.assert(
    fc.asyncProperty(fc.tuple(word, word, word, word), async ([sub, obj, act, dom]) => {
      const values: Readonly<Record<string, string>> = { sub, obj, act, dom };
      const answer = await evaluated(bundle, {
        subject: { type: 'user', id: sub },
        resource: { type: 'object', id: obj },
        action: { name: act },
        context: { domain: dom },
      });
      const own = await direct.enforceEx(...definition.map((name) => values[name])).catch(() => null);
      const [allowed, line] = own ?? [null, []];
      const decision = allowed === null ? 'indeterminate' : allowed ? 'allow' : 'deny';
      const determining = line.length === 0 ? [] : [`p, ${line.join(', ')}`];
      expect([answer.decision, answer.determining]).toEqual([decision, determining]);
      for (const { matched, tests } of stepsOf(answer))
        expect(tests.condition?.result === 'true').toBe(matched);
    }),
    { numRuns: 40 },
  );
});

const model = `[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act, eft
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act
`;
const ask = (sub: string, obj: string, act: string) => ({
  subject: { type: 'user', id: sub },
  resource: { type: 'object', id: obj },
  action: { name: act },
});

const decide = async (policy: readonly string[]) => {
  const bundle = await casbin.load(
    inline({ system: 'casbin', model, policy: [...policy, 'g, ann, team'] }),
    {},
  );
  return (await evaluated(bundle, ask('ann', 'x', 'read'))).decision;
};

const policy = 'p, ann, x, read, allow\n# comment\np, team, y, write, allow\ng, ann, crew\ng, crew, team\n';
const load = (text: string) => casbin.load(filesSource({ 'model.conf': model, 'policy.csv': text }), {});

describe('invariants', () => {
  const line = fc
    .tuple(fc.constantFrom('ann', 'team'), fc.constantFrom('x', 'y'), fc.constantFrom('read', 'write'))
    .chain((values) => fc.constantFrom('allow', 'deny').map((eft) => `p, ${[...values, eft].join(', ')}`));
  const lines = fc.array(line, { maxLength: 6 });

  test('under deny-override the order of lines does not change the decision', async () => {
    await fc.assert(
      fc.asyncProperty(lines, async (policy) => {
        expect(await decide(policy.toReversed())).toBe(await decide(policy));
      }),
      { numRuns: 50 },
    );
  });

  test('under deny-override one more deny never turns a denial into an allowance', async () => {
    await fc.assert(
      fc.asyncProperty(lines, line, async (policy, more) => {
        const after = await decide([...policy, more.replace(/\w+$/, 'deny')]);
        expect([await decide(policy), after]).not.toEqual(['deny', 'allow']);
      }),
      { numRuns: 50 },
    );
  });
});

describe('why', () => {
  test('each line tells which of its parts did not fit, and the chain of roles that did', async () => {
    const answer = await evaluated(await load(policy), ask('ann', 'y', 'read'));
    const steps = stepsOf(answer).map(({ ref, tests, via }) => [
      `${ref.path}:${ref.locator}`,
      tests.subject?.result,
      tests.resource?.result,
      tests.action?.result,
      via?.map(({ from, to, ref: edge }) => `${from} → ${to} (${edge?.locator})`),
    ]);
    expect(steps).toEqual([
      ['policy.csv:1:1-1:23', 'match', 'no-match', 'match', undefined],
      [
        'policy.csv:3:1-3:25',
        'match',
        'match',
        'no-match',
        ['ann → crew (4:1-4:13)', 'crew → team (5:1-5:14)'],
      ],
    ]);
    expect(
      answer.wouldAllowIf?.children?.map(({ expr, expected, actual }) => [expr, expected, actual]),
    ).toEqual([
      ['r.obj == p.obj', 'x', 'y'],
      ['r.act == p.act', 'write', 'read'],
    ]);
  });

  test('who can', async () => {
    const answers = [...((await load(policy)).who?.({ action: 'write', resource: 'y', context: {} }) ?? [])];
    expect(answers.map(({ subject, path }) => [subject.id, path.length])).toEqual([
      ['ann', 2],
      ['team', 0],
      ['crew', 1],
    ]);
  });

  test('lines that do not fit the model are told with their place', async () => {
    const { problems } = await load('p, ann, x\ng, ann\nq, ann, x, read\np, ann, x, read, allow, more\n');
    expect(problems.map(({ severity, locator, message }) => [severity, locator, message])).toEqual([
      ['error', '1:1-1:10', '2 values where the policy definition of p has 4'],
      ['error', '2:1-2:7', '1 values where the role definition of g has 2'],
      ['warning', '3:1-3:16', 'not used: the model does not define q'],
      ['warning', '4:1-4:29', '5 values where the policy definition of p has 4'],
    ]);
  });

  test('lines that do not fit the model make no decision, but for a line without its effect', async () => {
    for (const [line, decision] of [
      ['p, ann, x', 'indeterminate'],
      ['p, ann, x, read, allow, more', 'indeterminate'],
      ['p, eve, "x, read, deny', 'indeterminate'],
      ['p, ann, y, read', 'allow'],
    ]) {
      const bundle = await load(`p, ann, x, read, allow\n${line}\n`);
      const request = { subject: { type: 'user', id: 'ann' }, action: { name: 'read' } };
      const answer = await evaluated(bundle, { ...request, resource: { type: 'object', id: 'x' } });
      expect([line, answer.decision]).toEqual([line, decision]);
    }
  });

  test('a function that only the program has makes no decision', async () => {
    const bundle = await casbin.load(
      inline({ model: model.replace('r.act == p.act', 'mine(r.act)'), policy: 'p, ann, x, read, allow' }),
      {},
    );
    expect(bundle.problems.map(({ message }) => message)).toEqual([
      'the matcher m calls mine, which only the program that uses the model defines',
    ]);
    expect((await evaluated(bundle, ask('ann', 'x', 'read'))).decision).toBe('indeterminate');
  });

  test('a bundle without a model decides nothing', async () => {
    const bundle = await casbin.load(filesSource({ 'policy.csv': policy }), {});
    expect((await evaluated(bundle, ask('ann', 'x', 'read'))).decision).toBe('indeterminate');
  });

  test('an attribute that a log does not tell leaves the decision open', async () => {
    const rules = {
      model: model.replace('r.act == p.act', 'r.sub.Age > 18'),
      policy: 'p, ann, x, read, allow',
    };
    const bundle = await casbin.load(inline(rules), {});
    const { evaluation } = await bundle.evaluate(ask('ann', 'x', 'read'), { complete: false });
    expect([evaluation.decision, evaluation.unknowns]).toEqual(['indeterminate', ['sub.Age']]);
  });

  test('roles may match by pattern where the bundle says so', async () => {
    const bundle = await casbin.load(
      filesSource({
        'rbac_with_pattern_model.conf': read('rbac_with_pattern_model.conf'),
        'rbac_with_pattern_policy.csv': read('rbac_with_pattern_policy.csv'),
        'casbin.json': '{"matchingFunctions": {"g2": "keyMatch2"}}',
      }),
      {},
    );
    // As in Casbin's own test of this model with keyMatch2.
    const decisions = [];
    for (const [sub, obj] of [
      ['alice', '/book/1'],
      ['alice', '/book/2'],
      ['alice', '/pen/1'],
      ['bob', '/pen/1'],
      ['bob', '/book/1'],
    ] as const)
      decisions.push((await evaluated(bundle, ask(sub, obj, 'GET'))).decision);
    expect(decisions).toEqual(['allow', 'allow', 'allow', 'allow', 'deny']);
  });
});

test('effective permissions of a subject, with every way in which they are held', async () => {
  const bundle = await casbin.load(
    filesSource({
      'model.conf': model,
      'policy.csv':
        'p, ann, x, read, allow\np, team, x, read, allow\np, team, y, read, allow\np, ann, y, read, deny\ng, ann, team\n',
    }),
    {},
  );
  const held = [...(bundle.entitlements?.('ann') ?? [])].map(
    ({ action, resource, grants, limitedBy, condition }) => [
      `${action.pattern} ${resource.pattern}`,
      grants.map(({ ref, path }) => [ref.policyId, path.length]),
      limitedBy.map(({ policyId }) => policyId),
      condition,
    ],
  );
  expect(held).toEqual([
    [
      'read x',
      [
        ['p, ann, x, read, allow', 0],
        ['p, team, x, read, allow', 1],
      ],
      [],
      null,
    ],
    ['read y', [['p, team, y, read, allow', 1]], ['p, ann, y, read, deny'], null],
  ]);
});
