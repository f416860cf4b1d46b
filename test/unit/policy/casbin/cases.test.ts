import { describe, expect, test } from 'vitest';
import { casbin } from '#shared/policy/casbin/index.ts';
import { evaluated, policyCases, said } from '#test/support/policy-cases.ts';

describe.each(policyCases('casbin'))('$name ($documentedAt)', ({ source, requests }) => {
  test('the bundle is recognised and has no problem', async () => {
    expect(casbin.detect(source)).toBeGreaterThan(0.5);
    expect((await casbin.load(source, {})).problems).toEqual([]);
  });

  test.each(requests)('$why', async (expected) => {
    const answer = await evaluated(await casbin.load(source, {}), expected.request);
    const { why: _why, request: _request, ...outcome } = expected;
    expect(said(answer, expected)).toEqual(outcome);
  });
});
