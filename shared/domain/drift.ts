import type { Entitlement } from './entitlement.ts';

/**
 * How an effective permission differs between two bundles. `path-changed`: the same is held in another way, which
 * takes nothing and gives nothing.
 */
export type ChangeKind = 'gained' | 'lost' | 'widened' | 'narrowed' | 'condition-changed' | 'path-changed';

/** The event that made a change: who, when, from where; evidence by event id. */
export interface ChangeCause {
  readonly event: string;
  readonly time: string;
  readonly actor: string | null;
  readonly session: string | null;
  readonly ip: string | null;
  readonly operation: string | null;
}

export interface PermissionChange {
  /** The key of the entitlement after, or before where it was lost. */
  readonly key: string;
  readonly kind: ChangeKind;
  readonly system: string;
  readonly subject: Entitlement['subject'];
  readonly before?: Entitlement;
  readonly after?: Entitlement;
  /** In one sentence. */
  readonly summary: string;
  /** Whether the change depends on what a request carries. */
  readonly conditional: boolean;
  /** Events that explain it, latest first; empty where none does, which is itself a finding (`unexplained`). */
  readonly attribution: readonly ChangeCause[];
}

/** What changed from one bundle of a system to the next. */
export interface DriftStep {
  readonly system: string;
  readonly from: string;
  readonly to: string;
  /** RFC 3339: from when each of the two was in force. */
  readonly since: string | null;
  readonly until: string | null;
  readonly changes: readonly PermissionChange[];
}
