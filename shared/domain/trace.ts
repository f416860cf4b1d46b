import type { EvaluationRequest, RequestKnowledge } from './evaluation-request.ts';
import type { RecordedBundle } from './recorded-bundle.ts';

/** Why a decision fell: what was considered, in which order, what matched, what did not, and why. */

/** Where a policy element stands in its bundle. */
export interface PolicyRef {
  /** Path of the file within the bundle. */
  readonly path: string;
  /** JSON Pointer, `row:column-row:column`, or empty where the whole file is meant. */
  readonly locator: string;
  readonly policyId: string;
  readonly statementId?: string;
  /** Position among its siblings, from 0. */
  readonly index?: number;
}

export type TestResult = 'match' | 'no-match' | 'unknown';

/** One element of a rule against one part of the request. */
export interface Test {
  readonly result: TestResult;
  readonly pattern: string;
  readonly actual?: string;
  /** The pattern with its variables filled in, where it has any. */
  readonly resolved?: string;
  readonly why?: string;
}

export interface ConditionNode {
  readonly op: 'all' | 'any' | 'not' | 'leaf';
  /** As the policy writes it. */
  readonly expr: string;
  readonly operator?: string;
  readonly key?: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
  /** `missing`: the key was certainly absent; `unknown`: it may have been there; `skipped`: not evaluated. */
  readonly result: 'true' | 'false' | 'error' | 'missing' | 'unknown' | 'skipped';
  readonly children?: readonly ConditionNode[];
  readonly why?: string;
}

export interface GrantEdge {
  readonly from: string;
  readonly to: string;
  readonly ref?: PolicyRef;
  readonly kind:
    | 'attached'
    | 'member-of'
    | 'assigned'
    | 'bound-to'
    | 'assumes'
    | 'inherits-scope'
    | 'aggregates'
    | 'tuple'
    /** With a right over another identity, its policies or what runs as it, the other's rights are gained. */
    | 'takes-over';
}
/** How a subject comes to a rule: each edge from what it has to what that gives. */
export type GrantPath = readonly GrantEdge[];

/** One rule (statement, policy, RBAC rule, line) that was considered. */
export interface Step {
  /** Unique within the trace. */
  readonly id: string;
  readonly ref: PolicyRef;
  readonly effect: 'allow' | 'deny';
  readonly matched: boolean | 'unknown';
  readonly via?: GrantPath;
  readonly note?: string;
  readonly tests: {
    readonly subject?: Test;
    readonly action?: Test;
    readonly resource?: Test;
    readonly condition?: ConditionNode;
  };
}

export interface Layer {
  /** E.g. `identity`, `boundary`, `session`, `resource`, `scp`, `rcp`, `vpce`, `rbac`, `rule`. */
  readonly name: string;
  /** E.g. the organizational unit of an SCP level. */
  readonly label?: string;
  /** `guard`: can only deny. */
  readonly role: 'grant' | 'limit' | 'guard';
  readonly outcome: 'allow' | 'deny' | 'no-match' | 'unknown' | 'not-evaluated';
  readonly why?: string;
  readonly steps: readonly Step[];
}

/** `indeterminate`: what the request does not tell would decide, or the engine could not. Never a guess. */
export type Decision = 'allow' | 'deny' | 'indeterminate';

export interface EvaluationError {
  readonly ref?: PolicyRef;
  readonly message: string;
}

