import type { Enforcement, Observation, Outcome, Snapshot } from '../domain/response.ts';
import type { Envelope, PlanDocument } from './plan.ts';

/** Bodies of a run's records, as the engine writes them and as everything that looks at a run reads them. */
export interface RunStarted {
  readonly document: PlanDocument;
  readonly authority: RunAuthority;
  /** Single-use words of the approvals, taken in the same transaction. */
  readonly nonces: readonly string[];
}

export interface RunAuthority {
  readonly kind: 'approvals' | 'standing-order' | 'emergency';
  readonly people: readonly string[];
  readonly needed: number | null;
  readonly order: string | null;
  /** The standing order as it was signed; null without one. */
  readonly signedOrder: Envelope | null;
  readonly reason: string | null;
  /** Which roster was believed, by the digest of its canonical JSON; null where none was pinned. */
  readonly roster: { readonly version: number; readonly digest: string } | null;
  /** Nothing new is dispatched after (RFC 3339). */
  readonly until: string;
}

export interface IntentBody {
  readonly attempt: number;
  readonly operation: 'apply' | 'undo' | 'reapply';
  readonly target: string;
  readonly spec: string;
  /** Digest of the calls as planned. */
  readonly requestDigest: string;
  /** State just before, read for this attempt. */
  readonly snapshot: Snapshot;
  readonly nonce: string;
}

export interface ResultBody {
  readonly attempt: number;
  /** `call`: what the provider answered. `observation`: what a read-back says of an attempt without a clear answer. */
  readonly by: 'call' | 'observation' | 'snapshot';
  /** Null where for certain nothing was sent. */
  readonly outcome: Outcome | null;
  readonly notSent: string | null;
}

export interface EvidenceBody {
  /** `after` the action, or the planned look-again: `+30s`, `+5min`, `+residual`, `+1day`, `asked`. */
  readonly round: string;
  readonly configured: Observation | null;
  readonly enforced: Enforcement | null;
}

export interface SkippedBody {
  readonly kind:
    | 'target-changed'
    | 'not-before'
    | 'authority-expired'
    | 'provider-down'
    | 'wrong-tenant'
    | 'protected'
    | 'action-gone'
    | 'not-as-left';
  readonly why: string;
}

export interface SweepBody {
  readonly provider: string;
  readonly round: string;
  readonly findings: readonly {
    readonly key: string;
    readonly name: string;
    readonly createdAt: string | null;
    readonly why: string;
  }[];
  /** Why this provider could not be swept; null where it was. */
  readonly failed: string | null;
}
