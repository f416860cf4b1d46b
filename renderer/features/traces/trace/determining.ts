import type { DecisionTrace, PolicyRef, Step } from '#shared/domain/trace.ts';

/** Every rule that was considered, in the order of evaluation. */
export function stepsOf(trace: DecisionTrace | null): readonly Step[] {
  return trace?.evaluation?.layers.flatMap((layer) => layer.steps) ?? [];
}

/**
 * The rule to look at first: the one that decided, else one that may have. Where nothing matched in the layer that
 * stands in the way, no rule: one that allowed elsewhere would mislead.
 */
export function determiningRef(trace: DecisionTrace): PolicyRef | null {
  const { evaluation } = trace;
  if (evaluation === undefined) return null;
  const steps = stepsOf(trace);
  const open = evaluation.layers
    .filter(({ name, outcome }) => outcome === 'unknown' || evaluation.blockedBy.includes(name))
    .flatMap((layer) => layer.steps);
  const step =
    steps.find(({ id }) => evaluation.determiningSteps.includes(id)) ??
    open.find(({ matched }) => matched === 'unknown') ??
    open.find(({ matched }) => matched === true) ??
    steps.find(({ matched }) => matched === 'unknown');
  return step?.ref ?? null;
}

/** Whether a rule is one of those that decided. */
export function decides(trace: DecisionTrace, ref: PolicyRef | null): boolean {
  const determining = trace.evaluation?.determiningSteps ?? [];
  return stepsOf(trace).some((step) => step.ref === ref && determining.includes(step.id));
}
