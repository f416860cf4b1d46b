import type { Divergence } from './trace.ts';

/** How often what a policy says is what the log recorded, for the events of one log format. */
export interface SourceAgreement {
  readonly format: string;
  readonly system: string;
  /** Bundles of the system in the case. */
  readonly bundles: number;
  readonly events: number;
  /** Distinct requests, each with the policies of its time. */
  readonly requests: number;
  /** Events of which both sides say allow or deny. */
  readonly compared: number;
  readonly agreed: number;
  /** Of those compared; null where there is none. */
  readonly ratio: number | null;
  /** Events that the policies do not decide from what is known. */
  readonly undecided: number;
  /** Events whose outcome is no answer of a policy: a failure, a failed authentication. */
  readonly unrecorded: number;
  /** Events from which no request can be made, by reason, most frequent first. */
  readonly unmapped: readonly { readonly reason: string; readonly events: number }[];
  /** What is not agreed or not decided, by likely cause. */
  readonly causes: readonly AgreementCause[];
}

export interface AgreementCause {
  readonly cause: Divergence['likelyCause'];
  readonly events: number;
  readonly requests: number;
  /** Some of the requests, those of most events first. */
  readonly examples: readonly {
    readonly event: string;
    readonly events: number;
    readonly recorded: string;
    readonly recomputed: string;
    readonly why: string;
  }[];
}

export interface AgreementReport {
  /** Of the case when it was worked out. */
  readonly revision: number;
  readonly sources: readonly SourceAgreement[];
}
