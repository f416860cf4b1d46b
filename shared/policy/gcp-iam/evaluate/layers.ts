import type { ConditionNode, Layer, Step } from '../../../domain/trace.ts';
import type { Estate } from '../model.ts';
import type { Level } from './levels.ts';
import { type Asked, bindingStep, denyStep } from './steps.ts';

/** Deny policies of all levels; null where there are none. */
export function denyLayer(levels: readonly Level[], asked: Asked): Layer | null {
  const denies = levels.flatMap((level) => level.denies);
  if (denies.length === 0) return null;
  const steps = denies.flatMap(({ rules, unknown }) =>
    (rules ?? []).map((rule) => denyStep(rule, unknown, asked)),
  );
  const gap = denies.find(
    ({ rules, unknown }) => rules === null || (unknown !== undefined && rules.length === 0),
  );
  const isDenied = steps.some(({ matched }) => matched === true);
  const isOpen = gap !== undefined || steps.some(({ matched }) => matched === 'unknown');
  const why =
    gap === undefined
      ? undefined
      : (gap.unknown ?? `The rules of ${gap.ref.policyId} are not in the bundle.`);
  return {
    name: 'deny-policy',
    role: 'guard',
    outcome: isDenied ? 'deny' : isOpen ? 'unknown' : 'no-match',
    ...(why === undefined || isDenied ? {} : { why }),
    steps,
  };
}

/** Principal access boundaries, where the bundle has some. */
export function boundaryLayer({ boundaries }: Estate): Layer | null {
  if (boundaries.length === 0) return null;
  return {
    name: 'principal-access-boundary',
    role: 'limit',
    outcome: 'unknown',
    why: `The bundle holds principal access boundaries (${boundaries.length}), which this evaluator does not judge.`,
    steps: [],
  };
}

/** Allow policies of one level; null where it has none and that is known. */
export function allowLayer({ node, policies, gap }: Level, asked: Asked): Layer | null {
  if (policies.length === 0 && gap === null) return null;
  const steps = policies.flatMap((policy) =>
    policy.bindings.map((binding) => bindingStep(policy, binding, asked)),
  );
  const isGranted = steps.some(({ matched }) => matched === true);
  const isOpen = gap !== null || steps.some(({ matched }) => matched === 'unknown');
  return {
    name: 'allow-policy',
    label: node === '' ? 'a resource that is not named' : node,
    role: 'grant',
    outcome: isGranted ? 'allow' : isOpen ? 'unknown' : 'no-match',
    ...(gap === null || isGranted ? {} : { why: gap }),
    steps,
  };
}

/** Why a layer cannot tell. */
export function doubtsOf({ why, steps }: Layer): string[] {
  const open = steps.filter(({ matched }) => matched === 'unknown');
  return [...(why === undefined ? [] : [why]), ...open.map(doubtOf)];
}

function doubtOf({ note, tests }: Step): string {
  const test = [tests.subject, tests.action].find((each) => each?.result === 'unknown');
  return test?.why ?? reasonIn(tests.condition) ?? note ?? 'A rule that may apply cannot be judged.';
}

function reasonIn(node: ConditionNode | undefined): string | undefined {
  if (node?.result !== 'unknown') return undefined;
  return node.why ?? (node.children ?? []).map(reasonIn).find((why) => why !== undefined);
}

/** Conditions that alone keep a binding from granting it. */
export function nearest(grants: readonly Layer[]): ConditionNode | null {
  const near = grants
    .flatMap(({ steps }) => steps)
    .flatMap(({ tests: { subject, action, condition } }) =>
      subject?.result === 'match' && action?.result === 'match' && condition !== undefined ? [condition] : [],
    );
  const [first] = near;
  if (first === undefined) return null;
  if (near.length === 1) return first;
  return { op: 'any', expr: near.map(({ expr }) => expr).join(' or '), result: 'false', children: near };
}
