import { describe, expect, test } from 'vitest';
import { awsIam } from '#shared/policy/aws-iam/index.ts';
import { evaluated, policyCases, said } from '#test/support/policy-cases.ts';

describe.each(policyCases('aws-iam'))('$name ($documentedAt)', ({ source, requests }) => {
  test('the bundle is recognised and has no problem', async () => {
    expect(awsIam.detect(source)).toBeGreaterThan(0.5);
    const { problems } = await awsIam.load(source, {});
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test.each(requests)('$why', async (expected) => {
    const answer = await evaluated(await awsIam.load(source, {}), expected.request);
    const { why: _why, request: _request, ...outcome } = expected;
    expect(said(answer, expected)).toEqual(outcome);
  });
});
