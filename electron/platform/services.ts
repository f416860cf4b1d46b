import type { AccessUse, LogReach } from '#shared/domain/usage.ts';
import type { PermissionChange } from '#shared/domain/drift.ts';
import type { AccessPath } from '#shared/domain/access-path.ts';
import type { BehaviourFacts } from '#shared/domain/behaviour.ts';
import type { ObservedUse, ProposalMargin, SystemProposal } from '#shared/domain/proposal.ts';
import type { CouldReach } from '#shared/domain/reach.ts';
import type { Entitlement } from '#shared/domain/entitlement.ts';
import type { EvidenceFile, EvidenceState, RecordCounts } from '#shared/domain/batch.ts';
import type { Decision, DecisionData } from '#shared/domain/decision.ts';
import type { BundleFile, CaseBundle, NewBundle } from '#shared/domain/bundle.ts';
import type { DimensionName } from '#shared/domain/dimensions.ts';
import type { Finding } from '#shared/domain/finding.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import type { RequestKnowledge } from '#shared/domain/evaluation-request.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import type { PackedBatch } from '#shared/domain/packed-batch.ts';
import type { LoggedChanges, PolicyChange } from '#shared/domain/policy-change.ts';
import type { BundleProblem, PolicyText, WhoAnswer } from '#shared/domain/policy-system.ts';
import type { EventGroup, JudgedGroup } from '#shared/domain/replay.ts';
import type { BundleRef, DecisionTrace } from '#shared/domain/trace.ts';
import type { PolicyTestResult } from '#shared/policy-tests/policy-test.ts';
import type { OutputOf, ParsedInputOf } from '#shared/ipc/contract.ts';
import type {
  CaseSummary,
  EvaluateReport,
  ExpectReport,
  IngestProgress,
  IngestReport,
  PolicyBundle,
} from '#shared/ipc/views.ts';
import type { PolicyEdit } from '#shared/what-if/edit.ts';
import type { MethodContext } from './rpc.ts';

/** The methods of each child process. Types alone: what each process serves, and what its callers may ask. */

type ReaderOperation =
  | 'evidence.list'
  | 'evidence.rejected'
  | 'evidence.custody'
  | 'evidence.verify'
  | 'events.page'
  | 'events.count'
  | 'events.histogram'
  | 'events.facets'
  | 'events.get'
  | 'events.raw'
  | 'events.related'
  | 'events.stream'
  | 'bundles.list'
  | 'bundles.get'
  | 'query.values'
  | 'overview.get'
  | 'directories.list'
  | 'identities.list'
  | 'identities.review'
  | 'identities.decisions'
  | 'ownership.list'
  | 'ownership.of'
  | 'findings.run'
  | 'lineage.get'
  | 'sql.run';

type OperationMethod<K extends ReaderOperation> = (
  input: ParsedInputOf<K>,
  context: MethodContext,
) => Promise<OutputOf<K>> | OutputOf<K>;

/**
 * Store reader: opens the case read-only, answers the contract's questions, may be killed at any moment. Items of
 * `events.stream` and `sql.run` come in arrays, to spare messages.
 */
export type ReaderService = { readonly [K in ReaderOperation]: OperationMethod<K> } & {
  /** Opens the case folder (again, after a restart). */
  open(input: { folder: string }): CaseSummary;
  /** Takes in what the writer has committed since. */
  refresh(input: Record<string, never>): CaseSummary;
  /** What is wrong with identities and credentials by themselves. */
  identityFindings(
    input: { asOf: string | null; dormantAfterDays: number },
    context: MethodContext,
  ): readonly Finding[];
  /** The files of a kept bundle, for the policy process. */
  bundleFiles(input: { id: string }, context: MethodContext): readonly BundleFile[];
  /** The time that is asked for, or the end of the evidence; null where there is none. */
  referenceTime(input: { asOf: string | null }, context: MethodContext): string | null;
  /** What was done to what by these subjects (null: by everybody) up to a time, and what the logs reach. */
  accessUses(
    input: { asOf: string | null; subjects: readonly string[] | null },
    context: MethodContext,
  ): {
    readonly asOf: string | null;
    readonly uses: readonly AccessUse[];
    readonly reaches: readonly LogReach[];
  };
  /** What everybody did on which day, and was first seen with. */
  behaviourFacts(input: { asOf: string | null }, context: MethodContext): BehaviourFacts;
  /** An event with the vendor's own record, without wrappers, as JSON text: numbers keep their digits in it. */
  nativeEvent(
    input: { id: string },
    context: MethodContext,
  ): { readonly event: AccessEvent; readonly record: string };
  /** The logged calls that changed policies of a system. */
  policyChanges(input: { readonly system: string }, context: MethodContext): LoggedChanges | null;
  /** What matches, in groups that are alike in what a policy can read. Items are arrays of `EventGroup`. */
  eventGroups(
    input: {
      readonly query: string;
      readonly from: string | null;
      readonly to: string | null;
      readonly dimensions: readonly DimensionName[];
      /** What the policies that are asked read of requests: their `contextKeys`. */
      readonly reads: readonly string[];
      /** Moments in microseconds since 1970, ascending, that no group reaches over. */
      readonly boundaries?: readonly number[];
    },
    context: MethodContext,
  ): Promise<{ readonly groups: number; readonly events: number }>;
};

