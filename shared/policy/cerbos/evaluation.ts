import type { ConditionNode, Evaluation, Layer, Step } from '../../domain/trace.ts';
import type { CheckResult } from './check.ts';
import type { CerbosRequest } from './request.ts';
import { noDecision } from '../no-decision.ts';

export interface Judged {
  readonly request: CerbosRequest;
  readonly layers: readonly Layer[];
  readonly result: Omit<CheckResult, 'bindings'>;
  /** Ids of the steps that decided. */
  readonly steps: readonly string[];
  readonly outputs: readonly { readonly src: string; readonly val: unknown }[];
}

export function evaluationOf({ request, layers, result, steps, outputs }: Judged): Evaluation {
  const all = layers.flatMap(({ steps }) => steps);
  const deciding = all.filter(({ id }) => steps.includes(id));
  const overridden = all.filter(
    ({ id, matched, effect }) => matched === true && effect !== result.effect && !steps.includes(id),
  );
  const denied = result.effect === 'deny';
  const near = denied && !result.decided ? nearest(all) : undefined;
  return {
    decision: result.effect,
    kind: result.decided ? 'explicit' : 'implicit',
    combining: 'custom',
    determining: result.decided ? [result.policy] : [],
    determiningSteps: deciding.map(({ id }) => id),
    overridden: overridden.map(({ id }) => id),
    blockedBy: denied ? [result.decided ? (result.policy.split('.')[0] ?? 'resource') : 'resource'] : [],
    layers,
    errors: errorsOf(all),
    assumptions: ['schemas are not enforced on the request, as is the default of Cerbos'],
    unknowns: [],
    ...(near === undefined ? {} : { wouldAllowIf: near }),
    completeness: 'full',
    verdict: verdictOf(request, result, deciding, layers.length),
    ...(outputs.length === 0 ? {} : { result: { outputs } }),
  };
}

function verdictOf(
  { resource }: CerbosRequest,
  { effect, decided, policy, scope }: Judged['result'],
  deciding: readonly Step[],
  policies: number,
): string {
  const where = scope === '' ? '' : ` in scope ${scope}`;
  const names = [...new Set(deciding.map(({ ref }) => ref.statementId ?? ref.policyId))].join(', ');
  if (decided && names === '') return `Denied: ${policy} does not list the action for its role${where}.`;
  if (decided) return `${effect === 'allow' ? 'Allowed' : 'Denied'}: rule ${names} of ${policy}${where}.`;
  if (policies === 0) return `Denied: no policy is there for ${resource.kind}.`;
  return `Denied: no rule of ${policy} allows it.`;
}

/** Conditions that alone keep an allowing rule from matching. */
function nearest(steps: readonly Step[]): ConditionNode | undefined {
  const near = steps.flatMap(({ effect, matched, tests }) =>
    effect === 'allow' && matched === false && tests.condition !== undefined ? [tests.condition] : [],
  );
  if (near.length < 2) return near[0];
  return { op: 'any', expr: near.map(({ expr }) => expr).join(' or '), result: 'false', children: near };
}

/** An error in a condition counts as false in Cerbos: worth telling. */
function errorsOf(steps: readonly Step[]): Evaluation['errors'] {
  const messages = (node: ConditionNode | undefined): string[] => [
    ...(node?.result === 'error' ? [`${node.expr}: ${node.why ?? 'error'}`] : []),
    ...(node?.children ?? []).flatMap(messages),
  ];
  return steps.flatMap(({ ref, tests }) => messages(tests.condition).map((message) => ({ ref, message })));
}

export function undecided(layers: readonly Layer[], unknowns: readonly string[]): Evaluation {
  const why = unknowns[0] ?? 'a condition that would decide is unknown';
  return noDecision(why, { layers, errors: [], unknowns, verdict: `Cannot tell: ${why}.` });
}

/** The answer where nothing could be asked. */
export function refused(message: string): Evaluation {
  return noDecision(message, { verdict: `Cannot tell: ${message}` });
}