/** What an evaluator answers to one request. Deterministic: the same bundle and request give the same bytes. */
export interface Evaluation {
  readonly decision: Decision;
  /** `explicit`: a rule decided; `implicit`: no rule allowed; `bypass`: rules were not asked (e.g. `system:masters`). */
  readonly kind: 'explicit' | 'implicit' | 'bypass';
  readonly combining:
    | 'deny-overrides'
    | 'permit-overrides'
    | 'first-applicable'
    | 'priority'
    | 'layered-intersection'
    | 'union'
    | 'custom';
  /** Names of the policies that decided, in the system's own naming; empty where nothing matched. */
  readonly determining: readonly string[];
  /** Ids of their steps. */
  readonly determiningSteps: readonly string[];
  /** Ids of steps that matched and were overridden. */
  readonly overridden: readonly string[];
  /** Names of the layers that blocked the request; empty when it was allowed. */
  readonly blockedBy: readonly string[];
  readonly layers: readonly Layer[];
  readonly errors: readonly EvaluationError[];
  /** What was taken for granted, e.g. that there is no organization. */
  readonly assumptions: readonly string[];
  /** Attributes that policies read, that the request does not carry, and that would matter. */
  readonly unknowns: readonly string[];
  readonly wouldAllowIf?: ConditionNode;
  readonly completeness: 'full' | 'decision-only' | 'partial';
  /** The verdict in one sentence. */
  readonly verdict: string;
  /** The system's own value where the decision is not all it said (OPA's result document). */
  readonly result?: unknown;
}

export interface Engine {
  readonly name: string;
  readonly version: string;
  readonly mode: 'native' | 'wasm' | 'external' | 'own';
  /** Which step of a ladder of engines answered, where there is one. */
  readonly rung?: string;
}

export interface BundleRef {
  /** SHA-256 over the bundle's files, `sha256:` and lower-case hex. */
  readonly digest: string;
  readonly id?: string;
  readonly revision?: string;
  /** RFC 3339: from when it was in force. */
  readonly inForceFrom?: string;
  readonly matchedBy?: 'revision' | 'time' | 'user';
  /** Set where it was changed by logged calls, to stand as it stood at a time. */
  readonly rebuilt?: {
    readonly at: string;
    /** Logged calls that were taken into account. */
    readonly changes: number;
    /** Elements that are not as in the bundle, and those of them that are not known. */
    readonly elements: number;
    readonly unknown: number;
  };
}

/** Where an attribute of a request comes from. `hidden`: it was there, and the log was kept from telling it. */
export type AttributeSource = 'log' | 'bundle' | 'derived' | 'user-supplied' | 'absent' | 'hidden';

/** What only some logs tell of a decision. */
export interface RecordedDetail {
  /** The policies that decided, by their own versions. */
  readonly bundles?: readonly RecordedBundle[];
  /** The system's own answer, where it is more than allow or deny. */
  readonly result?: unknown;
  /** All policies that took part, and where the system had each from; null where the log does not tell. */
  readonly effective?: readonly { readonly policy: string; readonly source: string | null }[];
  /** Roles that the subject had by a policy's conditions. */
  readonly derivedRoles?: readonly string[];
}

export interface RecordedDecision extends RecordedDetail {
  readonly decision: 'allow' | 'deny' | 'error' | 'challenge' | 'unknown';
  readonly reason?: string;
  readonly policies: readonly string[];
}

export interface Divergence {
  readonly recorded: string;
  readonly recomputed: Decision;
  readonly likelyCause:
    | 'policy-revision-differs'
    | 'policy-unknown-at-that-time'
    | 'context-missing'
    | 'engine-gap'
    | 'log-disagrees';
  readonly why: string;
}

/** Everything that is known of one decision. Recorded, recomputed and inferred are never mixed. */
export interface DecisionTrace {
  /** Digest of bundle and request: the same question has the same id. */
  readonly id: string;
  readonly system: string;
  readonly pdp: { readonly system: string; readonly engine: Engine };
  readonly request: EvaluationRequest;
  /** Origin of each attribute, by its path in the request (`context.aws:SourceIp`). */
  readonly attributes?: Readonly<Record<string, AttributeSource>>;
  /** What is known of the request of a logged event beyond what it says. */
  readonly knowledge?: RequestKnowledge;
  /** The logged event that was explained. */
  readonly event?: { readonly id: string; readonly time: string };
  readonly recorded?: RecordedDecision;
  readonly evaluation?: Evaluation;
  readonly provenance: 'recorded' | 'recomputed' | 'inferred';
  readonly divergence?: Divergence;
  readonly bundle?: BundleRef;
}
