import type { Evaluation, Layer, Step } from '../../domain/trace.ts';
import { evaluationOf } from './evaluation.ts';
import { type OwnJudgement, stepsOfResult } from './judge.ts';
import type { CerbosPolicy } from './policies.ts';
import type { ProgramAnswer } from './program-trace.ts';
import type { CerbosRequest } from './request.ts';

/**
 * The program's decision with the program's trace: what it says of a rule stands in that rule's step; rules that
 * it did not come to keep the static tests of role, action and resource.
 */
export function evaluationOfProgram(
  request: CerbosRequest,
  answer: ProgramAnswer,
  own: OwnJudgement,
  scopeOf: ReadonlyMap<string, CerbosPolicy['scope']>,
): Evaluation {
  const layers = own.layers.map((layer): Layer => {
    const scope = scopeOf.get(layer.label ?? '') ?? '';
    const steps = layer.steps.map((step) => overlaid(step, scope, answer));
    return { ...layer, steps };
  });
  const agrees = own.result?.effect === answer.effect;
  const matching = layers
    .flatMap(({ steps }) => steps)
    .filter(({ matched, effect }) => matched === true && effect === answer.effect)
    .map(({ id }) => id);
  const result =
    agrees && own.result !== null
      ? own.result
      : { effect: answer.effect, decided: matching.length > 0, policy: answer.policy ?? '', scope: '' };
  const steps = agrees && own.result !== null ? stepsOfResult(own.result) : matching;
  const evaluation = evaluationOf({ request, layers, result, steps, outputs: answer.outputs });
  if (agrees || own.result === null) return evaluation;
  const doubt = 'the evaluator of our own reads these policies differently; the decision is that of Cerbos';
  return { ...evaluation, assumptions: [...evaluation.assumptions, doubt] };
}

function overlaid(step: Step, scope: string, answer: ProgramAnswer): Step {
  const rule = answer.rules.get(`${scope}#${step.ref.statementId ?? ''}`);
  if (rule === undefined)
    return step.matched === 'unknown' ? { ...step, matched: false, note: 'not reached' } : step;
  const { condition, satisfied, why } = rule;
  return {
    ...step,
    matched: satisfied,
    ...(why === null ? {} : { note: why }),
    tests: { ...step.tests, ...(condition === null ? {} : { condition }) },
  };
}
