import { describe, expect, test } from 'vitest';
import { cedar } from '#shared/policy/cedar/index.ts';
import { evaluated, filesSource, inline, stepsOf } from '#test/support/policy-cases.ts';

const view = (subject: string, context = {}) => ({
  subject: { type: 'User', id: subject },
  action: { name: 'view' },
  resource: { type: 'Photo', id: 'p' },
  context,
});
const load = (files: Record<string, string>) => cedar.load(filesSource(files), {});

describe('why', () => {
  test('each conjunct has its own result, with the values that were compared', async () => {
    const bundle = await load({
      'a.cedar':
        'permit (principal, action, resource) when { context.mfa == true && context.level > 3 && context.x };',
    });
    const answer = await evaluated(bundle, view('ann', { mfa: true, level: 2 }));
    const [step] = stepsOf(answer);
    expect(
      step?.tests.condition?.children?.map(({ expr, result, actual, expected }) => [
        expr,
        result,
        actual,
        expected,
      ]),
    ).toEqual([
      ['context.mfa == true', 'true', true, true],
      ['context.level > 3', 'false', 2, 3],
      ['context.x', 'skipped', undefined, undefined],
    ]);
    expect(answer.wouldAllowIf?.expr).toBe('context.mfa == true && context.level > 3 && context.x');
    expect(answer.verdict).toBe(
      'Denied: the one policy that permits is not satisfied. Only a condition fails in policy0.',
    );
  });

  test('a membership shows its chain', async () => {
    const entities = [
      { uid: { type: 'User', id: 'ann' }, attrs: {}, parents: [{ type: 'Team', id: 'red' }] },
      { uid: { type: 'Team', id: 'red' }, attrs: {}, parents: [{ type: 'Team', id: 'all' }] },
    ];
    const bundle = await load({
      'a.cedar': 'permit (principal in Team::"all", action, resource);',
      'entities.json': JSON.stringify(entities),
    });
    const [step] = stepsOf(await evaluated(bundle, view('ann')));
    expect(step?.via?.map(({ from, to, kind }) => [from, to, kind])).toEqual([
      ['User::"ann"', 'Team::"red"', 'member-of'],
      ['Team::"red"', 'Team::"all"', 'member-of'],
    ]);
    const subjects = [...(bundle.who?.({ action: 'view', resource: 'Photo::"p"', context: {} }) ?? [])];
    expect(subjects.map(({ subject }) => subject.id)).toEqual(['ann', 'red']);
  });

  test('a key that the request does not tell leaves the decision open', async () => {
    const bundle = await load({ 'a.cedar': 'permit (principal, action, resource) when { context.mfa };' });
    const { evaluation } = await bundle.evaluate(view('ann'), { complete: false });
    expect([evaluation.decision, evaluation.unknowns]).toEqual(['indeterminate', ['context.mfa']]);
    const absent = await bundle.evaluate(view('ann'), { complete: false, absent: ['mfa'] });
    expect(absent.evaluation.decision).toBe('deny');
    expect([...bundle.contextKeys]).toEqual(['mfa']);
  });

  test('the same question gives the same bytes', async () => {
    const text = Array.from({ length: 12 }, () => 'permit (principal, action, resource);').join('\n');
    const [one, two] = [await load({ 'a.cedar': text }), await load({ 'a.cedar': text })];
    const answers = [one, two, one].map((bundle) => evaluated(bundle, view('ann')));
    const [first, ...others] = (await Promise.all(answers)).map((answer) => JSON.stringify(answer));
    expect(others).toEqual([first, first]);
    expect(JSON.parse(first!).determining).toEqual(
      Array.from({ length: 12 }, (_, index) => `policy${index}`),
    );
  });
});

describe('names and places', () => {
  test('names count on over the files in the order of their paths, the annotation stands beside', async () => {
    const bundle = await load({
      'b.cedar': '@id("last") permit (principal == User::"bea", action, resource);',
      'a.cedar': '// "é"; a comment\npermit (principal == User::"ann", action, resource);',
    });
    const places = [];
    for (const subject of ['ann', 'bea']) {
      const answer = await evaluated(bundle, view(subject));
      const step = stepsOf(answer).find(({ id }) => answer.determiningSteps.includes(id));
      places.push([step?.ref.policyId, step?.ref.path, step?.ref.locator, step?.ref.statementId]);
    }
    expect(places).toEqual([
      ['policy0', 'a.cedar', '2:1-2:53', undefined],
      ['policy1', 'b.cedar', '1:1-1:65', 'last'],
    ]);
  });

  test('the place of an error is counted in characters, though Cedar counts bytes', async () => {
    const bundle = await load({
      'a.cedar': 'permit (principal, action, resource)\nwhen { "ééé" == foo(1) };',
    });
    expect(bundle.problems.map(({ path, locator }) => [path, locator])).toEqual([['a.cedar', '2:17']]);
  });
});

