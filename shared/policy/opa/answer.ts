import type { RequestKnowledge } from '../../domain/evaluation-request.ts';
import type { BundleProblem } from '../../domain/policy-system.ts';
import type { Evaluation, EvaluationError, Layer, Step } from '../../domain/trace.ts';
import { readDecision, type Reading } from './reading.ts';
import type { StepsResult } from './trace/steps.ts';
import { exactJsonOfValue } from './value/json.ts';
import type { Value } from './value/value.ts';
import { noDecision } from '../no-decision.ts';

/** An evaluation without an answer. */
export function withoutAnswer(
  errors: readonly EvaluationError[],
  partial: Partial<Evaluation> = {},
): Evaluation {
  return noDecision(errors[0]?.message ?? 'the policy gives none', { errors, ...partial });
}

export function errorOf(problem: BundleProblem): EvaluationError {
  return {
    ref: { path: problem.path, locator: problem.locator, policyId: problem.path },
    message: problem.message,
  };
}

export interface AnswerParts {
  /** What was asked, e.g. `data.authz.allow`. */
  readonly asked: string;
  /** The path of the document; empty for a query. */
  readonly path: readonly string[];
  /** The value that is read as a decision. */
  readonly value: Value | undefined;
  /** What is given as the result. */
  readonly document: Value | undefined;
  /** Paths of the input that were read and are not there. */
  readonly missingInput: ReadonlySet<string>;
  /** Paths of the input that are not known and were read. */
  readonly hiddenRead?: readonly string[];
  readonly errors: readonly EvaluationError[];
  readonly steps: StepsResult;
  readonly assumptions?: readonly string[];
  readonly completeness: 'full' | 'decision-only';
}

/** The evaluation of a document that was found, or found to be undefined. */
export function answerOf(parts: AnswerParts, knowledge: RequestKnowledge): Evaluation {
  const { asked, steps, errors } = parts;
  const reading = readDecision(parts.path, parts.value);
  const result = parts.document === undefined ? undefined : exactJsonOfValue(parts.document);
  const missing = knowledge.complete ? [] : missingKeys(parts.missingInput, knowledge);
  const hidden = (parts.hiddenRead ?? []).map((path) => `input.${path}`);
  const unknowns = [...new Set([...missing, ...hidden])];
  const base = {
    combining: 'custom' as const,
    overridden: [],
    layers: hidden.length === 0 ? steps.layers : steps.layers.map(withoutOutcome),
    errors,
    assumptions: [
      ...(parts.assumptions ?? []),
      ...(steps.cut ? ['The trace shows the first 2000 steps only.'] : []),
    ],
    unknowns,
    // A result that rests on values which stand for others is none.
    ...(result === undefined || hidden.length > 0 ? {} : { result }),
  };
  if (unknowns.length > 0) {
    return {
      ...base,
      decision: 'indeterminate',
      kind: 'implicit',
      determining: [],
      determiningSteps: [],
      blockedBy: [],
      completeness: 'partial',
      verdict: `Cannot tell: ${asked} reads input that is not known (${unknowns.join(', ')}).`,
    };
  }
  return {
    ...base,
    decision: reading.decision,
    kind: kindOf(reading, steps),
    determining: steps.determining,
    determiningSteps: steps.determiningSteps,
    blockedBy: reading.decision === 'deny' ? ['rule'] : [],
    completeness: steps.cut ? 'partial' : parts.completeness,
    verdict: verdictOf(asked, reading, steps),
  };
}

/** What was considered, without what came of it. */
function withoutOutcome(layer: Layer): Layer {
  const steps = layer.steps.map((step): Step => ({ ...step, matched: 'unknown', tests: {} }));
  return { ...layer, outcome: 'unknown', steps };
}

function missingKeys(missing: ReadonlySet<string>, knowledge: RequestKnowledge): string[] {
  const absent = new Set(knowledge.absent ?? []);
  return [...missing]
    .filter((path) => !absent.has(path))
    .map((path) => (path === '' ? 'input' : `input.${path}`));
}

function kindOf(reading: Reading, steps: StepsResult): 'explicit' | 'implicit' {
  return reading.kind === 'explicit' && !(steps.onlyDefaults && reading.decision === 'deny')
    ? 'explicit'
    : 'implicit';
}

function verdictOf(asked: string, reading: Reading, steps: StepsResult): string {
  const word = { allow: 'Allowed', deny: 'Denied', indeterminate: 'No decision' }[reading.decision];
  const by = steps.determining.length === 0 ? '' : ` by ${steps.determining.slice(0, 3).join(', ')}`;
  return `${word}: ${asked}: ${reading.why}${by}.`;
}
