import { expect, test } from 'vitest';
import { runEvaluation } from '#electron/policy/evaluation-run.ts';
import { threadLimits } from '#electron/policy/limits.ts';
import { type LineBlock, lineBlocks } from '#electron/policy/line-blocks.ts';
import { phases } from '#electron/policy/thread/protocol.ts';
import { lines } from '../cli/run.ts';

/** A Cerbos policy that for one resource compares all pairs of two long lists. */
const runsAway = 'lists.range(99999).all(x, lists.range(99999).all(y, x - y < 100000))';
const rule = {
  actions: ['read'],
  effect: 'EFFECT_ALLOW',
  roles: ['reader'],
  condition: { match: { expr: `R.id.startsWith("a") && (R.id != "a-stuck" || ${runsAway})` } },
};
const policy = {
  apiVersion: 'api.cerbos.dev/v1',
  resourcePolicy: { resource: 'path', version: 'default', rules: [rule] },
};
const files = { 'policy.json': JSON.stringify(policy) };
const stuck = 'a-stuck';

function request(resource: string) {
  return {
    subject: { type: 'user', id: 'alice', properties: { roles: ['reader'] } },
    action: { name: 'read' },
    resource: { type: 'path', id: resource },
  };
}

async function answersTo(
  blocks: readonly LineBlock[],
  limits = threadLimits,
): Promise<Record<string, unknown>[]> {
  let text = '';
  async function* given(): AsyncGenerator<LineBlock> {
    yield* blocks;
  }
  await runEvaluation(given(), {
    bundle: null,
    signal: new AbortController().signal,
    services: {
      read: () => Promise.reject(new Error('no files here')),
      run: () => Promise.reject(new Error('no programs here')),
      opa: null,
      cerbos: null,
    },
    emit: async (chunk) => {
      text += chunk;
    },
    limits,
    threads: 2,
  });
  return lines(text);
}

function said(answers: readonly Record<string, unknown>[]) {
  return answers.map(({ line, index, evaluation }) => {
    const { decision, errors } = evaluation as { decision: string; errors: { message: string }[] };
    return [line, index, decision, errors[0]?.message ?? null];
  });
}

function batch(...requests: object[]): string {
  return JSON.stringify({ bundle: { files }, requests });
}

function cedar(condition: string): string {
  return JSON.stringify({
    system: 'cedar',
    bundle: { policies: `permit(principal, action, resource) when { ${condition} };` },
    requests: [{ ...request('a'), context: { a: { b: { c: 1 } } } }],
  });
}

const quick = {
  ...threadLimits,
  milliseconds: { ...threadLimits.milliseconds, [phases.evaluating]: 400 },
};

test('a request that takes too long is undecided, and the others are answered in order', async () => {
  const blocks = [
    { firstLine: 1, lines: [batch(request('aa'), request(stuck), request('b')), batch(request('aaa'))] },
    { firstLine: 3, lines: [batch(request('a'))] },
  ];
  expect(said(await answersTo(blocks, quick))).toEqual([
    [1, 0, 'allow', null],
    [1, 1, 'indeterminate', 'It took more than 0.4 seconds.'],
    [1, 2, 'deny', null],
    [2, 0, 'allow', null],
    [3, 0, 'allow', null],
  ]);
});

test('an engine that breaks answers nothing, and what comes after is answered by a new one', async () => {
  // Within what is read, and more than the engine's stack takes when it evaluates it.
  const lines = [cedar('true'), cedar(`${'context.a.b.c == 1 && '.repeat(800)}true`), cedar('true')];
  const answers = said(await answersTo([{ firstLine: 1, lines }]));
  expect(answers.map(([line, , decision]) => [line, decision])).toEqual([
    [1, 'allow'],
    [2, 'indeterminate'],
    [3, 'allow'],
  ]);
  expect(answers[1]?.[3]).toContain('The evaluator ended');
});

test('what cannot be read is answered in its place', async () => {
  const good = JSON.stringify({ bundle: { files }, requests: [request('a'), { subject: 1 }] });
  const answers = await answersTo([
    {
      firstLine: 5,
      lines: [
        'no json',
        good,
        '',
        JSON.stringify({ system: 'none', bundle: { files }, requests: [request('a')] }),
        JSON.stringify({ bundle: { files: { '../x': '' } }, requests: [request('a')] }),
        JSON.stringify({ bundle: { path: 'gone' }, requests: [] }),
      ],
    },
  ]);
  expect(said(answers).map(([line, index, decision]) => [line, index, decision])).toEqual([
    [5, undefined, 'indeterminate'],
    [6, 0, 'allow'],
    [6, 1, 'indeterminate'],
    [8, 0, 'indeterminate'],
    [9, 0, 'indeterminate'],
  ]);
});

async function* chunks(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('{"ä":1}\n{"b"').subarray(0, 3);
  yield Buffer.from('{"ä":1}\n{"b"').subarray(3);
  yield Buffer.from(':2}\n\nlast');
}

test('lines are cut apart wherever the chunks end', async () => {
  const blocks: LineBlock[] = [];
  for await (const block of lineBlocks(chunks())) blocks.push(block);
  expect(
    blocks.flatMap(({ firstLine, lines: found }) => found.map((line, at) => [firstLine + at, line])),
  ).toEqual([
    [1, '{"ä":1}'],
    [2, '{"b":2}'],
    [3, ''],
    [4, 'last'],
  ]);
});