/** Store writer: the only process that changes a case. One run of import at a time. */
export type WriterService = {
  create(input: { folder: string; name: string; configFolder: string }): CaseSummary;
  /** Opens for writing, migrates an older case after a backup, clears what a crash left behind. */
  open(input: { folder: string; configFolder: string }): CaseSummary;
  beginRun(input: { paths: readonly string[] }): { runId: number };
  /**
   * Enters a file whose bytes already lie in the evidence folder, or finds it there from an earlier run. What the
   * case already held of it counts in this run's totals: its events as duplicates, its rejected records as rejected.
   */
  registerEvidence(input: { runId: number; file: EvidenceFile }): EvidenceState;
  /** Takes a batch; answers with the batch's own counts, when the sender may forget it. Commits on its own schedule. */
  writeBatch(input: { evidenceId: number; batch: PackedBatch; resumeAt: number }): RecordCounts;
  /** All batches of the file were written. Answers with the counts of the whole file, over all runs. */
  finishEvidence(input: {
    evidenceId: number;
    skipped: readonly { reason: string; records: number }[];
  }): RecordCounts;
  /** Keeps a file that is no log in the list, with the reason. */
  skipEvidence(input: { runId: number; file: EvidenceFile; reason: string }): null;
  /** Commits everything, signs a custody checkpoint and sums up. `cancelled` leaves unfinished files resumable. */
  finishRun(input: {
    runId: number;
    cancelled: boolean;
  }): Omit<IngestReport, 'files' | 'skipped' | 'bytes' | 'seconds'>;
  /** Enters a bundle whose files lie in the case's folder of bundles already; the same one is entered once. */
  addBundle(input: NewBundle): CaseBundle;
  /** Keeps a decision; refuses one about what is not there, and taking back what is taken back already. */
  decide(input: { who: string; why: string; data: DecisionData }): Decision;
  close(input: Record<string, never>): null;
};

/** What the analyst says of exports of directories that they do not say themselves. */
export interface DirectoryImport {
  /** Which column of a table means what. */
  readonly mapping?: JsonObject | null;
  /** When they were made: RFC 3339. */
  readonly takenAt?: string | null;
}

/** Ingest: reads hostile files in worker threads; has a port to the writer and no SQL. */
export interface IngestOrder {
  readonly caseFolder: string;
  readonly paths: readonly string[];
  readonly format: string | null;
  readonly timeZone: string | null;
  readonly directory?: DirectoryImport;
  readonly workers: number;
}
export type IngestService = {
  /** Fails as `run` would for what is wrong with the order itself; reads and writes nothing. `run` is quicker behind it. */
  check(input: IngestOrder): Promise<void>;
  run(input: IngestOrder, context: MethodContext): Promise<IngestReport>;
};
export type IngestItem = IngestProgress;

/** The user's own programs; null where none is configured. */
export interface PolicySettings {
  readonly opa: string | null;
  readonly cerbos: string | null;
}
interface GivenBundle {
  readonly path: string;
  readonly system: string | null;
}
/** A bundle that is to be added to a case. */
interface AddedBundle extends GivenBundle {
  /** Path of the key with which a signed bundle is verified; null where there is none. */
  readonly verificationKey: string | null;
}
/** A bundle of a case, as the policy process reads it back. */
export interface KeptBundle {
  readonly bundle: CaseBundle;
  /** The case's folder of bundles. */
  readonly folder: string;
  readonly files: readonly BundleFile[];
  /** Set where the policies are meant as they stood at another time than the bundle's. */
  readonly rebuilt?: RebuiltFrom;
}
/** What the policies at a moment are told from, beside a bundle: the changes around it, and the bundle after them. */
export interface RebuiltFrom {
  readonly at: string;
  /** Whether the bundle lies before the moment. */
  readonly isBefore: boolean;
  readonly after: KeptBundle | null;
  readonly earlier: readonly PolicyChange[];
  readonly simultaneous: readonly PolicyChange[];
  readonly later: readonly PolicyChange[];
}
/** The time from one bundle to the next, in which logged calls changed the policies. */
export interface EpochWindow {
  readonly kept: KeptBundle;
  readonly after: KeptBundle | null;
  /** Whether the bundle lies before what is judged by it. */
  readonly isBefore: boolean;
  /** Whether what comes of it is known to have been in force. */
  readonly inForce: boolean;
  /** In the order of time. */
  readonly changes: readonly PolicyChange[];
}
/** A kept bundle with other texts for some of its files. */
interface EditedBundle {
  readonly kept: KeptBundle;
  readonly edits: readonly PolicyEdit[];
}
interface PolicyInput {
  readonly settings: PolicySettings;
}

