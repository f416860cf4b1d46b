import { describe, expect, test } from 'vitest';
import { cerbos } from '#shared/policy/cerbos/index.ts';
import { readAnswers } from '#shared/policy/cerbos/program-trace.ts';
import { evaluated, filesSource, inline, stepsOf } from '#test/support/policy-cases.ts';

const policy = (condition: object, more = '') => `apiVersion: api.cerbos.dev/v1
resourcePolicy:
  version: default
  resource: doc
  rules:
    - name: reads
      actions: [view]
      effect: EFFECT_ALLOW
      roles: [user]
      condition: ${JSON.stringify({ match: condition })}
${more}`;
const ask = (attr: object, context: object = {}) => ({
  subject: { type: 'user', id: 'ann', properties: { roles: ['user'], attr: { level: 1 } } },
  action: { name: 'view' },
  resource: { type: 'doc', id: 'd', properties: { attr: { ...attr } } },
  context: { ...context },
});
const load = (condition: object, more?: string) =>
  cerbos.load(filesSource({ 'doc.yaml': policy(condition, more) }), {});

describe('why', () => {
  test('each part of a condition has its own result, and the step its place', async () => {
    const of = [{ expr: 'R.attr.open' }, { expr: 'P.attr.level > 2.0' }, { expr: 'R.attr.x == 1' }];
    const answer = await evaluated(await load({ all: { of } }), ask({ open: true }));
    const [step] = stepsOf(answer);
    expect(step?.tests.condition?.children?.map(({ expr, result }) => [expr, result])).toEqual([
      ['R.attr.open', 'true'],
      ['P.attr.level > 2.0', 'false'],
      ['R.attr.x == 1', 'skipped'],
    ]);
    expect([step?.ref.path, step?.ref.locator.split('-')[0], step?.ref.statementId]).toEqual([
      'doc.yaml',
      '6:7',
      'reads',
    ]);
    expect(answer.wouldAllowIf?.op).toBe('all');
  });

  test('the rung is named', async () => {
    expect((await load({ expr: 'true' })).engine.rung).toContain('our own evaluator');
  });

  test('the same question gives the same bytes', async () => {
    const answers = [];
    for (let run = 0; run < 2; run += 1)
      answers.push(JSON.stringify(await evaluated(await load({ expr: 'R.attr.open' }), ask({ open: true }))));
    expect(answers[1]).toBe(answers[0]);
  });
});

describe('what is not known', () => {
  test.each([
    ['an expression that this evaluator cannot read', { expr: '{?"a": optional.of(1)} == {"a": 1}' }],
    ['the time, where the request does not say it', { expr: 'now() > timestamp("2020-01-01T00:00:00Z")' }],
  ])('%s', async (_why, condition) => {
    expect((await evaluated(await load(condition), ask({}))).decision).toBe('indeterminate');
  });

  test('the time, where the request says it', async () => {
    const bundle = await load({ expr: 'timestamp("2020-01-01T00:00:00Z").timeSince() > duration("24h")' });
    const decisions = [];
    for (const now of ['2020-01-01T12:00:00Z', '2020-01-03T00:00:00Z'])
      decisions.push((await evaluated(bundle, ask({}, { now }))).decision);
    expect(decisions).toEqual(['deny', 'allow']);
  });

  test('does not matter where another part decides', async () => {
    const of = [{ expr: '{?"a": optional.of(1)} == {"a": 1}' }, { expr: 'R.attr.open' }];
    const bundle = await load({ all: { of } });
    expect((await evaluated(bundle, ask({ open: false }))).decision).toBe('deny');
    expect((await evaluated(bundle, ask({ open: true }))).decision).toBe('indeterminate');
  });

  test('an attribute that a log does not tell', async () => {
    const bundle = await load({ expr: 'R.attr.open' });
    const { evaluation } = await bundle.evaluate(ask({}), { complete: false });
    expect([evaluation.decision, evaluation.unknowns]).toEqual([
      'indeterminate',
      ['the request does not tell resource.attr.open'],
    ]);
    const absent = await bundle.evaluate(ask({}), { complete: false, absent: ['resource.attr.open'] });
    expect(absent.evaluation.decision).toBe('deny');
  });
});

const named = (resource: string, condition: string | null, name = 'n', effect = 'EFFECT_ALLOW') => ({
  resource,
  actions: [
    {
      action: 'view',
      effect,
      name,
      ...(condition === null ? {} : { condition: { match: { expr: condition } } }),
    },
  ],
});
const decisionOf = async (rules: object[], attr: object) => {
  const document = {
    apiVersion: 'api.cerbos.dev/v1',
    principalPolicy: { principal: 'ann', version: 'default', rules },
  };
  const answer = await evaluated(
    await cerbos.load(filesSource({ 'ann.json': JSON.stringify(document) }), {}),
    ask(attr),
  );
  return [answer.decision, answer.unknowns.length];
};

/**
 * The Cerbos program (0.55) evaluates one of them, which differs from run to run, and takes its result for all; seen
 * with principal and role policies, of every effect.
 */
