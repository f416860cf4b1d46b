import type { ConditionNode, Evaluation, EvaluationError, Layer, Step } from '../../domain/trace.ts';
import type { Considered } from './considered.ts';
import type { BrokenPolicy } from './policies.ts';
import { noDecision } from '../no-decision.ts';

/**
 * Puts Cedar's answer and what is known of each policy together: default deny, any satisfied `forbid` wins, a
 * policy that errors is skipped (https://docs.cedarpolicy.com/auth/authorization.html). A policy that nobody can
 * read, or that reads what the request does not tell, leaves the decision open wherever it could change it.
 */
export function evaluationOf(
  considered: readonly Considered[],
  broken: readonly BrokenPolicy[],
  assumptions: readonly string[],
): Evaluation {
  const steps = considered.map(({ step }) => step);
  const forbids = [...steps.filter(denies), ...broken.filter(mayBe('forbid')).map(brokenStep('deny'))];
  const permits = [...steps.filter(allows), ...broken.filter(mayBe('permit')).map(brokenStep('allow'))];
  const forbidden = stateOf(forbids);
  const permitted = stateOf(permits);
  const decision = decisionOf(forbidden, permitted);
  const determining =
    decision === 'indeterminate' ? [] : (decision === 'allow' ? permits : forbids).filter(matched);
  const overridden = decision === 'deny' && forbidden === 'yes' ? permits.filter(matched) : [];
  const near = considered.filter(({ near, policy }) => near && policy.effect === 'permit');
  const wouldAllowIf = decision === 'deny' && forbidden === 'no' ? anyOf(near) : undefined;
  const blockedBy = decision !== 'deny' ? [] : [forbidden === 'yes' ? 'forbid' : 'permit'];
  return {
    decision,
    kind: determining.length > 0 ? 'explicit' : 'implicit',
    combining: 'deny-overrides',
    determining: determining.map(({ ref }) => ref.policyId),
    determiningSteps: determining.map(({ id }) => id),
    overridden: overridden.map(({ id }) => id),
    blockedBy,
    layers: [layer('forbid', 'guard', forbids, forbidden), layer('permit', 'grant', permits, permitted)],
    errors: [...considered.flatMap(({ errors }) => errors), ...broken.map(brokenError)],
    assumptions,
    unknowns: [...new Set(considered.flatMap(({ unknowns }) => unknowns))].toSorted(),
    ...(wouldAllowIf === undefined ? {} : { wouldAllowIf }),
    completeness: broken.length === 0 ? 'full' : 'partial',
    verdict: verdictOf(decision, determining, overridden, permits, near),
  };
}

type State = 'yes' | 'no' | 'unknown';

function stateOf(steps: readonly Step[]): State {
  if (steps.some(matched)) return 'yes';
  return steps.some((step) => step.matched === 'unknown') ? 'unknown' : 'no';
}

function decisionOf(forbidden: State, permitted: State): Evaluation['decision'] {
  if (forbidden === 'yes' || permitted === 'no') return 'deny';
  return forbidden === 'no' && permitted === 'yes' ? 'allow' : 'indeterminate';
}

const matched = (step: Step) => step.matched === true;
const denies = (step: Step) => step.effect === 'deny';
const allows = (step: Step) => step.effect === 'allow';

function mayBe(effect: 'permit' | 'forbid') {
  return (policy: BrokenPolicy) => policy.effect === null || policy.effect === effect;
}

function brokenStep(effect: Step['effect']) {
  return ({ id, ref, message }: BrokenPolicy): Step => ({
    id: effect === 'deny' ? `${id}/forbid` : `${id}/permit`,
    ref,
    effect,
    matched: 'unknown',
    note: `cannot be read: ${message}`,
    tests: {},
  });
}

function brokenError({ id, ref, message }: BrokenPolicy): EvaluationError {
  return { ref, message: `${id} cannot be read: ${message}` };
}

function layer(name: 'forbid' | 'permit', role: Layer['role'], steps: readonly Step[], state: State): Layer {
  const outcome =
    state === 'unknown' ? 'unknown' : state === 'no' ? 'no-match' : name === 'forbid' ? 'deny' : 'allow';
  return { name, role, outcome, steps };
}

function anyOf(near: readonly Considered[]): ConditionNode | undefined {
  const conditions = near.flatMap(({ step }) => step.tests.condition ?? []);
  if (conditions.length < 2) return conditions[0];
  return {
    op: 'any',
    expr: conditions.map(({ expr }) => expr).join(' or '),
    result: 'false',
    children: conditions,
  };
}

function verdictOf(
  decision: Evaluation['decision'],
  determining: readonly Step[],
  overridden: readonly Step[],
  permits: readonly Step[],
  near: readonly Considered[],
): string {
  if (decision === 'allow') return `Allowed: ${names(determining)} permits it and no policy forbids it.`;
  if (decision === 'indeterminate')
    return 'Cannot tell: a policy that would decide cannot be read, or reads what the request does not tell.';
  if (determining.length > 0) {
    const against = overridden.length === 0 ? '' : `, over ${names(overridden)} that would permit it`;
    return `Denied: ${names(determining)} forbids it${against}.`;
  }
  const nearest =
    near.length === 0 ? '' : ` Only a condition fails in ${names(near.map(({ step }) => step))}.`;
  if (permits.length === 0) return 'Denied: no policy permits anything.';
  const none =
    permits.length === 1
      ? 'the one policy that permits is not'
      : `none of ${permits.length} policies that permit is`;
  return `Denied: ${none} satisfied.${nearest}`;
}

function names(steps: readonly Step[]): string {
  return steps.map(named).join(', ');
}

/** With the `@id` annotation that people know it by. */
function named({ ref }: Step): string {
  return ref.statementId === undefined ? ref.policyId : `${ref.policyId} (${ref.statementId})`;
}

/** The answer to a request that Cedar refuses to read. */
export function refused(message: string, assumptions: readonly string[]): Evaluation {
  return noDecision(message, {
    combining: 'deny-overrides',
    layers: [
      { name: 'forbid', role: 'guard', outcome: 'not-evaluated', steps: [] },
      { name: 'permit', role: 'grant', outcome: 'not-evaluated', steps: [] },
    ],
    assumptions,
    verdict: `Cannot tell: Cedar does not judge it (${message}).`,
  });
}
