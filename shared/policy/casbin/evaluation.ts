import type { ConditionNode, Evaluation, Step } from '../../domain/trace.ts';
import { noDecision } from '../no-decision.ts';

/** What Casbin said of one request. */
export interface Verdict {
  readonly allowed: boolean;
  /** As the model writes it. */
  readonly effect: string;
  readonly steps: readonly Step[];
  /** Id of the step that Casbin names as the reason. */
  readonly decisive: string | null;
  /** For each rule that fails on one part of the matcher alone: that part. */
  readonly near: readonly ConditionNode[];
  /** A line after the decision could not be tried. */
  readonly error: string | null;
}

/** How lines are combined, by the policy effect of the model (https://casbin.org/docs/syntax-for-models#policy-effect). */
function combiningOf(effect: string): Evaluation['combining'] {
  if (effect.includes('riority')) return 'priority';
  return effect.includes('deny') ? 'deny-overrides' : 'permit-overrides';
}

export function evaluationOf({ allowed, effect, steps, decisive, error, near }: Verdict): Evaluation {
  const decision = allowed ? 'allow' : 'deny';
  const reason = steps.find(({ id }) => id === decisive);
  const overridden = steps.filter(({ matched, effect }) => matched === true && effect !== decision);
  const wouldAllowIf = allowed || reason !== undefined ? undefined : nearestOf(near);
  return {
    decision,
    kind: reason === undefined ? 'implicit' : 'explicit',
    combining: combiningOf(effect),
    determining: reason === undefined ? [] : [reason.ref.policyId],
    determiningSteps: reason === undefined ? [] : [reason.id],
    overridden: overridden.map(({ id }) => id),
    blockedBy: allowed ? [] : ['rule'],
    layers: [
      {
        name: 'rule',
        role: 'grant',
        outcome: reason === undefined && !allowed ? 'no-match' : decision,
        why: `policy effect: ${effect}`,
        steps,
      },
    ],
    errors: error === null ? [] : [{ message: error }],
    assumptions: [],
    unknowns: [],
    ...(wouldAllowIf === undefined ? {} : { wouldAllowIf }),
    completeness: error === null ? 'full' : 'partial',
    verdict: verdictOf(allowed, reason, `none of ${steps.length} rule${steps.length === 1 ? '' : 's'}`),
  };
}

function verdictOf(allowed: boolean, reason: Step | undefined, none: string): string {
  if (reason !== undefined)
    return `${allowed ? 'Allowed' : 'Denied'}: "${reason.ref.policyId}" ${allowed ? 'allows' : 'denies'} it.`;
  if (allowed) return `Allowed: ${none} denies it, and the model asks for no more.`;
  return `Denied: ${none} allows it.`;
}

function nearestOf(near: readonly ConditionNode[]): ConditionNode | undefined {
  if (near.length < 2) return near[0];
  return { op: 'any', expr: near.map(({ expr }) => expr).join(' or '), result: 'false', children: near };
}

/** The answer where Casbin cannot judge. */
export function undecided(message: string, unknowns: readonly string[] = []): Evaluation {
  return noDecision(message, {
    layers: [{ name: 'rule', role: 'grant', outcome: 'not-evaluated', why: message, steps: [] }],
    unknowns,
    verdict: `Cannot tell: ${message}.`,
  });
}