describe('what cannot be used', () => {
  const good = 'permit (principal == User::"ann", action, resource);';
  test.each([
    [
      'a broken forbid could deny what is allowed',
      `${good} forbid (principal, action);`,
      'ann',
      'indeterminate',
    ],
    ['a broken permit changes no allowance', `${good} permit (principal, action);`, 'ann', 'allow'],
    [
      'a broken permit could allow what is denied',
      `${good} permit (principal, action);`,
      'bea',
      'indeterminate',
    ],
    ['a broken forbid changes no denial', `${good} forbid (principal, action);`, 'bea', 'deny'],
  ])('%s', async (_why, text, subject, decision) => {
    const bundle = await load({ 'a.cedar': text });
    expect(bundle.problems).toHaveLength(1);
    expect((await evaluated(bundle, view(subject))).decision).toBe(decision);
  });

  test('a request that Cedar does not read is no decision', async () => {
    const bundle = await load({ 'a.cedar': good });
    const answer = await evaluated(bundle, { ...view('ann'), subject: { type: 'no type', id: 'ann' } });
    expect([answer.decision, answer.errors.length]).toEqual(['indeterminate', 1]);
  });

  test('what the schema refuses is evaluated all the same, and told', async () => {
    const bundle = await cedar.load(
      inline({
        policies: { any: 'permit (principal, action in Action::"all", resource);' },
        schema:
          'entity User; entity Photo; action all; action view in [all] appliesTo { principal: User, resource: Photo };',
      }),
      {},
    );
    const answer = await evaluated(bundle, view('ann', { surplus: 1 }));
    expect([answer.decision, answer.determining]).toEqual(['allow', ['any']]);
    expect(answer.assumptions.join()).toContain('surplus');
    expect((await evaluated(bundle, view('ann'))).assumptions).toEqual([]);
  });

  test.each([
    ['a document that says nothing of policies', {}, 'indeterminate'],
    ['a policy set that is empty', { policies: '' }, 'deny'],
    ['policies by name, in a list', { policies: [{ id: 'first', policy: good }] }, 'allow'],
    ['a policy set in its own member', { policySet: { staticPolicies: { first: good } } }, 'allow'],
  ])('%s', async (_why, document, decision) => {
    const bundle = await cedar.load(inline({ system: 'cedar', ...document }), {});
    const answer = await evaluated(bundle, view('ann'));
    expect([answer.decision, answer.determining]).toEqual([decision, decision === 'allow' ? ['first'] : []]);
  });

  test('two policies of one name are not both judged', async () => {
    const bundle = await cedar.load(
      inline({
        staticPolicies: { one: good },
        templates: { t: 'permit (principal == ?principal, action, resource);' },
        templateLinks: [
          { templateId: 't', newId: 'one', values: { '?principal': { type: 'User', id: 'bea' } } },
        ],
      }),
      {},
    );
    expect(bundle.problems.map(({ message }) => message)).toEqual(['one: the name is used twice']);
    const list = [
      { id: 'one', policy: good },
      { id: 'one', policy: good.replace('permit', 'forbid') },
    ];
    const twice = await cedar.load(inline({ system: 'cedar', policies: list }), {});
    expect((await evaluated(twice, view('ann'))).decision).toBe('indeterminate');
  });
});

test('attributes that the request brings count for its entities', async () => {
  const bundle = await load({
    'a.cedar': 'permit (principal, action, resource) when { principal.clearance >= 2 };',
    'entities.json': JSON.stringify([
      { uid: { type: 'User', id: 'ann' }, attrs: { clearance: 1 }, parents: [] },
    ]),
  });
  const subject = { type: 'User', id: 'ann', properties: { clearance: 3, nothing: null } };
  expect((await evaluated(bundle, view('ann'))).decision).toBe('deny');
  expect((await evaluated(bundle, { ...view('ann'), subject })).decision).toBe('allow');
});

test('effective permissions of a principal, with their conditions and what forbids', async () => {
  const bundle = await load({
    'a.cedar': `permit (principal in Team::"red", action == Action::"view", resource in Album::"x");
      permit (principal == User::"ann", action, resource is Photo) when { context.mfa };
      forbid (principal == User::"ann", action, resource) when { context.late };`,
    'entities.json': JSON.stringify([
      { uid: { type: 'User', id: 'ann' }, attrs: {}, parents: [{ type: 'Team', id: 'red' }] },
      { uid: { type: 'Photo', id: 'p' }, attrs: {}, parents: [{ type: 'Album', id: 'x' }] },
    ]),
  });
  const held = [...(bundle.entitlements?.('ann') ?? [])].map(
    ({ action, resource, conditionality, grants, limitedBy }) => [
      `${action.pattern} ${resource.pattern}`,
      conditionality,
      grants.map(({ ref, path }) => [ref.policyId, path.length]),
      limitedBy.map(({ policyId }) => policyId),
    ],
  );
  expect(held).toEqual([
    ['Action::"view" Album::"x"', 'always', [['policy0', 1]], ['policy2']],
    ['Action::"view" Photo::"p"', 'always', [['policy0', 1]], ['policy2']],
    ['* Photo::*', 'conditional', [['policy1', 0]], ['policy2']],
  ]);
});