/** Policy: reads hostile bundles and evaluates in worker threads; has no SQL and no secrets. Items are JSON Lines. */
export type PolicyService = {
  evaluate(
    input: PolicyInput & ParsedInputOf<'policy.evaluate'>,
    context: MethodContext,
  ): Promise<EvaluateReport>;
  expect(input: PolicyInput & ParsedInputOf<'policy.expect'>, context: MethodContext): Promise<ExpectReport>;
  who(
    input: PolicyInput & ParsedInputOf<'policy.who'>,
    context: MethodContext,
  ): Promise<{ readonly answers: number }>;
  /** What a bundle is, before a case is made for it. */
  describe(input: PolicyInput & AddedBundle, context: MethodContext): Promise<PolicyBundle>;
  /** Reads a bundle and keeps its files in a case's folder of bundles, for the writer to enter. */
  keep(
    input: PolicyInput & AddedBundle & { readonly folder: string },
    context: MethodContext,
  ): Promise<Omit<NewBundle, 'path' | 'inForceFrom'>>;
  /** As `keep`, for a kept bundle with some of its files changed. */
  keepEdited(
    input: PolicyInput & EditedBundle,
    context: MethodContext,
  ): Promise<Omit<NewBundle, 'path' | 'inForceFrom'>>;
  problems(input: PolicyInput & EditedBundle, context: MethodContext): Promise<readonly BundleProblem[]>;
  /** The files that the edits change, whole. */
  edited(
    input: PolicyInput & EditedBundle,
    context: MethodContext,
  ): Promise<readonly { readonly path: string; readonly text: string }[]>;
  describeKept(
    input: PolicyInput & { readonly kept: KeptBundle },
    context: MethodContext,
  ): Promise<PolicyBundle>;
  texts(
    input: PolicyInput & { readonly kept: KeptBundle; readonly whole?: boolean },
    context: MethodContext,
  ): Promise<readonly PolicyText[]>;
  /** A question about a kept bundle, with some of its files changed. */
  ask(
    input: PolicyInput &
      EditedBundle & {
        readonly request: Readonly<Record<string, unknown>>;
        readonly knowledge: RequestKnowledge;
      },
    context: MethodContext,
  ): Promise<DecisionTrace>;
  check(
    input: PolicyInput & EditedBundle & { readonly tests: string },
    context: MethodContext,
  ): Promise<readonly PolicyTestResult[]>;
  whoCan(
    input: PolicyInput &
      EditedBundle & {
        readonly action: string;
        readonly resource: string;
        readonly context: Readonly<Record<string, unknown>>;
      },
    context: MethodContext,
  ): Promise<readonly WhoAnswer[]>;
  explain(
    input: PolicyInput & {
      readonly kept: KeptBundle;
      readonly event: AccessEvent;
      /** As JSON text. */
      readonly record: string;
      readonly ref: BundleRef;
      readonly inForce: boolean;
      /** What else is taken for granted of the policies at that time. */
      readonly notes: readonly string[];
    },
    context: MethodContext,
  ): Promise<DecisionTrace>;
  entitlements(
    input: PolicyInput & { readonly kept: KeptBundle; readonly subject: string | null },
    context: MethodContext,
  ): Promise<readonly Entitlement[]>;
  paths(
    input: PolicyInput & {
      readonly kept: KeptBundle;
      readonly subject: string | null;
      readonly at: string | null;
    },
    context: MethodContext,
  ): Promise<readonly AccessPath[]>;
  reach(
    input: PolicyInput & { readonly kept: KeptBundle; readonly subject: string; readonly at: string | null },
    context: MethodContext,
  ): Promise<CouldReach>;
  propose(
    input: PolicyInput & {
      readonly kept: KeptBundle;
      readonly subject: string;
      readonly observed: readonly ObservedUse[];
      readonly margin: ProposalMargin;
      readonly reach: LogReach | null;
    },
    context: MethodContext,
  ): Promise<SystemProposal | null>;
  /** Permissions or paths of a bundle that lies in files, a line each. */
  list(
    input: PolicyInput & ParsedInputOf<'policy.list'>,
    context: MethodContext,
  ): Promise<{ readonly answers: number }>;
  drift(
    /** `from` may be a baseline that lies in files. */
    input: PolicyInput & { readonly from: KeptBundle | GivenBundle; readonly to: KeptBundle },
    context: MethodContext,
  ): Promise<readonly PermissionChange[]>;
  /** `splits`: for each group how many changes of the window lie before it, and how many up to its very moment. */
  judgeEpochs(
    input: PolicyInput & {
      readonly window: EpochWindow;
      readonly groups: readonly EventGroup[];
      readonly splits: readonly (readonly [number, number])[];
    },
    context: MethodContext,
  ): Promise<readonly JudgedGroup[]>;
  judge(
    input: PolicyInput & {
      readonly kept: KeptBundle;
      readonly against: KeptBundle | null;
      readonly groups: readonly EventGroup[];
    },
    context: MethodContext,
  ): Promise<readonly JudgedGroup[]>;
};
