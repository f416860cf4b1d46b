import { describe, expect, test } from 'vitest';
import { cerbos } from '#shared/policy/cerbos/index.ts';
import { cerbosProgram } from '#test/support/cerbos-program.ts';
import { evaluated, policyCases, said } from '#test/support/policy-cases.ts';

const cases = policyCases('cerbos');

describe.each(cases)('our own evaluator: $name ($documentedAt)', ({ source, requests }) => {
  test('the bundle is recognised and has no problem', async () => {
    expect(cerbos.detect(source)).toBeGreaterThan(0.5);
    expect((await cerbos.load(source, {})).problems).toEqual([]);
  });

  test.each(requests)('$why', async (expected) => {
    const answer = await evaluated(await cerbos.load(source, {}), expected.request);
    const { why: _why, request: _request, ...outcome } = expected;
    expect(said(answer, expected)).toEqual(outcome);
  });
});

describe.skipIf(cerbosProgram === null).each(cases)('the Cerbos program: $name', ({ source, requests }) => {
  test('says the same of every request', async () => {
    const bundle = await cerbos.load(source, { cerbos: cerbosProgram! });
    expect(bundle.problems).toEqual([]);
    const answers = await Promise.all(requests.map(({ request }) => evaluated(bundle, request)));
    expect(answers.map(({ decision, determining }) => [decision, determining])).toEqual(
      requests.map(({ decision, determining }) => [decision, determining]),
    );
    expect(
      answers.flatMap(({ assumptions }) => assumptions).filter((text) => text.includes('differently')),
    ).toEqual([]);
  });
});
