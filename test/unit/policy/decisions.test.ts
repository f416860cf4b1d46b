import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { EvaluationRequest } from '#shared/domain/evaluation-request.ts';
import { awsIam } from '#shared/policy/aws-iam/index.ts';
import { opa } from '#shared/policy/opa/index.ts';
import { evaluated, filesSource, inline } from '#test/support/policy-cases.ts';

const folder = new URL('../../cases/policy/decisions/', import.meta.url);
const linesOf = <Line>(name: string): Line[] =>
  readFileSync(new URL(name, folder), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

interface AwsLine {
  readonly why: string;
  readonly decision: string;
  readonly kind?: string;
  readonly blockedBy: readonly string[];
  readonly bundle: object;
  readonly request: EvaluationRequest;
}

/** Written from the IAM User Guide's pages on evaluation logic, elements, operators and variables. */
describe('AWS decisions and the layers that block', () => {
  test.each(linesOf<AwsLine>('aws-iam.jsonl'))('$why', async (line) => {
    const bundle = await awsIam.load(inline(line.bundle), {});
    const { decision, kind, blockedBy } = await evaluated(bundle, line.request);
    expect({ decision, blockedBy }).toEqual({ decision: line.decision, blockedBy: line.blockedBy });
    if (line.kind !== undefined) expect(kind).toBe(line.kind);
  });
});

interface OpaLine {
  readonly rego: string;
  readonly data?: object;
  readonly input?: object;
  readonly result?: unknown;
  /** `error`: what OPA refuses, or fails at. */
  readonly outcome?: 'undefined' | 'error';
}

/** What `data.t.p` is, by the policy reference of Open Policy Agent. */
describe('Rego documents', () => {
  test.each(linesOf<OpaLine>('opa.jsonl'))('$rego', async ({ rego, data, input, result, outcome }) => {
    const files = { 'p.rego': rego, ...(data === undefined ? {} : { 'data.json': JSON.stringify(data) }) };
    const bundle = await opa.load(filesSource(files), {});
    const request = {
      subject: { type: 'user', id: 'u' },
      action: { name: 't/p' },
      resource: { type: 'resource', id: 'r' },
      context: JSON.parse(JSON.stringify(input ?? {})),
    };
    const answer = await evaluated(bundle, request);
    expect(answer.result).toEqual(result);
    const failed = bundle.problems.length > 0 || answer.errors.length > 0;
    expect(failed).toBe(outcome === 'error');
  });
});
