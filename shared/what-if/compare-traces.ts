import type { ConditionNode, Evaluation, Layer, Step, Test } from '../domain/trace.ts';

/** How a rule fares in one evaluation compared with the other: it is in this one alone, or it comes out otherwise. */
export type StepChange = 'only-here' | 'differs';

export interface LayerChange {
  readonly name: string;
  readonly label?: string;
  /** Null where the evaluation has no such layer. */
  readonly before: Layer['outcome'] | null;
  readonly after: Layer['outcome'] | null;
}

export interface TraceComparison {
  /** Layers whose outcome is another, in the order of the second evaluation. */
  readonly layers: readonly LayerChange[];
  /** By the ids of steps; steps that are the same in both are left out. */
  readonly before: ReadonlyMap<string, StepChange>;
  readonly after: ReadonlyMap<string, StepChange>;
  /** Steps of the second evaluation by the ids of the same ones in the first. */
  readonly counterparts: ReadonlyMap<string, Step>;
}

/**
 * Sets two evaluations beside each other, rule by rule. A rule is the same in both by its layer, policy and statement
 * id; one without an id by what it says, and failing that by its place.
 */
export function compareTraces(first: Evaluation, second: Evaluation): TraceComparison {
  const [before, after] = [new Map<string, StepChange>(), new Map<string, StepChange>()];
  const counterparts = new Map<string, Step>();
  const layers: LayerChange[] = [];
  const rest = new Map(first.layers.map((layer) => [keyOf(layer), layer]));
  for (const layer of second.layers) {
    const old = rest.get(keyOf(layer));
    rest.delete(keyOf(layer));
    if (old?.outcome !== layer.outcome) layers.push(layerChange(layer, old?.outcome ?? null, layer.outcome));
    const pairs = pairsOf(old?.steps ?? [], layer.steps);
    for (const [was, is] of pairs) {
      if (was !== null && is !== null) {
        counterparts.set(was.id, is);
        if (fate(was, first) === fate(is, second)) continue;
        before.set(was.id, 'differs');
        after.set(is.id, 'differs');
      } else if (was !== null) before.set(was.id, 'only-here');
      else if (is !== null) after.set(is.id, 'only-here');
    }
  }
  for (const layer of rest.values()) {
    layers.push(layerChange(layer, layer.outcome, null));
    for (const { id } of layer.steps) before.set(id, 'only-here');
  }
  return { layers, before, after, counterparts };
}

function keyOf({ name, label = '' }: Layer): string {
  return `${name}\n${label}`;
}

function layerChange(
  { name, label }: Layer,
  before: Layer['outcome'] | null,
  after: Layer['outcome'] | null,
): LayerChange {
  return { name, ...(label === undefined ? {} : { label }), before, after };
}

type Pair = readonly [Step | null, Step | null];

function pairsOf(olds: readonly Step[], news: readonly Step[]): Pair[] {
  const left = new Set(olds);
  const partners = new Map<Step, Step>();
  for (const same of [byStatement, byContent, byPlace]) {
    const open = new Map<string, Step[]>();
    for (const step of left) {
      const key = same(step);
      if (key !== null) open.set(key, [...(open.get(key) ?? []), step]);
    }
    for (const step of news) {
      const key = partners.has(step) ? null : same(step);
      const partner = key === null ? undefined : open.get(key)?.shift();
      if (partner === undefined) continue;
      partners.set(step, partner);
      left.delete(partner);
    }
  }
  return [
    ...news.map((step): Pair => [partners.get(step) ?? null, step]),
    ...[...left].map((step): Pair => [step, null]),
  ];
}

function byStatement({ ref: { path, policyId, statementId } }: Step): string | null {
  return statementId === undefined ? null : JSON.stringify([path, policyId, statementId]);
}

function byContent({ ref: { path, policyId }, effect, tests }: Step): string {
  const { subject, action, resource, condition } = tests;
  const patterns = [subject, action, resource].map((test) => test?.pattern ?? null);
  return JSON.stringify([path, policyId, effect, patterns, condition?.expr ?? null]);
}

/** Only of a statement without an id: one with another id is another statement. */
function byPlace({ ref: { path, policyId, statementId, index } }: Step): string | null {
  return statementId === undefined && index !== undefined ? JSON.stringify([path, policyId, index]) : null;
}

/** What came of a rule, for comparison. */
function fate({ id, matched, effect, tests }: Step, evaluation: Evaluation): string {
  const { subject, action, resource, condition } = tests;
  return JSON.stringify([
    effect,
    matched,
    evaluation.determiningSteps.includes(id),
    evaluation.overridden.includes(id),
    [subject, action, resource].map((test) => resultOf(test)),
    condition === undefined ? null : resultsOf(condition),
  ]);
}

function resultOf(test: Test | undefined): unknown {
  return test === undefined ? null : [test.result, test.resolved ?? test.pattern];
}

function resultsOf({ expr, result, children = [] }: ConditionNode): unknown {
  return [expr, result, children.map(resultsOf)];
}
