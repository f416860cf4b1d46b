import type { DecisionTrace, PolicyRef } from '#shared/domain/trace.ts';

/** The rule that decided; where none did, the first that matched or may have. */
export function determiningRef({ evaluation }: DecisionTrace): PolicyRef | null {
  const steps = evaluation?.layers.flatMap((layer) => layer.steps) ?? [];
  const step =
    steps.find(({ id }) => evaluation?.determiningSteps.includes(id)) ??
    steps.find(({ matched }) => matched === true) ??
    steps.find(({ matched }) => matched === 'unknown');
  return step?.ref ?? null;
}

/** Whether a rule is one of those that decided. */
export function decides({ evaluation }: DecisionTrace, ref: PolicyRef | null): boolean {
  const steps = evaluation?.layers.flatMap((layer) => layer.steps) ?? [];
  return steps.some((step) => step.ref === ref && evaluation?.determiningSteps.includes(step.id) === true);
}
