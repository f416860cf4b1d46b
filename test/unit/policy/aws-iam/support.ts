import type { EvaluationRequest, RequestKnowledge } from '#shared/domain/evaluation-request.ts';
import type { CompiledBundle } from '#shared/domain/policy-system.ts';
import type { Evaluation } from '#shared/domain/trace.ts';
import { awsIam } from '#shared/policy/aws-iam/index.ts';
import { inline } from '#test/support/policy-cases.ts';

export const account = '111122223333';
export const alice = `arn:aws:iam::${account}:user/alice`;
export const object = 'arn:aws:s3:::amzn-s3-demo-bucket/report.csv';

export function policy(...statements: object[]) {
  return { Version: '2012-10-17', Statement: statements };
}

export function allow(action: unknown = '*', resource: unknown = '*', more: object = {}) {
  return { Effect: 'Allow', Action: action, Resource: resource, ...more };
}

export function deny(action: unknown = '*', resource: unknown = '*', more: object = {}) {
  return { Effect: 'Deny', Action: action, Resource: resource, ...more };
}

export function named(name: string, ...statements: object[]) {
  return { name, policy: policy(...statements) };
}

export function load(document: object): Promise<CompiledBundle> {
  return awsIam.load(inline({ system: 'aws-iam', ...document }), {});
}

export interface Asked {
  readonly subject?: string;
  readonly action?: string;
  readonly resource?: string;
  readonly context?: object;
  readonly knowledge?: RequestKnowledge;
}

export async function ask(bundle: CompiledBundle, asked: Asked = {}): Promise<Evaluation> {
  const request = {
    subject: { type: 'user', id: asked.subject ?? alice },
    action: { name: asked.action ?? 's3:GetObject' },
    resource: { type: 'object', id: asked.resource ?? object, properties: { account } },
    ...(asked.context === undefined ? null : { context: asked.context }),
  } as EvaluationRequest;
  return (await bundle.evaluate(request, asked.knowledge ?? { complete: true })).evaluation;
}
