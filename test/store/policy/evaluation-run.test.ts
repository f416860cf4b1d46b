import { expect, test } from 'vitest';
import { runEvaluation } from '#electron/policy/evaluation-run.ts';
import { threadLimits } from '#electron/policy/limits.ts';
import { type LineBlock, lineBlocks } from '#electron/policy/line-blocks.ts';
import { phases } from '#electron/policy/thread/protocol.ts';
import { lines } from '../cli/run.ts';

/** A Casbin model whose matcher runs the request's text through a pattern that backtracks without end. */
const model = `[request_definition]
r = sub, obj, act

[policy_definition]
p = sub, obj, act

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = r.sub == p.sub && regexMatch(r.obj, p.obj) && r.act == p.act
`;
const policy = 'p, alice, ^(a+)+$, read\n';
const files = { 'model.conf': model, 'policy.csv': policy };
const stuck = `${'a'.repeat(40)}b`;

function request(resource: string) {
  return {
    subject: { type: 'user', id: 'alice' },
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
