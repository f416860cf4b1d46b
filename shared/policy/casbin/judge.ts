import type { EvaluationRequest, RequestKnowledge } from '../../domain/evaluation-request.ts';
import type { Evaluation, Step } from '../../domain/trace.ts';
import type { LeafResult } from '../../util/condition-result.ts';
import { attributesRead, untoldOf } from './attributes.ts';
import type { CasbinEngine } from './engine.ts';
import { evaluationOf, undecided } from './evaluation.ts';
import {
  type Definitions,
  leafResults,
  type Matcher,
  matcherOf,
  shownExpression,
  thrownBy,
} from './explain.ts';
import type { LoadedModel } from './model.ts';
import { bare, tupleOf } from './request.ts';
import { type LineQuestion, nearMiss, stepOf } from './step.ts';

/** With more lines than this, only lines that have something in common with the request are looked at in detail. */
const mostDetailed = 200;
/** Near misses that are told. */
const mostNear = 10;

/** Asks Casbin for its decision and for what became of every line and every part of the matcher. */
export function judge(
  engine: CasbinEngine,
  loaded: LoadedModel,
  request: EvaluationRequest,
  knowledge: RequestKnowledge,
): Evaluation {
  const definitions = definitionsOf(loaded, request);
  const { model, enforcer, effector } = loaded;
  const matcher = matcherOf(loaded, definitions);
  const tokens = model.model.get('r')?.get(definitions.r)?.tokens.map(bare);
  if (tokens === undefined) return undecided(`the model has no definition ${definitions.r}`);
  const attributes = attributesRead(loaded, matcher, definitions);
  const tuple = tupleOf(request, tokens, new Set(attributes.map(({ token }) => token)));
  if (!tuple.ok)
    return undecided(`the model asks for ${tuple.missing}, which the request does not have`, [tuple.missing]);
  const untold = knowledge.complete ? [] : untoldOf(attributes, tokens, tuple.values);
  if (untold.length > 0) return undecided(`the request does not tell ${untold.join(', ')}`, untold);
  const { r, p, e, m } = definitions;
  const ask = () => enforcer.enforceExSync(new engine.EnforceContext(r, p, e, m), ...tuple.values);
  const thrown = thrownBy(ask);
  const error = thrown === null ? null : `Casbin could not evaluate: ${thrown}`;
  const { effects, allowed, settled, decisive } = effector.recording;
  if (error !== null && !settled) return undecided(error);
  const effect = shownExpression(model.model.get('e')?.get(e)?.value ?? '');
  const lines = model.model.get('p')?.get(definitions.p)?.policy ?? [];
  if (lines.length === 0 || !matcher.text.includes(`${definitions.p}_`)) {
    const step = matcherStep(effects[0] === 'allow', matcher, definitions);
    const reason = step.matched === true ? step.id : null;
    return evaluationOf({ allowed, effect, steps: [step], decisive: reason, error, near: [] });
  }
  const inDetail = lines.flatMap((line, position) =>
    lines.length <= mostDetailed || effects[position] !== 'none' || shares(line, tuple.values)
      ? [position]
      : [],
  );
  const chosen = inDetail.slice(0, mostDetailed);
  const parts = leafResults(
    loaded,
    matcher,
    definitions,
    chosen.map((position) => lines[position] ?? []),
    ask,
  );
  const leavesOf = new Map(chosen.map((position, index) => [position, parts[index] ?? []] as const));
  const question: LineQuestion = { loaded, matcher, definitions, values: tuple.values, roles: tuple.roles };
  const steps = lines.map((line, position): Step => {
    const outcome = effects[position];
    const matched = outcome === undefined ? 'unknown' : outcome !== 'none';
    return stepOf(question, { line, position, matched, ...optionalLeaves(leavesOf.get(position)) });
  });
  const near = [...leavesOf].flatMap(([position, leaves]) =>
    steps[position]?.effect === 'allow' ? (nearMiss(question, lines[position] ?? [], leaves) ?? []) : [],
  );
  const reason = decisive === null ? null : (steps[decisive]?.id ?? null);
  return evaluationOf({ allowed, effect, steps, decisive: reason, error, near: near.slice(0, mostNear) });
}

function optionalLeaves(leaves: readonly LeafResult[] | undefined): { leaves?: readonly LeafResult[] } {
  return leaves === undefined ? {} : { leaves };
}

function shares(line: readonly string[], values: readonly unknown[]): boolean {
  return values.some((value) => typeof value === 'string' && line.includes(value));
}

/**
 * A model may have several definitions of each kind: the request says which, as `context.enforceContext`: `2`
 * for `r2`, `p2`, `e2`, `m2`, and the first of a kind where there is no second.
 */
function definitionsOf({ model }: LoadedModel, { context }: EvaluationRequest): Definitions {
  const given = context?.['enforceContext'];
  const suffix =
    typeof given === 'string' || typeof given === 'number' ? String(given).replace(/^\D+/, '') : '';
  const name = (kind: string) => (model.model.get(kind)?.has(kind + suffix) === true ? kind + suffix : kind);
  return { r: name('r'), p: name('p'), e: name('e'), m: name('m') };
}

/** A matcher that reads no policy line decides alone. */
function matcherStep(allowed: boolean, matcher: Matcher, { m }: Definitions): Step {
  const ref = { path: '', locator: '', policyId: m };
  const expr = shownExpression(matcher.text);
  const condition = { op: 'leaf', expr, result: allowed ? 'true' : 'false' } as const;
  return { id: m, ref, effect: 'allow', matched: allowed, note: 'the matcher alone', tests: { condition } };
}
