import { describe, expect, test } from 'vitest';
import type { ExternalEngine } from '#shared/domain/policy-system.ts';
import { opa } from '#shared/policy/opa/index.ts';
import { filesOf } from './support.ts';

const policy = 'package authz\n\ndefault allow := false\n\nallow if {\n\tinput.user == "alice"\n}\n';
const request = {
  subject: { type: 'user', id: 'alice' },
  action: { name: 'authz/allow' },
  resource: { type: 'r', id: '1' },
  context: { user: 'bob' },
};

/** Stands for the user's program: what `opa eval --format json --explain full` prints, and how it was called. */
function program(stdout: string): ExternalEngine & { calls: { paths: string[]; args: readonly string[] }[] } {
  const calls: { paths: string[]; args: readonly string[] }[] = [];
  return {
    version: '1.21.0',
    calls,
    run: (files, args) => {
      calls.push({ paths: files.map(({ path }) => path), args });
      return Promise.resolve({ exitCode: 0, stdout, stderr: '' });
    },
  };
}

const event = (op: string, type: string, row: number, query: number): object => ({
  op,
  type,
  query_id: query,
  parent_id: 0,
  location: { file: 'bundle/p.rego', row, col: 1 },
});

describe("the user's own opa", () => {
  test('is asked with the bundle and the input, and its explanation becomes the trace', async () => {
    const engine = program(
      JSON.stringify({
        result: [{ expressions: [{ value: false, text: 'data.authz.allow' }] }],
        explanation: [
          event('enter', 'rule', 5, 1),
          event('fail', 'expr', 6, 1),
          event('enter', 'rule', 3, 2),
          event('exit', 'rule', 3, 2),
        ],
      }),
    );
    const bundle = await opa.load({ kind: 'files', files: filesOf({ 'p.rego': policy }) }, { opa: engine });
    const { evaluation, engine: asked } = await bundle.evaluate(request, { complete: true });
    expect(asked).toMatchObject({ name: 'opa', version: '1.21.0', mode: 'external' });
    expect(evaluation).toMatchObject({
      decision: 'deny',
      result: false,
      completeness: 'full',
      determining: ['data.authz.allow (p.rego:3)'],
    });
    expect(evaluation.layers[0]?.steps).toMatchObject([
      { matched: false, tests: { condition: { expr: 'input.user == "alice"', result: 'false' } } },
      { matched: true, ref: { locator: '3:1' } },
    ]);
    expect(engine.calls[0]?.paths).toEqual(['bundle/p.rego', 'input.json']);
    expect(engine.calls[0]?.args.at(-1)).toBe('data.authz.allow');
  });

  test('an error of its is no decision', async () => {
    const engine = program(
      JSON.stringify({ errors: [{ message: 'divide by zero', code: 'eval_builtin_error' }] }),
    );
    const bundle = await opa.load({ kind: 'files', files: filesOf({ 'p.rego': policy }) }, { opa: engine });
    const { evaluation } = await bundle.evaluate(request, { complete: true });
    expect(evaluation.decision).toBe('indeterminate');
    expect(evaluation.errors[0]?.message).toBe('eval_builtin_error: divide by zero');
  });

  test('where it says nothing of use, the next rung answers and says why', async () => {
    const bundle = await opa.load(
      { kind: 'files', files: filesOf({ 'p.rego': policy }) },
      { opa: program('no JSON') },
    );
    const { evaluation, engine } = await bundle.evaluate(request, { complete: true });
    expect(engine?.rung).toMatch(/^4/);
    expect(evaluation.decision).toBe('deny');
    expect(evaluation.assumptions.join()).toContain('opa gave no answer');
  });
});

describe('WebAssembly of a bundle', () => {
  test('that cannot be loaded is told, and the sources answer', async () => {
    const files = filesOf({ 'p.rego': policy, 'policy.wasm': 'no module' });
    const bundle = await opa.load({ kind: 'files', files }, {});
    expect(bundle.problems.map(({ path, message }) => `${path}: ${message}`).join()).toContain(
      'policy.wasm: the module cannot be loaded',
    );
    const { evaluation, engine } = await bundle.evaluate(request, { complete: true });
    expect([engine?.rung?.[0], evaluation.decision]).toEqual(['4', 'deny']);
  });

  test('alone and broken it gives no decision', async () => {
    const bundle = await opa.load({ kind: 'files', files: filesOf({ 'policy.wasm': 'no module' }) }, {});
    const { evaluation, engine } = await bundle.evaluate(request, { complete: true });
    expect([engine?.rung?.[0], evaluation.decision]).toEqual(['5', 'indeterminate']);
  });
});
