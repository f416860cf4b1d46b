import { completeRequest, type EvaluationRequest } from '#shared/domain/evaluation-request.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import type { EngineAnswer } from '#shared/domain/policy-system.ts';
import type { DecisionTrace, Evaluation } from '#shared/domain/trace.ts';
import { withPlainNumbers } from '#shared/util/exact-json.ts';
import { failureOf } from '#shared/util/result.ts';
import { type ParsedRequest, parseRequest } from '../request.ts';
import { noDecision } from '#shared/policy/no-decision.ts';
import { noEngine, traceOf } from '../trace.ts';
import { isBrokenEngine } from './broken-engine.ts';
import { type Group, groupsOf } from './groups.ts';
import type { Desk } from './desk.ts';
import { type EvaluateJob, phases } from './protocol.ts';
import type { LoadedBundle, Shelf } from './shelf.ts';

/** What one unit came to: an answer, a promise of one, or the reason why there is none. */
type Outcome = EngineAnswer | Promise<EngineAnswer | string> | string;

/**
 * Answers the lines of a job in order. What cannot be read or worked out gets an answer as well: indeterminate, with
 * the error. Throws where the job's own bundle cannot be loaded.
 */
export async function evaluateJob(job: EvaluateJob, shelf: Shelf, desk: Desk): Promise<void> {
  let unit = 0;
  for (const group of groupsOf(job)) {
    const first = unit;
    unit += group.requests.length;
    if (unit > job.from) await answerGroup(job, group, first, shelf, desk);
  }
  desk.flush();
}

async function answerGroup(
  job: EvaluateJob,
  group: Group,
  first: number,
  shelf: Shelf,
  desk: Desk,
): Promise<void> {
  const start = Math.max(first, job.from);
  const bundle = await bundleOf(job, group, first, start, shelf, desk);
  const parsed = group.requests.map((request) =>
    request.value === undefined ? refused(request.error) : parseRequest(request.value),
  );
  const outcomes: Outcome[] = [];
  for (let unit = start; unit < first + group.requests.length; unit++) {
    const request = parsed[unit - first] ?? refused('There is no request.');
    desk.at(phases.evaluating, unit);
    outcomes.push(outcomeOf(job, bundle, request, unit));
  }
  for (const [index, outcome] of outcomes.entries()) {
    const unit = start + index;
    if (outcome instanceof Promise) desk.at(phases.awaiting, unit);
    const answer = outcome instanceof Promise ? await outcome : outcome;
    const { line, index: place } = group.requests[unit - first] ?? { line: 0, index: null };
    const trace = lineOf(group, bundle, parsed[unit - first], answer);
    const placed = { ...trace, line, ...(place === null ? {} : { index: place }) };
    desk.put(JSON.stringify(placed), trace.evaluation.decision, typeof answer === 'string');
  }
}

/** The loaded bundle, or why there is none. */
async function bundleOf(
  job: EvaluateJob,
  group: Group,
  first: number,
  start: number,
  shelf: Shelf,
  desk: Desk,
): Promise<LoadedBundle | string> {
  if (job.giveUp !== null) return job.giveUp;
  if (typeof group.bundle === 'string') return group.bundle;
  const end = first + group.requests.length;
  const casualty = job.casualties.find(
    ({ phase, unit }) => phase === phases.loading && unit >= first && unit < end,
  );
  if (casualty !== undefined) return `The bundle could not be loaded: ${casualty.reason}`;
  desk.at(phases.loading, start);
  try {
    return await shelf.load(group.bundle);
  } catch (thrown) {
    if (job.bundle !== null || isBrokenEngine(thrown)) throw thrown;
    return failureOf(thrown).message;
  }
}

function outcomeOf(
  job: EvaluateJob,
  bundle: LoadedBundle | string,
  request: ParsedRequest,
  unit: number,
): Outcome {
  if (typeof bundle === 'string') return bundle;
  if (!request.ok) return request.error;
  const casualty = job.casualties.find((found) => found.unit === unit && found.phase !== phases.loading);
  if (casualty !== undefined) return casualty.reason;
  try {
    const asked = bundle.exactIntegers ? request.request : plainRequest(request.request);
    const answer = bundle.compiled.evaluate(asked, completeRequest);
    return answer instanceof Promise ? answer.catch(reasonOf) : answer;
  } catch (thrown) {
    if (isBrokenEngine(thrown)) throw thrown;
    return reasonOf(thrown);
  }
}

/** Most evaluators know no other numbers than those of JavaScript. */
function plainRequest(request: EvaluationRequest): EvaluationRequest {
  return withPlainNumbers(request as unknown as JsonObject) as unknown as EvaluationRequest;
}

function reasonOf(thrown: unknown): string {
  return `The evaluator failed: ${failureOf(thrown).message}`;
}

function lineOf(
  group: Group,
  bundle: LoadedBundle | string,
  parsed: ParsedRequest | undefined,
  answer: EngineAnswer | string,
): Partial<DecisionTrace> & { readonly evaluation: Evaluation } {
  const request = parsed?.ok === true ? parsed.request : null;
  try {
    if (typeof answer !== 'string' && typeof bundle !== 'string' && request !== null) {
      return traceOf(bundle.compiled, bundle.ref, request, answer);
    }
  } catch (thrown) {
    return lineOf(group, bundle, undefined, failureOf(thrown).message);
  }
  const error = typeof answer === 'string' ? answer : 'No decision.';
  const system = typeof bundle === 'string' ? (group.system ?? 'unknown') : bundle.compiled.system;
  const engine = typeof bundle === 'string' ? noEngine : bundle.compiled.engine;
  return {
    system,
    pdp: { system, engine },
    ...(request === null ? {} : { request }),
    evaluation: noDecision(error),
    provenance: 'recomputed',
    ...(typeof bundle === 'string' ? {} : { bundle: bundle.ref }),
  };
}

function refused(error: string): ParsedRequest {
  return { ok: false, error };
}
