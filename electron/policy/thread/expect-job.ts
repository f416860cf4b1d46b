import { completeRequest } from '#shared/domain/evaluation-request.ts';
import type { Evaluation } from '#shared/domain/trace.ts';
import { compareTest } from '#shared/policy-tests/compare.ts';
import { generateChecks } from '#shared/policy-tests/generate.ts';
import { parsePolicyTests } from '#shared/policy-tests/parse.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import type { ExpectReport } from '#shared/ipc/views.ts';
import { FailureError, failureOf } from '#shared/util/result.ts';
import { parseRequest } from '../request.ts';
import { noDecision } from '#shared/policy/no-decision.ts';
import type { Desk } from './desk.ts';
import { type ExpectJob, phases } from './protocol.ts';
import type { LoadedBundle } from './shelf.ts';

/** Runs a file of policy tests, a line for each. Throws kind `unusable` where the file itself is wrong. */
export async function expectJob(job: ExpectJob, bundle: LoadedBundle, desk: Desk): Promise<ExpectReport> {
  const parsed = parsePolicyTests(job.text);
  if (!parsed.ok) throw new FailureError('unusable', `${job.path}: ${parsed.error.message}`);
  const tests = [...parsed.value.tests, ...generateChecks(parsed.value)];
  let failed = 0;
  for (const [index, test] of tests.entries()) {
    desk.at(phases.evaluating, index);
    const result = compareTest(test, index + 1, await evaluationOf(bundle, test.request));
    if (!result.passed) failed++;
    desk.put(JSON.stringify(result), result.actual.decision, false);
  }
  return { tests: tests.length, failed };
}

async function evaluationOf({ compiled }: LoadedBundle, request: JsonObject): Promise<Evaluation> {
  const parsed = parseRequest(request);
  if (!parsed.ok) return noDecision(parsed.error);
  try {
    return (await compiled.evaluate(parsed.request, completeRequest)).evaluation;
  } catch (thrown) {
    return noDecision(`The evaluator failed: ${failureOf(thrown).message}`);
  }
}
