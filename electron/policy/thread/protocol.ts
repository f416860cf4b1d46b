import type { EpochWindow, KeptBundle } from '#electron/platform/services.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import type { RequestKnowledge } from '#shared/domain/evaluation-request.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import type { BundleProblem, BundleSource } from '#shared/domain/policy-system.ts';
import type { ObservedUse, ProposalMargin } from '#shared/domain/proposal.ts';
import type { LogReach } from '#shared/domain/usage.ts';
import type { BundleRef } from '#shared/domain/trace.ts';
import type { EventGroup } from '#shared/domain/replay.ts';
import type { EvaluationTally } from '#shared/ipc/views.ts';
import type { Failure, Result } from '#shared/util/result.ts';

/** Which bundle is meant: a path, one that a case keeps, files given in place, or a document given in place. */
export type BundleChoice =
  | { readonly kind: 'path'; readonly path: string; readonly system: string | null }
  | { readonly kind: 'kept'; readonly kept: KeptBundle }
  | { readonly kind: 'inline'; readonly source: BundleSource; readonly system: string | null };

/** A bundle that lies in files. */
export type ReadableBundle = Exclude<BundleChoice, { kind: 'inline' }>;

/** A unit that ended its thread, or ran out of time. It is not tried again. */
export interface Casualty {
  readonly unit: number;
  readonly phase: Phase;
  readonly reason: string;
}

/** What a thread is at, told through shared memory because a thread that hangs tells nothing else. */
export const phases = { idle: 0, loading: 1, evaluating: 2, awaiting: 3 } as const;
export type Phase = (typeof phases)[keyof typeof phases];
/** Indices of the shared memory: phase, unit, and a counter that moves with every step of loading. */
export const state = { phase: 0, unit: 1, beat: 2, length: 3 } as const;

/**
 * Lines to answer. With a bundle each line is a request; without, each names its own bundle and requests. A unit is
 * one answer, counted from 0 within the job; units before `from` have been answered already.
 */
export interface EvaluateJob {
  readonly kind: 'evaluate';
  readonly bundle: BundleChoice | null;
  /** Number of the first line, from 1. */
  readonly firstLine: number;
  readonly lines: readonly string[];
  readonly from: number;
  readonly casualties: readonly Casualty[];
  /** Set where the bundle has cost too many threads: the rest is answered with this reason. */
  readonly giveUp: string | null;
}

/** Describes a bundle: what `bundle add` lists. */
export interface DescribeJob {
  readonly kind: 'describe';
  readonly bundle: BundleChoice;
  /** Text of the key with which a signed bundle is verified; null where there is none. */
  readonly verificationKey?: string | null;
}

export interface WhoJob {
  readonly kind: 'who';
  readonly bundle: BundleChoice;
  readonly action: string;
  readonly resource: string;
  readonly context: JsonObject;
}

/** The bundle's policies as text. */
export interface TextsJob {
  readonly kind: 'texts';
  readonly bundle: BundleChoice;
  /** With what holds the policies, and the files that are no policies: all in which two bundles can differ. */
  readonly whole?: boolean;
}

/** The files of a bundle that was rebuilt from logged changes. */
export interface SourceJob {
  readonly kind: 'source';
  readonly bundle: BundleChoice;
}

/** One question of a person. */
export interface AskJob {
  readonly kind: 'ask';
  readonly bundle: BundleChoice;
  readonly request: Readonly<Record<string, unknown>>;
  readonly knowledge: RequestKnowledge;
}

/** The trace of a logged event: recorded, recomputed, and where the two differ. */
export interface ExplainJob {
  readonly kind: 'explain';
  readonly bundle: BundleChoice;
  readonly event: AccessEvent;
  /** The vendor's own record, without wrappers, as JSON text. */
  readonly record: string;
  readonly ref: BundleRef;
  /** Whether the bundle is known to have been in force when the event happened. */
  readonly inForce: boolean;
  readonly notes: readonly string[];
}

/** The decisions on groups of logged events, under one bundle or under two. */
export interface JudgeJob {
  readonly kind: 'judge';
  readonly bundle: BundleChoice;
  readonly against: BundleChoice | null;
  readonly groups: readonly EventGroup[];
}

/** The decisions on groups of logged events, each by the policies of its time. */
export interface JudgeEpochsJob {
  readonly kind: 'judge-epochs';
  /** That of the window. */
  readonly bundle: BundleChoice;
  readonly window: EpochWindow;
  readonly groups: readonly EventGroup[];
  readonly splits: readonly (readonly [number, number])[];
}

/** Runs a file of policy tests. */
export interface ExpectJob {
  readonly kind: 'expect';
  readonly bundle: BundleChoice;
  readonly path: string;
  readonly text: string;
}

/** Lists effective permissions. */
export interface EntitlementsJob {
  readonly kind: 'entitlements';
  readonly bundle: BundleChoice;
  readonly subject: string | null;
}

/** Lists ways to rights and credentials that were not given. */
export interface PathsJob {
  readonly kind: 'paths';
  readonly bundle: BundleChoice;
  readonly subject: string | null;
  /** RFC 3339: when requests are taken to be made. */
  readonly at: string | null;
}

/** Proposes the smallest policy for the use that was seen. */
export interface ProposeJob {
  readonly kind: 'propose';
  readonly bundle: BundleChoice;
  readonly subject: string;
  readonly observed: readonly ObservedUse[];
  readonly margin: ProposalMargin;
  /** The log that would show use; null where there is none. */
  readonly reach: LogReach | null;
}

/** What a subject, and all that it can become, could reach. */
export interface ReachJob {
  readonly kind: 'reach';
  readonly bundle: BundleChoice;
  readonly subject: string;
  readonly at: string | null;
}

/** Compares effective permissions with those under another bundle. */
export interface DriftJob {
  readonly kind: 'drift';
  readonly bundle: BundleChoice;
  readonly to: BundleChoice;
}

/** Who appears in the bundle. */
export interface IdentitiesJob {
  readonly kind: 'identities';
  readonly bundle: BundleChoice;
}

export type Job =
  | EvaluateJob
  | DescribeJob
  | WhoJob
  | ExpectJob
  | TextsJob
  | IdentitiesJob
  | SourceJob
  | AskJob
  | ExplainJob
  | JudgeJob
  | JudgeEpochsJob
  | EntitlementsJob
  | PathsJob
  | ReachJob
  | ProposeJob
  | DriftJob;

export type Tally = EvaluationTally;

export interface EngineRun {
  readonly engine: 'opa' | 'cerbos';
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  readonly args: readonly string[];
  readonly input: string | null;
}
export interface EngineOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ThreadSettings {
  /** `Int32Array` of `state.length`. */
  readonly state: SharedArrayBuffer;
  /** Versions of the user's own programs; null where there is none. */
  readonly opa: string | null;
  readonly cerbos: string | null;
}

export type ToThread =
  | { readonly type: 'job'; readonly job: Job }
  | {
      readonly type: 'bundle';
      readonly id: number;
      readonly result: Result<{ source: BundleSource; problems: readonly BundleProblem[] }>;
    }
  | { readonly type: 'ran'; readonly id: number; readonly result: Result<EngineOutput> };

export type FromThread =
  | { readonly type: 'read'; readonly id: number; readonly what: ReadableBundle }
  | { readonly type: 'run'; readonly id: number; readonly run: EngineRun }
  /** JSON Lines, serialised where they were made; `tally` counts these lines. */
  | { readonly type: 'lines'; readonly text: string; readonly tally: Tally }
  | { readonly type: 'done'; readonly value: unknown }
  | { readonly type: 'failed'; readonly failure: Failure };
