import type {
  AccessEvent,
  Outcome,
  Principal,
  Reason,
  Resource,
  Session,
  Credential,
} from '../domain/event.ts';
import type { ReplayRow, ReplaySummary } from '../domain/replay.ts';
import type { FormatName } from '../domain/format.ts';
import type { BundleProblem, PolicyText, SignatureState } from '../domain/policy-system.ts';

/** What the operations answer: plain data, ready for JSON. Times are RFC 3339 in UTC unless they end in `Ms`. */

export interface AppInfo {
  readonly version: string;
  readonly host: 'electron' | 'headless';
  readonly platform: string;
  /** Whether `files.pick` opens the system's own dialog; else the console shows its file browser. */
  readonly nativeDialogs: boolean;
  readonly readOnly: boolean;
  readonly recent: readonly RecentCase[];
}

export interface RecentCase {
  readonly id: string;
  readonly name: string;
  /** For display only; the renderer never sends a path. */
  readonly folder: string;
  readonly openedAt: string;
  readonly missing: boolean;
}

export interface CaseSummary {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly created: string;
  readonly schemaVersion: number;
  readonly events: number;
  readonly files: number;
  readonly rejected: number;
  /** First and last event. */
  readonly from: string | null;
  readonly to: string | null;
  /** Grows with every change of the case's data; views reload when it differs. */
  readonly revision: number;
}

/** A one-use handle for a file or folder that the analyst chose. */
export interface FileToken {
  readonly token: string;
  readonly name: string;
  readonly kind: 'file' | 'folder';
  readonly bytes: number | null;
}

export interface FolderListing {
  /** The folder's path, for display. */
  readonly folder: string;
  readonly self: FileToken;
  readonly parent: FileToken | null;
  readonly entries: readonly FileToken[];
  readonly truncated: boolean;
}

export interface IngestProgress {
  readonly phase: 'listing' | 'reading' | 'finishing';
  readonly file: string | null;
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly events: number;
  readonly rejected: number;
  readonly eventsPerSecond: number;
  readonly secondsLeft: number | null;
}

/** The answer of `rescind ingest`; see the command-line contract. */
export interface IngestReport {
  readonly files: number;
  readonly skipped: readonly { readonly path: string; readonly reason: string; readonly records?: number }[];
  readonly bytes: number;
  readonly records: number;
  readonly events: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Exports of directories: entries are no records of a log. */
  readonly directories: readonly { readonly format: string; readonly entries: number }[];
  readonly sources: readonly SourceRange[];
  readonly seconds: number;
  readonly cancelled: boolean;
}

export interface SourceRange {
  readonly format: FormatName;
  readonly events: number;
  readonly from: string | null;
  readonly to: string | null;
}

export interface EvidenceItem {
  readonly sha256: string;
  readonly path: string;
  readonly format: FormatName | null;
  readonly encoding: string;
  readonly bytes: number;
  readonly parent: string | null;
  readonly status: 'partial' | 'complete' | 'skipped';
  /** Why the file was skipped. */
  readonly reason: string | null;
  readonly records: number;
  readonly events: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly importedAt: string;
  /**
   * What of the file is neither an event nor rejected, and why: records that are none of access by nature, with their
   * number, and (of no number) a rest that could not be read at all.
   */
  readonly leftOut: readonly { readonly reason: string; readonly records: number }[];
}

export interface RejectedItem {
  readonly path: string;
  readonly sha256: string;
  readonly offset: number;
  readonly length: number;
  readonly reason: string;
  readonly excerpt: string;
}

export interface CustodyEntry {
  readonly index: number;
  readonly time: string;
  /** E.g. `case-created`, `evidence-acquired`, `evidence-imported`, `run-finished`. */
  readonly type: string;
  readonly summary: string;
  /** RFC 6962 leaf hash, hex. */
  readonly leafHash: string;
}

export interface CustodyView {
  readonly entries: readonly CustodyEntry[];
  readonly total: number;
  readonly checkpoint: {
    readonly size: number;
    readonly rootHash: string;
    readonly time: string;
    readonly key: string;
  } | null;
}

export interface VerifyProgress {
  readonly checked: number;
  readonly total: number;
  readonly what: string;
}

export interface VerifyReport {
  readonly ok: boolean;
  readonly evidence: { readonly files: number; readonly bytes: number };
  readonly offsets: { readonly events: number };
  readonly custody: {
    readonly entries: number;
    readonly checkpoints: number;
    readonly rootHash: string | null;
  };
  /** What the source itself signs: digest files that were found and what they say of the evidence. */
  readonly sources: readonly {
    readonly path: string;
    readonly ok: boolean | null;
    readonly message: string;
  }[];
  readonly problems: readonly { readonly what: string; readonly message: string }[];
}

