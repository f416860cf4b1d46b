import type { Outcome } from '#shared/domain/event.ts';
import type {
  AttributeSource,
  ConditionNode,
  DecisionTrace,
  Divergence,
  Layer,
  Step,
  TestResult,
} from '#shared/domain/trace.ts';

/** The outcome mark of a decision that was recomputed. */
export function outcomeOf(decision: string): Outcome {
  return decision === 'allow' || decision === 'deny' || decision === 'error' || decision === 'challenge'
    ? decision
    : 'unknown';
}

export const decisionWords: Readonly<Record<string, string>> = {
  allow: 'Allowed',
  deny: 'Denied',
  indeterminate: 'Cannot tell',
  error: 'Failed',
  challenge: 'Challenged',
  unknown: 'Not said',
};

export const provenanceWords: Readonly<Record<DecisionTrace['provenance'], string>> = {
  recorded: 'Recorded: the log says so',
  recomputed: 'Recomputed: the policy was asked again',
  inferred: 'Inferred: derived from what is known',
};

export const sourceWords: Readonly<Record<AttributeSource, string>> = {
  log: 'from the log',
  bundle: 'from the bundle',
  derived: 'derived',
  'user-supplied': 'given by you',
  absent: 'certainly absent',
  hidden: 'masked',
};

export const causeWords: Readonly<Record<Divergence['likelyCause'], string>> = {
  'policy-revision-differs': 'the log names another revision of the policy',
  'policy-unknown-at-that-time': 'the policy of that time is not known',
  'context-missing': 'the log does not tell all that the policy reads',
  'engine-gap': 'the evaluator could not decide',
  'log-disagrees': 'the log disagrees with the policy',
};

const layerTitles: Readonly<Record<string, string>> = {
  identity: 'Identity policies',
  boundary: 'Permissions boundary',
  session: 'Session policies',
  resource: 'Resource policies',
  trust: 'Trust policy',
  scp: 'Service control policies',
  rcp: 'Resource control policies',
  vpce: 'VPC endpoint policies',
  rbac: 'RBAC',
};

export function layerTitle({ name, label }: Layer): string {
  return layerName(name, label);
}

export function layerName(name: string, label: string | undefined): string {
  const title = layerTitles[name] ?? name;
  return label === undefined ? title : `${title}: ${label}`;
}

export const roleWords: Readonly<Record<Layer['role'], string>> = {
  grant: 'can allow',
  limit: 'must allow too',
  guard: 'can only deny',
};

export const layerOutcomes: Readonly<Record<Layer['outcome'], string>> = {
  allow: 'allows',
  deny: 'denies',
  'no-match': 'nothing matches',
  unknown: 'unknown',
  'not-evaluated': 'not asked',
};

export function matchWord(matched: Step['matched']): TestResult {
  return matched === 'unknown' ? 'unknown' : matched ? 'match' : 'no-match';
}

export const testWords: Readonly<Record<TestResult, string>> = {
  match: 'matches',
  'no-match': 'does not match',
  unknown: 'unknown',
};

export const conditionWords: Readonly<Record<ConditionNode['result'], string>> = {
  true: 'holds',
  false: 'does not hold',
  error: 'error',
  missing: 'key absent',
  unknown: 'unknown',
  skipped: 'not evaluated',
};

/** A value of a request or a condition on one line; text as it is, all else as JSON. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '–' : JSON.stringify(value);
}

/** How a rule is named: its statement within its policy. */
export function stepTitle({ ref }: Step): string {
  if (ref.statementId !== undefined) return `${ref.policyId} · ${ref.statementId}`;
  return ref.index === undefined ? ref.policyId : `${ref.policyId} · rule ${ref.index + 1}`;
}

/** The same in short: of an ARN the name alone, and once where policy and statement bear the same. */
export function shortStepTitle(step: Step): string {
  const { policyId, statementId } = step.ref;
  const isArn = policyId.startsWith('arn:');
  const start = isArn ? Math.max(policyId.lastIndexOf('#'), policyId.lastIndexOf('/')) + 1 : 0;
  const name = policyId.slice(start);
  return statementId === name ? name : name + stepTitle(step).slice(policyId.length);
}
