import type { RequestKnowledge } from '../../domain/evaluation-request.ts';
import type { Evaluation, Layer, Step } from '../../domain/trace.ts';
import {
  type Binding,
  bindingsOf,
  check,
  type CheckResult,
  type Relevant,
  relevantPolicies,
  ruleApplies,
} from './check.ts';
import { keyOf, RequestConditions } from './conditions.ts';
import { evaluationOf, undecided } from './evaluation.ts';
import type { Expressions } from './expressions.ts';
import type { PolicyStore } from './policies.ts';
import type { CerbosRequest } from './request.ts';
import { layersOf, stepId } from './steps.ts';

/** Ways in which unknown conditions may turn out that are tried before the answer is "cannot tell". */
const mostWays = 128;

/** What the evaluator of our own makes of a request. */
export interface OwnJudgement {
  readonly layers: readonly Layer[];
  /** Null where the conditions that cannot be told could turn it either way. */
  readonly result: CheckResult | null;
  readonly outputs: readonly { readonly src: string; readonly val: unknown }[];
}

/** Judges a request with the evaluator of our own. */
export function judge(
  store: PolicyStore,
  expressions: Expressions,
  request: CerbosRequest,
  knowledge: RequestKnowledge,
): OwnJudgement {
  const relevant = relevantPolicies(store, request);
  const conditions = new RequestConditions(store, expressions, request, knowledge);
  const layers = layersOf(store, relevant, request, conditions);
  const results = possibleResults(store, relevant, request, conditions);
  const [result] = results ?? [];
  const certain = results !== null && results.every(({ effect }) => effect === result?.effect);
  if (result === undefined || !certain) return { layers, result: null, outputs: [] };
  return { layers, result, outputs: outputsOf(store, relevant, request, conditions) };
}

/** The judgement as an evaluation. */
export function evaluationOfOwn(request: CerbosRequest, own: OwnJudgement): Evaluation {
  const { layers, result, outputs } = own;
  if (result === null) return undecided(layers, unknownsOf(layers.flatMap(({ steps }) => steps)));
  return evaluationOf({ request, layers, result, outputs, steps: stepsOfResult(result) });
}

/** Ids of the steps that made a decision. */
export function stepsOfResult({ bindings }: CheckResult): string[] {
  return [...new Set(bindings.map(({ policy, rule }) => stepId(policy, rule)))];
}

/**
 * The decision for every way in which the conditions that cannot be told may turn out. Null where there are too
 * many: a decision is certain only where all ways lead to it.
 */
function possibleResults(
  store: PolicyStore,
  relevant: Relevant,
  request: CerbosRequest,
  conditions: RequestConditions,
): CheckResult[] | null {
  const results: CheckResult[] = [];
  const ways: ReadonlyMap<string, boolean>[] = [new Map()];
  for (const way of ways) {
    if (ways.length > mostWays) return null;
    let open: string | null = null;
    const result = check(store, relevant, request, (binding, part) => {
      const known = conditions.node(binding, part)?.result ?? 'true';
      if (known !== 'unknown') return known === 'true';
      const key = keyOf(binding, part);
      const assumed = way.get(key);
      if (assumed === undefined) open ??= key;
      return assumed ?? true;
    });
    if (open === null) results.push(result);
    else ways.push(new Map(way).set(open, true), new Map(way).set(open, false));
  }
  return results;
}

function unknownsOf(steps: readonly Step[]): string[] {
  const whys = new Set<string>();
  const visit = (node: Step['tests']['condition']): void => {
    if (node?.result === 'unknown' && node.why !== undefined) whys.add(node.why);
    for (const child of node?.children ?? []) visit(child);
  };
  for (const { tests } of steps) visit(tests.condition);
  return [...whys].toSorted();
}

/** What rules give out: by whether their condition was met. */
function outputsOf(
  store: PolicyStore,
  relevant: Relevant,
  request: CerbosRequest,
  conditions: RequestConditions,
): { src: string; val: unknown }[] {
  const policies = [...relevant.principal, ...relevant.resource];
  return policies.flatMap((policy) =>
    policy.rules
      .filter((rule) => ruleApplies(rule, request, policy.kind))
      .flatMap((rule) => {
        const bindings: Binding[] = bindingsOf(store, policy, rule, request.principal.roles);
        const [binding] = bindings.filter(
          (found) => (conditions.node(found, 'derived')?.result ?? 'true') === 'true',
        );
        if (binding === undefined) return [];
        const met = (conditions.node(binding, 'condition')?.result ?? 'true') === 'true';
        const expression = met ? rule.output.activated : rule.output.notMet;
        if (expression === null) return [];
        return [{ src: `${policy.key}#${rule.name}`, val: conditions.output(binding, expression) }];
      }),
  );
}
