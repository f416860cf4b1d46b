import type {
  ActionSpec,
  Artefact,
  MissingControl,
  PlannedCall,
  Reference,
  Snapshot,
  Target,
  Verb,
} from '../domain/response.ts';
import type { Forecast } from './forecast.ts';

/**
 * A plan: everything that will be done, in which order, to which immutable ids, from which state. Plain data in a
 * canonical form: its hash is what is approved, shown and executed, and nothing else is.
 */
export interface Plan {
  readonly format: 'rescind-plan';
  readonly version: 1;
  readonly kind: 'revoke' | 'restore';
  readonly id: string;
  readonly created: string;
  readonly case: { readonly id: string; readonly name: string };
  /** Id of the action journal that it may be executed from: an approval cannot be used up in one and again in another. */
  readonly journal: string;
  readonly incident: string | null;
  /** Start of the incident: what was created by or for a target from here on counts as the suspect's. */
  readonly since: string;
  readonly playbook: { readonly name: string; readonly digest: string };
  /** The operating system's user who built it. */
  readonly proposer: string;
  readonly references: readonly PlanReference[];
  readonly providers: readonly PlanProvider[];
  readonly targets: readonly PlanTarget[];
  readonly actions: readonly PlannedAction[];
  /** Targets that are never acted on, with the rule that says so. */
  readonly refusals: readonly Refusal[];
  /** What could not be resolved, read or reached: the plan does not cover it. */
  readonly gaps: readonly Gap[];
  readonly missing: readonly PlanMissing[];
  readonly forecast: readonly Forecast[];
  readonly residual: Residual;
  /** Digest of every target's snapshot, in order. */
  readonly snapshotDigest: string;
  /** The run that a restore plan undoes; null for a revocation. */
  readonly restores: string | null;
  /** How long each slice of a restore is observed before the next one; 0 for a revocation. */
  readonly observeSeconds: number;
}

/** A reference with its group: everything that was found for one identity belongs together. */
export interface PlanReference extends Reference {
  readonly group: string;
}

export interface PlanProvider {
  readonly name: string;
  readonly type: string;
  readonly tenant: string;
  readonly tenantName: string;
  readonly operatorName: string;
  /** Digest of the configuration (no secrets): another address or scope is another plan. */
  readonly configDigest: string;
  /** Providers that this one takes its identities from. */
  readonly sourcedFrom: readonly string[];
}

export interface PlanTarget extends Target {
  /** `provider/kind/id`. */
  readonly key: string;
  readonly group: string;
}

export interface PlannedAction {
  /** `a1`, `a2` … in the order of the plan. */
  readonly id: string;
  /** Key of its target. */
  readonly target: string;
  readonly group: string;
  readonly spec: ActionSpec;
  readonly snapshot: Snapshot;
  readonly calls: readonly PlannedCall[];
  /** Waits for these, and goes on when they fail: containment never stops half way. */
  readonly after: readonly string[];
  /** Slice of a restore; 1 for a revocation. */
  readonly stage: number;
  /** Not dispatched before; null for at once. */
  readonly notBefore: string | null;
  /** The action of the restored run that this one undoes; null for a revocation. */
  readonly undoes: string | null;
}

export interface Refusal {
  readonly provider: string;
  readonly group: string;
  readonly target: string;
  readonly name: string;
  readonly rule: 'operator-chain' | 'break-glass' | 'last-administrator';
  readonly why: string;
}

export interface Gap {
  readonly provider: string;
  readonly group: string | null;
  readonly kind:
    | 'unreachable'
    | 'unknown-here'
    | 'ambiguous'
    | 'forbidden'
    | 'failed'
    | 'no-action'
    | 'not-restorable';
  readonly why: string;
}

/**
 * Whether a gap leaves access running: an identity that is unknown at a provider has none there, but one that is known
 * and for which the playbook has no action keeps what it has.
 */
export function isOpen({ kind }: Gap): boolean {
  return kind !== 'unknown-here' && kind !== 'not-restorable';
}

export interface PlanMissing extends MissingControl {
  readonly provider: string;
  readonly group: string;
}

/** What a plan leaves running. */
export interface Residual {
  /** The longest; null where something is unbounded. 0 where nothing remains. */
  readonly seconds: number | null;
  readonly items: readonly ResidualItem[];
}

export interface ResidualItem {
  readonly provider: string;
  readonly group: string;
  readonly artefact: Artefact;
  readonly seconds: number | null;
  readonly coveredBy: readonly Verb[];
  readonly note: string;
}

/** A plan's file: the plan, its hash, and what was signed about it. */
export interface PlanDocument {
  readonly plan: Plan;
  /** SHA-256 of the plan's canonical JSON, hex. */
  readonly hash: string;
  readonly approvals: readonly Envelope[];
}

/** DSSE v1: signed bytes with their type. */
export interface Envelope {
  readonly payloadType: string;
  /** Base64. */
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

export function targetKey({ provider, kind, id }: Pick<Target, 'provider' | 'kind' | 'id'>): string {
  return `${provider}/${kind}/${id}`;
}
