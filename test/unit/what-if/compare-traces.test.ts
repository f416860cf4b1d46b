import { expect, test } from 'vitest';
import { completeRequest, type EvaluationRequest } from '#shared/domain/evaluation-request.ts';
import type { Evaluation } from '#shared/domain/trace.ts';
import { awsIam } from '#shared/policy/aws-iam/index.ts';
import { compareTraces } from '#shared/what-if/compare-traces.ts';

const arn = 'arn:aws:iam::021345678901:role/deploy';
const read = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const list = { Effect: 'Allow', Action: 's3:List*', Resource: '*' };
const inside = {
  Sid: 'Inside',
  Effect: 'Deny',
  Action: 's3:*',
  Resource: '*',
  Condition: { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
};

async function evaluate(statements: readonly object[], ip: string): Promise<Evaluation> {
  const PolicyDocument = { Version: '2012-10-17', Statement: statements };
  const role = { Path: '/', RoleName: 'deploy', RoleId: 'AROAEXAMPLE', Arn: arn };
  const details = {
    RoleDetailList: [{ ...role, RolePolicyList: [{ PolicyName: 'release', PolicyDocument }] }],
  };
  const text = JSON.stringify(details);
  const bundle = await awsIam.load(
    { kind: 'files', files: [{ path: 'details.json', text, bytes: new TextEncoder().encode(text) }] },
    {},
  );
  const request: EvaluationRequest = {
    subject: { type: 'role', id: arn },
    action: { name: 's3:GetObject' },
    resource: { type: '', id: 'arn:aws:s3:::b/k', properties: { account: '021345678901' } },
    context: { 'aws:SourceIp': ip },
  };
  return (await bundle.evaluate(request, completeRequest)).evaluation;
}

function titles(evaluation: Evaluation, ids: Iterable<string>): string[] {
  const steps = evaluation.layers.flatMap((layer) => layer.steps);
  return [...ids].map((id) => {
    const step = steps.find((each) => each.id === id);
    return step?.ref.statementId ?? step?.tests.action?.pattern ?? id;
  });
}

test('the same evaluation twice has no difference', async () => {
  const [first, second] = [
    await evaluate([read, inside], '10.1.1.1'),
    await evaluate([read, inside], '10.1.1.1'),
  ];
  const { layers, before, after, counterparts } = compareTraces(first, second);
  expect([layers, before.size, after.size]).toEqual([[], 0, 0]);
  expect(counterparts.size).toBe(first.layers.flatMap((layer) => layer.steps).length);
});

test('another attribute changes the rule that reads it, and the layer', async () => {
  const [first, second] = [
    await evaluate([read, inside], '192.0.2.1'),
    await evaluate([read, inside], '10.1.1.1'),
  ];
  const { layers, before, after } = compareTraces(first, second);
  expect(layers).toEqual([{ name: 'identity', before: 'deny', after: 'allow' }]);
  // The deny no longer holds, and the allow is overridden no more.
  expect(titles(first, before.keys()).toSorted()).toEqual(['Inside', 's3:GetObject']);
  expect([...after.values()]).toEqual(['differs', 'differs']);
});

test('a rule that was taken out is here alone; those after it keep their counterparts', async () => {
  const first = await evaluate([list, inside, read], '10.1.1.1');
  const second = await evaluate([inside, read], '10.1.1.1');
  const { layers, before, after, counterparts } = compareTraces(first, second);
  expect(layers).toEqual([]);
  expect([...before.values()]).toEqual(['only-here']);
  expect(titles(first, before.keys())).toEqual(['s3:List*']);
  expect(after.size).toBe(0);
  for (const [id, step] of counterparts) {
    expect(titles(second, [step.id])).toEqual(titles(first, [id]));
  }
});
