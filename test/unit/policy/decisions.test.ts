import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { EvaluationRequest } from '#shared/domain/evaluation-request.ts';
import { awsIam } from '#shared/policy/aws-iam/index.ts';
import { opa } from '#shared/policy/opa/index.ts';
import { asRead } from './opa/support.ts';
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
    const expected = { decision: line.decision, blockedBy: line.blockedBy, kind: line.kind ?? kind };
    expect({ decision, blockedBy, kind }).toEqual(expected);
  });
});

interface OpaLine {
  readonly files: Readonly<Record<string, string>>;
  readonly input?: object;
  readonly result?: unknown;
  /** `error`: what OPA refuses, or fails at. */
  readonly outcome?: 'undefined' | 'error';
}

/** What `data.t.p` is, by the policy reference of Open Policy Agent. */
describe('Rego documents', () => {
  test.each(linesOf<OpaLine>('opa.jsonl'))('$files', async ({ files, input, result, outcome }) => {
    const bundle = await opa.load(filesSource(files), {});
    const request = {
      subject: { type: 'user', id: 'u' },
      action: { name: 't/p' },
      resource: { type: 'resource', id: 'r' },
      context: JSON.parse(JSON.stringify(input ?? {})),
    };
    const answer = await evaluated(bundle, request);
    expect(asRead(answer.result)).toEqual(result);
    const errors = answer.errors.filter(({ message }) => !message.endsWith('(the expression is undefined)'));
    const failed = bundle.problems.length > 0 || errors.length > 0;
    expect(failed).toBe(outcome === 'error');
  });
});
