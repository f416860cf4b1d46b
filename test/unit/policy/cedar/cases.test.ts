import { describe, expect, test } from 'vitest';
import { cedar } from '#shared/policy/cedar/index.ts';
import { evaluated, policyCases, said } from '#test/support/policy-cases.ts';

describe.each(policyCases('cedar'))('$name ($documentedAt)', ({ source, requests }) => {
  test('the bundle is recognised and has no problem', async () => {
    expect(cedar.detect(source)).toBeGreaterThan(0.5);
    const { problems } = await cedar.load(source, {});
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test.each(requests)('$why', async (expected) => {
    const answer = await evaluated(await cedar.load(source, {}), expected.request);
    const { why: _why, request: _request, ...outcome } = expected;
    expect(said(answer, expected)).toEqual(outcome);
  });
});
