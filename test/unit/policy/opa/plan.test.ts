import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#shared/domain/json.ts';
import type { Evaluation } from '#shared/domain/trace.ts';
import { ask, filesOf } from './support.ts';

/**
 * Plans written by hand after https://www.openpolicyagent.org/docs/ir, laid out as `opa build -t plan` lays them out.
 */
class PlanText {
  readonly strings: string[] = [];
  readonly funcs: unknown[] = [];

  text(value: string): { type: 'string_index'; value: number } {
    const index = this.strings.indexOf(value);
    return { type: 'string_index', value: index === -1 ? this.strings.push(value) - 1 : index };
  }

  func(path: string[], blocks: unknown[], params = [0, 1]): void {
    this.funcs.push({
      name: `g0.data.${path.join('.')}`,
      path: ['g0', ...path],
      params,
      return: 2,
      blocks: [...blocks.map((stmts) => ({ stmts })), { stmts: [s('ReturnLocalStmt', { source: 2 })] }],
    });
  }

  /** The plan's text with one entrypoint, whose document a function gives. */
  json(path: string[]): string {
    const result = this.text('result');
    const stmts = [
      s('CallStmt', { func: `g0.data.${path.join('.')}`, args: [local(0), local(1)], result: 2 }),
      s('AssignVarStmt', { source: local(2), target: 3 }),
      s('MakeObjectStmt', { target: 4 }),
      s('ObjectInsertStmt', { key: result, value: local(3), object: 4 }),
      s('ResultSetAddStmt', { value: 4 }),
    ];
    return JSON.stringify({
      static: { strings: this.strings.map((value) => ({ value })), files: [{ value: 'policy.rego' }] },
      plans: { plans: [{ name: path.join('/'), blocks: [{ stmts }] }] },
      funcs: { funcs: this.funcs },
    });
  }
}

const local = (value: number) => ({ type: 'local', value });
const bool = (value: boolean) => ({ type: 'bool', value });
const s = (type: string, fields: object, row = 0) => ({ type, stmt: { ...fields, file: 0, row, col: 1 } });

async function evaluated(
  plan: string,
  name: string,
  input?: JsonObject,
  data: JsonObject = {},
): Promise<Evaluation> {
  const files = filesOf({ 'plan.json': plan, 'data.json': JSON.stringify(data) });
  const { evaluation, engine } = await ask(files, name, input);
  expect(engine?.rung).toMatch(/^2/);
  return evaluation;
}

/** `default allow := false`, `allow if input.user == "alice"` */
function allowPlan(): string {
  const plan = new PlanText();
  plan.func(
    ['authz', 'allow'],
    [
      [
        s('ResetLocalStmt', { target: 3 }, 5),
        s('DotStmt', { source: local(0), key: plan.text('user'), target: 4 }, 5),
        s('EqualStmt', { a: local(4), b: plan.text('alice') }, 5),
        s('AssignVarOnceStmt', { source: bool(true), target: 3 }, 5),
      ],
      [
        s('IsDefinedStmt', { source: local(3) }, 5),
        s('AssignVarOnceStmt', { source: local(3), target: 2 }, 5),
      ],
      [
        s('IsUndefinedStmt', { source: local(2) }, 3),
        s('AssignVarOnceStmt', { source: bool(false), target: 2 }, 3),
      ],
    ],
  );
  return plan.json(['authz', 'allow']);
}

