import type { BundleProblem, PolicyText } from '#shared/domain/policy-system.ts';
import type { DecisionTrace } from '#shared/domain/trace.ts';
import { type PolicyEdit, editOf, jsonFault } from '#shared/what-if/edit.ts';
import type { CodeProblem } from '../code/marks.ts';
import { rangeOfRef, textOfRef } from '../trace/policy-range.ts';

/** Texts of policies that were changed, by `keyOf`. */
export type ChangedTexts = ReadonlyMap<string, string>;

export function keyOf({ path, policyId }: PolicyText): string {
  return `${path}\n${policyId}`;
}

/** The policy as it reads now. */
export function changedText(policy: PolicyText, changed: ChangedTexts): PolicyText {
  const text = changed.get(keyOf(policy));
  return text === undefined ? policy : { ...policy, text };
}

export function editsOf(policies: readonly PolicyText[], changed: ChangedTexts): PolicyEdit[] {
  return policies.flatMap((policy) => {
    const text = changed.get(keyOf(policy));
    return text === undefined ? [] : [editOf(policy, text)];
  });
}

/** The first changed text that cannot be read at all, and why: nothing can be asked of it. */
export function brokenText(policies: readonly PolicyText[], changed: ChangedTexts): string | null {
  for (const policy of policies) {
    const text = changed.get(keyOf(policy));
    if (text === undefined || policy.language !== 'json') continue;
    const fault = jsonFault(text);
    if (fault !== null) return `${policy.title} is no JSON: ${fault}`;
  }
  return null;
}

/** Policies whose rules the traces name come first, then all others, in the bundle's order. */
export function inOrderOfUse(
  policies: readonly PolicyText[],
  traces: readonly (DecisionTrace | null)[],
): readonly PolicyText[] {
  const named = new Set(
    traces.flatMap((trace) =>
      (trace?.evaluation?.layers ?? []).flatMap(({ steps }) =>
        steps.flatMap(({ ref, matched }) => (matched === false ? [] : [textOfRef(policies, ref)])),
      ),
    ),
  );
  return [
    ...policies.filter((policy) => named.has(policy)),
    ...policies.filter((policy) => !named.has(policy)),
  ];
}

/** What the change brought that was not wrong before. */
export function newProblems(
  before: readonly BundleProblem[],
  after: readonly BundleProblem[],
): readonly BundleProblem[] {
  const known = new Set(before.map((problem) => JSON.stringify(problem)));
  return after.filter((problem) => !known.has(JSON.stringify(problem)));
}

/** Problems at their lines in one policy's text; those of other policies of its file are left out. */
export function problemsIn(policy: PolicyText, problems: readonly BundleProblem[]): CodeProblem[] {
  return problems.flatMap((problem) => {
    if (problem.path !== policy.path) return [];
    const { pointer } = policy;
    const isOthers = pointer !== undefined && !`${problem.locator}/`.startsWith(`${pointer}/`);
    if (isOthers) return [];
    const range = rangeOfRef(policy, { ...problem, policyId: policy.policyId });
    return [{ severity: problem.severity, line: range?.first ?? 1, message: problem.message }];
  });
}
