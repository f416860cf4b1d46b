import type { Entitlement } from './entitlement.ts';

/** All events of one subject, action and resource that ended alike. */
export interface AccessUse {
  readonly format: string;
  readonly subject: string;
  readonly action: string;
  readonly resource: { readonly type: string | null; readonly id: string } | null;
  /** Further resources of the same request, by id. */
  readonly others: readonly string[];
  readonly outcome: 'allow' | 'deny' | 'error' | 'challenge' | 'unknown';
  readonly events: number;
  readonly first: string;
  readonly last: string;
}

/** What one log of the case can show: a format in one account. */
export interface LogReach {
  readonly format: string;
  readonly account: string | null;
  readonly from: string;
  readonly to: string;
  readonly days: number;
  readonly daysWithEvents: number;
  /** Days since 1970 (UTC) between the first and the last event that have none, ascending. */
  readonly missingDays: readonly number[];
  /** Actions that appear at all, by any subject: a kind of action that never does may not be logged. */
  readonly actions: ReadonlySet<string>;
  /**
   * By any subject: of a cluster `read TYPE` and `write TYPE` of every type of resource that appears; of a trail
   * `data ARN` of what has data events.
   */
  readonly kinds: ReadonlySet<string>;
}

export const usageStates = ['used', 'not-used', 'cannot-know'] as const;
export type UsageState = (typeof usageStates)[number];

/** One entitlement beside what the log shows of it; the shape of `rescind usage`. */
export interface EntitlementUsage {
  readonly entitlement: Entitlement;
  readonly usage: UsageState;
  readonly lastUsed: string | null;
  readonly count: number;
  readonly denied: number;
  readonly lastDenied: string | null;
  /** Actions of the entitlement that were used. */
  readonly actionsUsed: readonly string[];
  readonly coverage: {
    readonly from: string | null;
    readonly to: string | null;
    readonly days: number;
    readonly daysWithEvents: number;
    readonly kind: 'complete' | 'management-events-only' | 'partial' | 'none';
  };
  readonly why: string;
}

export interface UsageReport {
  readonly bundle: string;
  readonly asOf: string | null;
  /** Of all permissions, whatever part of them was asked for. */
  readonly counts: Readonly<Record<UsageState, number>>;
  /** Rows that are as asked for. */
  readonly total: number;
  readonly rows: readonly EntitlementUsage[];
}

/** Verbs of a cluster that change nothing: https://kubernetes.io/docs/reference/using-api/api-concepts/ */
export function isReadVerb(verb: string): boolean {
  return verb === 'get' || verb === 'list' || verb === 'watch';
}