/** A row of the events table: what the columns hold. The whole event comes with `events.get`. */
export interface EventRow {
  readonly id: string;
  readonly time: string;
  readonly format: FormatName;
  readonly outcome: Outcome;
  readonly reason: Reason | null;
  readonly subject: Principal;
  readonly actor: Principal | null;
  readonly session: Session | null;
  readonly credential: Credential | null;
  readonly action: string | null;
  readonly operation: string | null;
  readonly service: string | null;
  readonly resource: Resource | null;
  readonly ip: string | null;
  readonly account: string | null;
  readonly region: string | null;
}

export interface EventPage {
  readonly total: number;
  readonly offset: number;
  readonly rows: readonly EventRow[];
}

/** Events that share an id with one event. */
export interface RelatedEvents {
  readonly total: number;
  /** Those around the event, itself among them; newest first. */
  readonly rows: readonly EventRow[];
}

export interface CountRow {
  /** One value a field of `by`, in order; the bucket's start (RFC 3339) first where one was asked for. */
  readonly values: readonly (string | null)[];
  readonly count: number;
}

export interface Histogram {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  /** Counts per bucket, one series a value of `split`. */
  readonly series: readonly { readonly value: string; readonly counts: readonly number[] }[];
  readonly total: number;
}

export interface Facet {
  readonly field: string;
  readonly distinct: number;
  readonly values: readonly { readonly value: string | null; readonly count: number }[];
}

export interface RawRecord {
  readonly position: AccessEvent['evidence'];
  /** The exact bytes, base64. */
  readonly base64: string;
  /** The bytes as text (UTF-8, or UTF-16 where the file is so); invalid sequences as U+FFFD. */
  readonly text: string;
}

export interface Coverage {
  readonly format: FormatName;
  readonly events: number;
  readonly from: string;
  readonly to: string;
  readonly stepMs: number;
  readonly fromMs: number;
  /** Events per step; 0 is a gap. */
  readonly counts: readonly number[];
}

export interface Overview {
  readonly coverage: readonly Coverage[];
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly topDenied: readonly {
    readonly subject: string;
    readonly action: string | null;
    readonly count: number;
    readonly last: string;
  }[];
  readonly newIdentities: readonly {
    readonly subject: Principal;
    readonly first: string;
    readonly events: number;
  }[];
  /** Identities with no event in the last quarter of the covered time (at least 7 days). */
  readonly quietIdentities: readonly {
    readonly subject: Principal;
    readonly last: string;
    readonly events: number;
  }[];
  /** What changed most between the last seventh of the time range and the time before it, per day. */
  readonly changes: readonly {
    readonly field: string;
    readonly value: string;
    readonly beforePerDay: number;
    readonly afterPerDay: number;
  }[];
}

export interface DoctorCheck {
  readonly name: string;
  readonly ok: boolean;
  /** `info` never makes the machine unfit. */
  readonly level: 'required' | 'info';
  readonly found: string;
  /** What to do; empty when ok. */
  readonly advice: string;
}

/** A bundle as its policy system understands it. */
export interface PolicyBundle {
  readonly system: string;
  readonly title: string;
  /** The bundle's own name of its version. */
  readonly revision: string | null;
  readonly digest: string;
  readonly policies: number;
  readonly subjects: number;
  readonly problems: readonly BundleProblem[];
  /** Attributes of the context that some policy reads. */
  readonly contextKeys: readonly string[];
  /** What its own signature comes to; null where it is not signed. */
  readonly signature: SignatureState | null;
}

/** A file of policy tests that a case keeps. */
export interface PolicyTestsEntry {
  readonly name: string;
  readonly bytes: number;
  /** RFC 3339. */
  readonly changedAt: string;
}

export interface PolicyTestsText {
  readonly name: string;
  readonly text: string;
}

/** A policy whose text differs between two bundles. */
export interface PolicyTextChange extends Omit<PolicyText, 'text'> {
  readonly change: 'added' | 'removed' | 'changed';
  /** Null where it was added. */
  readonly before: string | null;
  /** Null where it was removed. */
  readonly after: string | null;
}

export interface ReplayProgress {
  readonly events: number;
  readonly groups: number;
}

export interface ReplayReport {
  readonly summary: ReplaySummary;
  /** What changes first; at most as many as were asked for. */
  readonly rows: readonly ReplayRow[];
}

/** How many answers there were of each kind. */
export interface EvaluationTally {
  readonly answers: number;
  readonly allow: number;
  readonly deny: number;
  readonly indeterminate: number;
  /** Answers to what could not be read or worked out: a malformed request, a bundle that does not load. */
  readonly failed: number;
}

export interface EvaluateReport extends EvaluationTally {
  /** The one bundle; null where each line names its own. */
  readonly bundle: PolicyBundle | null;
  /** Why a configured program was not used. */
  readonly notes: readonly string[];
}

export interface ExpectReport {
  readonly tests: number;
  readonly failed: number;
}