/** `all if every item in input.items { item.ok == true }` */
function everyPlan(): string {
  const plan = new PlanText();
  const body = [
    s('ResetLocalStmt', { target: 6 }),
    s('BlockStmt', {
      blocks: [
        {
          stmts: [
            s('DotStmt', { source: local(5), key: plan.text('ok'), target: 7 }),
            s('EqualStmt', { a: local(7), b: bool(true) }),
            s('AssignIntStmt', { value: 1, target: 6 }),
          ],
        },
      ],
    }),
    s('IsUndefinedStmt', { source: local(6) }),
    s('AssignIntStmt', { value: 1, target: 4 }),
    s('BreakStmt', { index: 1 }),
  ];
  plan.func(
    ['t', 'all'],
    [
      [
        s('DotStmt', { source: local(0), key: plan.text('items'), target: 3 }),
        s('ResetLocalStmt', { target: 4 }),
        s('BlockStmt', {
          blocks: [{ stmts: [s('ScanStmt', { source: 3, key: 8, value: 5, block: { stmts: body } })] }],
        }),
        s('IsUndefinedStmt', { source: local(4) }),
        s('AssignVarOnceStmt', { source: bool(true), target: 2 }),
      ],
    ],
  );
  return plan.json(['t', 'all']);
}

describe('plans of OPA', () => {
  test('a rule that holds decides, with its place', async () => {
    const evaluation = await evaluated(allowPlan(), 'authz/allow', { user: 'alice' });
    expect(evaluation).toMatchObject({
      decision: 'allow',
      kind: 'explicit',
      result: true,
      determining: ['data.authz.allow (policy.rego:5)'],
    });
  });

  test('otherwise the default, with what failed', async () => {
    const evaluation = await evaluated(allowPlan(), 'authz/allow', { user: 'bob' });
    expect(evaluation).toMatchObject({
      decision: 'deny',
      kind: 'implicit',
      result: false,
      determining: ['data.authz.allow (policy.rego:3)'],
    });
    expect(evaluation.layers[0]?.steps[0]).toMatchObject({
      matched: false,
      ref: { path: 'policy.rego', locator: '5:1' },
      tests: { condition: { operator: 'EqualStmt', result: 'false' } },
    });
  });

  test('input that is not known leaves the decision open', async () => {
    const files = filesOf({ 'plan.json': allowPlan() });
    const { evaluation } = await ask(files, 'authz/allow', {}, false);
    expect(evaluation).toMatchObject({ decision: 'indeterminate', unknowns: ['input.user'] });
  });

  test('scans, sets, and undefined within an iteration', async () => {
    const plan = new PlanText();
    plan.func(
      ['t', 'names'],
      [
        [s('MakeSetStmt', { target: 2 })],
        [
          s('DotStmt', { source: local(0), key: plan.text('users'), target: 3 }, 4),
          s('ScanStmt', {
            source: 3,
            key: 4,
            value: 5,
            block: {
              stmts: [
                s('DotStmt', { source: local(5), key: plan.text('active'), target: 6 }, 5),
                s('EqualStmt', { a: local(6), b: bool(true) }, 5),
                s('DotStmt', { source: local(5), key: plan.text('name'), target: 7 }, 6),
                s('SetAddStmt', { value: local(7), set: 2 }, 6),
              ],
            },
          }),
        ],
      ],
    );
    const users = [{ name: 'b', active: true }, { name: 'c' }, { name: 'a', active: true }];
    expect((await evaluated(plan.json(['t', 'names']), 't/names', { users })).result).toEqual(['a', 'b']);
  });

  test('break leaves as many blocks as it says, as `every` is planned', async () => {
    const ok = { ok: true };
    expect((await evaluated(everyPlan(), 't/all', { items: [ok, ok] })).result).toBe(true);
    expect((await evaluated(everyPlan(), 't/all', { items: [ok, {}, ok] })).result).toBeUndefined();
    expect((await evaluated(everyPlan(), 't/all', { items: [] })).result).toBe(true);
  });

  test('not, with, dynamic calls, collections, numbers and builtins', async () => {
    const plan = new PlanText();
    plan.func(
      ['t', 'q'],
      [
        [
          s('DotStmt', { source: local(0), key: plan.text('x'), target: 3 }),
          s('MakeNumberRefStmt', { index: plan.text('1.50').value, target: 4 }),
          s('EqualStmt', { a: local(3), b: local(4) }),
          s('AssignVarOnceStmt', { source: plan.text('found'), target: 2 }),
        ],
      ],
    );
    plan.func(
      ['t', 'all'],
      [
        [
          s('NotStmt', {
            block: { stmts: [s('DotStmt', { source: local(0), key: plan.text('absent'), target: 3 })] },
          }),
          s('MakeNumberRefStmt', { index: plan.text('1.5').value, target: 4 }),
          s('WithStmt', {
            local: 0,
            path: [plan.text('x').value],
            value: local(4),
            block: {
              stmts: [
                s('CallDynamicStmt', {
                  path: [plan.text('g0'), plan.text('t'), plan.text('q')],
                  args: [local(0), local(1)],
                  result: 5,
                }),
              ],
            },
          }),
          s('NotStmt', {
            block: { stmts: [s('DotStmt', { source: local(0), key: plan.text('x'), target: 6 })] },
          }),
          s('MakeArrayStmt', { capacity: 2, target: 7 }),
          s('ArrayAppendStmt', { array: 7, value: local(5) }),
          s('MakeNullStmt', { target: 8 }),
          s('ArrayAppendStmt', { array: 7, value: local(8) }),
          s('LenStmt', { source: local(7), target: 9 }),
          s('MakeNumberIntStmt', { value: 40, target: 10 }),
          s('CallStmt', { func: 'plus', args: [local(9), local(10)], result: 11 }),
          s('MakeObjectStmt', { target: 12 }),
          s('ObjectInsertStmt', { key: plan.text('list'), value: local(7), object: 12 }),
          s('MakeObjectStmt', { target: 13 }),
          s('ObjectInsertStmt', { key: plan.text('sum'), value: local(11), object: 13 }),
          s('ObjectMergeStmt', { a: 12, b: 13, target: 14 }),
          s('IsObjectStmt', { source: local(14) }),
          s('IsArrayStmt', { source: local(7) }),
          s('NotEqualStmt', { a: local(12), b: local(13) }),
          s('AssignVarOnceStmt', { source: local(14), target: 2 }),
        ],
      ],
    );
    const { result } = await evaluated(plan.json(['t', 'all']), 't/all', {});
    expect(result).toEqual({ list: ['found', null], sum: 42 });
  });

  test('a variable that is assigned twice raises the conflict', async () => {
    const plan = new PlanText();
    plan.func(
      ['t', 'p'],
      [
        [s('AssignVarOnceStmt', { source: bool(true), target: 2 })],
        [s('AssignVarOnceStmt', { source: bool(false), target: 2 })],
      ],
    );
    const evaluation = await evaluated(plan.json(['t', 'p']), 't/p');
    expect(evaluation.decision).toBe('indeterminate');
    expect(evaluation.errors[0]?.message).toBe(
      'eval_conflict_error: rule data.t.p: produced conflicting values',
    );
  });

  test('an object key that is inserted twice raises the conflict', async () => {
    const plan = new PlanText();
    plan.func(
      ['t', 'p'],
      [
        [
          s('MakeObjectStmt', { target: 2 }),
          s('ObjectInsertOnceStmt', { key: plan.text('k'), value: bool(true), object: 2 }),
          s('ObjectInsertOnceStmt', { key: plan.text('k'), value: bool(false), object: 2 }),
        ],
      ],
    );
    const evaluation = await evaluated(plan.json(['t', 'p']), 't/p');
    expect(evaluation.errors[0]?.message).toContain('object keys must be unique');
  });

  test('what is no plan is told, and the sources answer', async () => {
    const files = filesOf({
      'plan.json': JSON.stringify({
        plans: { plans: [{ name: 'a', blocks: [{ stmts: [{ type: 'Jump' }] }] }] },
      }),
      'a.rego': 'package a\nallow if input.x\n',
    });
    const { evaluation, engine } = await ask(files, 'a/allow', { x: true });
    expect(engine?.rung).toMatch(/^4/);
    expect(evaluation.decision).toBe('allow');
  });
});
