import { type RecordedBundle, recordedBundlesText } from '#shared/domain/recorded-bundle.ts';
import type { AccessEvent, Outcome, ReasonClass } from '#shared/domain/event.ts';
import type {
  ConditionNode,
  Divergence,
  Evaluation,
  RecordedDecision,
  RecordedDetail,
} from '#shared/domain/trace.ts';

/** What the log says of the decision. */
export function recordedOf({ outcome, reason }: AccessEvent, detail: RecordedDetail = {}): RecordedDecision {
  return {
    ...detail,
    decision: outcome,
    ...(reason?.text === null || reason?.text === undefined ? {} : { reason: reason.text }),
    policies: reason?.policy === null || reason?.policy === undefined ? [] : [reason.policy],
  };
}

/**
 * Whether the recorded outcome is an answer of the policy: a failed authentication, a throttled request or another
 * failure says nothing about it.
 */
export function isPolicyDecision(outcome: Outcome, reason: ReasonClass | null): boolean {
  if (outcome === 'deny') return reason !== 'authentication';
  return outcome === 'allow';
}

/** The versions of policies on the two sides of a comparison. */
export interface ComparedVersions {
  /** Those that the log names. */
  readonly recorded: readonly RecordedBundle[];
  /** The revision of the bundle that was asked; null where it has none. */
  readonly asked: string | null;
  /** All policies that the log says took part; absent where it does not tell. */
  readonly effective?: readonly string[];
}

/**
 * Says how the bundle that was asked is certainly another version than those that the log names; null where it is one
 * of them, or where one of the sides does not tell.
 */
export function otherRevision({ recorded, asked }: ComparedVersions): string | null {
  if (asked === null || recorded.length === 0) return null;
  if (recorded.some(({ revision }) => revision === null || revision === asked)) return null;
  const named = recorded.map(({ name, revision }) => `${name} at revision ${revision ?? ''}`).join(', ');
  return `The log names ${named}; the bundle is of revision ${asked}.`;
}

const noVersions: ComparedVersions = { recorded: [], asked: null };

/**
 * Where the recorded decision and the recomputed one differ, with the likely cause; undefined where they agree or
 * cannot be compared.
 */
export function divergenceOf(
  event: AccessEvent,
  evaluation: Evaluation,
  inForce: boolean,
  versions: ComparedVersions = noVersions,
): Divergence | undefined {
  const { decision } = evaluation;
  if (!isPolicyDecision(event.outcome, event.reason?.class ?? null) || decision === event.outcome)
    return undefined;
  const because = (likelyCause: Divergence['likelyCause'], why: string): Divergence => ({
    recorded: event.outcome,
    recomputed: decision,
    likelyCause,
    why,
  });
  if (decision === 'indeterminate') {
    const { unknowns, errors, layers } = evaluation;
    // A layer says why where policies of it are missing; what depends on the request stands in the steps.
    const gap = layers.find(({ outcome, why }) => outcome === 'unknown' && why !== undefined);
    if (gap?.why !== undefined) return because('policy-unknown-at-that-time', gap.why);
    if (unknowns.length > 0) {
      return because('context-missing', `The log does not tell ${unknowns.join(', ')}, which would decide.`);
    }
    return because('engine-gap', errors[0]?.message ?? 'The engine could not decide.');
  }
  const other = otherAuthorizer(event);
  if (other !== null) return because('engine-gap', other);
  const untold = untoldAuxData(evaluation);
  if (event.format === 'cerbos-audit' && untold !== null) return because('context-missing', untold);
  const revision = otherRevision(versions);
  if (revision !== null) return because('policy-revision-differs', revision);
  if (evaluation.unknowns.length > 0 && evaluation.errors.length > 0) {
    return because('policy-unknown-at-that-time', `The bundle lacks ${evaluation.unknowns.join(', ')}.`);
  }
  const policies = otherPolicies(evaluation, versions.effective);
  if (policies !== null) return because('policy-unknown-at-that-time', policies);
  if (!inForce) {
    return because(
      'policy-unknown-at-that-time',
      'The case has no bundle that is known to have been in force at that time.',
    );
  }
  const named = event.reason?.policy ?? null;
  const isBundle = named === recordedBundlesText(versions.recorded);
  if (named !== null && !isBundle && !evaluation.determining.includes(named)) {
    return because(
      'policy-unknown-at-that-time',
      `The log names ${named}, which does not decide in this bundle.`,
    );
  }
  return because(
    'log-disagrees',
    'The bundle was in force at that time and everything that it reads is in the log: it was changed in between, or something else decided.',
  );
}

/** Of Kubernetes' authorizers RBAC names itself in the reason; another one is not in the bundle. */
function otherAuthorizer({ format, outcome, reason }: AccessEvent): string | null {
  const text = reason?.text ?? null;
  if (format !== 'kubernetes-audit' || outcome !== 'allow' || text === null) return null;
  if (reason?.class === 'admission' || text.startsWith('RBAC:') || text.includes('RBAC: allowed'))
    return null;
  return `Another authorizer than RBAC allowed it: ${text}`;
}

/** Says which policies took part in only one of the decisions; null where they are the same, or one does not tell. */
function otherPolicies({ layers }: Evaluation, effective: readonly string[] | undefined): string | null {
  if (effective === undefined || effective.length === 0) return null;
  const asked = new Set(layers.flatMap(({ steps }) => steps.map(({ ref }) => ref.policyId)));
  const missing = effective.filter((policy) => !asked.has(policy));
  if (missing.length > 0) {
    return `The log names ${missing.join(', ')}, which the bundle does not have for this request.`;
  }
  const further = [...asked].filter((policy) => !effective.includes(policy));
  return further.length === 0
    ? null
    : `The bundle judges by ${further.join(', ')} too, which took no part as the log has it.`;
}

/** A condition that failed for want of the request's auxiliary data (a token's claims), which the log does not have. */
function untoldAuxData({ layers }: Evaluation): string | null {
  const fails = (node: ConditionNode | undefined): boolean =>
    node !== undefined &&
    ((node.result === 'error' && /\baux_?data\b/i.test(node.expr)) || (node.children ?? []).some(fails));
  return layers.some(({ steps }) => steps.some(({ tests }) => fails(tests.condition)))
    ? 'A condition reads auxData, which the log does not have of this request.'
    : null;
}