describe('rules of one name that apply together', () => {
  const [a, b] = ['R.attr.a == true', 'R.attr.b == true'];

  test('the decision is open where their results differ', async () => {
    const rules = [named('doc', a), named('*', b)];
    expect(await decisionOf(rules, { a: false, b: true })).toEqual(['indeterminate', 1]);
    expect(await decisionOf(rules, { a: true, b: false })).toEqual(['indeterminate', 1]);
    expect(await decisionOf(rules, { a: true, b: true })).toEqual(['allow', 0]);
    expect(await decisionOf(rules, { a: false, b: false })).toEqual(['deny', 0]);
  });

  test('a rule without a condition is one of them', async () => {
    const rules = [named('doc', null), named('*', b)];
    expect(await decisionOf(rules, { b: false })).toEqual(['indeterminate', 1]);
    expect(await decisionOf(rules, { b: true })).toEqual(['allow', 0]);
  });

  test('a denial and an allowance stand or fall together', async () => {
    const rules = [named('doc', a, 'n', 'EFFECT_DENY'), named('*', b)];
    expect(await decisionOf(rules, { a: false, b: true })).toEqual(['deny', 0]);
  });

  test('names or resources that differ are apart', async () => {
    expect(await decisionOf([named('doc', a), named('*', b, 'm')], { b: true })).toEqual(['allow', 0]);
    expect(await decisionOf([named('doc', a), named('image', b)], { a: true })).toEqual(['allow', 0]);
  });
});

describe('what Cerbos refuses', () => {
  test.each([
    ['an unknown variable', policy({ expr: 'V.nothing' }), 'undefined variable nothing'],
    [
      'a derived role that is not there',
      policy({ expr: 'true' }).replace('roles: [user]', 'derivedRoles: [boss]'),
      'there is no derived role boss',
    ],
    [
      'a scope without its parent',
      policy({ expr: 'true' }).replace('resource: doc', 'resource: doc\n  scope: acme'),
      'resource.doc.vdefault/acme needs a policy in scope ""',
    ],
  ])('%s', async (_why, text, message) => {
    const bundle = await cerbos.load(filesSource({ 'doc.yaml': text }), {});
    expect(bundle.problems.map((problem) => problem.message)).toEqual([message]);
  });

  test('a broken file leaves every decision open, a broken policy its own', async () => {
    const good = policy({ expr: 'true' });
    const other = policy({ expr: 'V.nothing' }).replace('resource: doc', 'resource: other');
    const withOther = await cerbos.load(filesSource({ 'a.yaml': good, 'b.yaml': other }), {});
    expect((await evaluated(withOther, ask({}))).decision).toBe('allow');
    const broken = await cerbos.load(filesSource({ 'a.yaml': good, 'b.yaml': 'a: [' }), {});
    expect(broken.problems.map(({ path, locator }) => [path, locator !== ''])).toEqual([['b.yaml', true]]);
    expect((await evaluated(broken, ask({}))).decision).toBe('indeterminate');
  });
});

test('policies may be given in place, and outputs come with the answer', async () => {
  const text = policy({ expr: 'true' }, '      output: {when: {ruleActivated: \'"seen " + R.id\'}}\n');
  const bundle = await cerbos.load(inline({ system: 'cerbos', policies: [text] }), {});
  expect((await evaluated(bundle, ask({}))).result).toEqual({
    outputs: [{ src: 'resource.doc.vdefault#reads', val: 'seen d' }],
  });
});

const outputOf = (trace: object) => ({
  suites: [
    {
      testCases: [
        {
          name: 't7',
          principals: [
            {
              resources: [
                { actions: [{ name: 'view', details: { success: { effect: 'EFFECT_DENY' }, ...trace } }] },
              ],
            },
          ],
        },
      ],
    },
  ],
});

test('both forms of the trace of the Cerbos program are read alike', () => {
  const definitions = [
    { kind: 'KIND_POLICY', policy: 'cerbos.resource.doc.vdefault' },
    { kind: 'KIND_ACTION', action: 'view' },
    { kind: 'KIND_SCOPE', scope: '' },
    { kind: 'KIND_RULE', rule: 'reads' },
    { kind: 'KIND_CONDITION' },
    { kind: 'KIND_EXPR', expr: 'R.attr.open' },
  ];
  const skipped = { status: 'STATUS_SKIPPED', message: 'Condition not satisfied' };
  const entries = [
    { componentIndices: [0, 1, 2, 3, 4, 5], event: { status: 'STATUS_ACTIVATED', result: false } },
    { componentIndices: [0, 1, 2, 3], event: skipped },
  ];
  const engineTrace = entries.map(({ componentIndices, event }) => ({
    components: componentIndices.map((index) => definitions[index]!),
    event,
  }));
  const [batch, single] = [{ engineTraceBatch: { definitions, entries } }, { engineTrace }].map((trace) =>
    readAnswers(outputOf(trace)),
  );
  expect(single).toEqual(batch);
  expect(single?.get(7)?.rules.get('#reads')).toEqual({
    satisfied: false,
    condition: { op: 'leaf', expr: 'R.attr.open', result: 'false' },
    why: 'Condition not satisfied',
  });
});
