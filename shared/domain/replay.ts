import type { EvaluationRequest } from './evaluation-request.ts';
import type { Outcome, ReasonClass } from './event.ts';
import type { Decision, Divergence } from './trace.ts';

/** Events that the columns cannot tell apart in what a policy reads, with the records of two of them. */
export interface EventGroup {
  readonly events: number;
  readonly outcome: Outcome;
  /** RFC 3339. */
  readonly first: string;
  readonly last: string;
  /** Id of the first event. */
  readonly id: string;
  readonly reason: ReasonClass | null;
  /** What the log names as deciding: a policy, or bundles with their revisions. */
  readonly policy: string | null;
  /** The first event and its record, as JSON: the text passes through two processes that have no use for it. */
  readonly event: string;
  readonly record: string;
  /** The record of the last event, where there are several: a difference between the two is told. */
  readonly lastRecord: string | null;
}

/** What the policy says to the request of a group. */
export type JudgedGroup =
  | {
      readonly kind: 'judged';
      /** Digest of system and request. */
      readonly key: string;
      readonly request: EvaluationRequest;
      readonly decision: Decision;
      readonly determining: readonly string[];
      readonly blockedBy: readonly string[];
      readonly unknowns: readonly string[];
      readonly verdict: string;
      /** Under the bundle that it is compared with; null where that is what was recorded. */
      readonly against: Decision | null;
      /** Where it differs from what was recorded, if the policies are those of the time. */
      readonly divergence?: Divergence;
    }
  | { readonly kind: 'unmapped'; readonly reason: string };

export type ReplayChange = 'newly-denied' | 'newly-allowed' | 'unchanged' | 'undecidable';

/** One distinct request of the log, and what becomes of it. */
export interface ReplayRow {
  readonly request: EvaluationRequest;
  readonly change: ReplayChange;
  /** Under the bundle. */
  readonly decision: Decision;
  /** Under the other bundle; what was recorded where none was named. */
  readonly before: Decision | 'mixed' | null;
  readonly recorded: Readonly<Partial<Record<Outcome, number>>>;
  readonly events: number;
  readonly first: string;
  readonly last: string;
  /** One of the events. */
  readonly event: string;
  readonly determining: readonly string[];
  readonly blockedBy: readonly string[];
  readonly unknowns: readonly string[];
  readonly verdict: string;
}

interface Tally {
  readonly requests: number;
  readonly events: number;
}

export interface ReplaySummary extends Tally {
  readonly newlyDenied: Tally;
  readonly newlyAllowed: Tally;
  readonly unchanged: Tally;
  readonly undecidable: Tally;
  /** Events from which no request can be made, by reason. */
  readonly unmapped: readonly { readonly reason: string; readonly events: number }[];
  /** How often the bundle says what was recorded, where both say allow or deny. */
  readonly agreement: { readonly compared: number; readonly agreed: number; readonly ratio: number | null };
}
