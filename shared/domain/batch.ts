import type { DimensionName } from './dimensions.ts';
import type { PlacedEntry, SnapshotFacts } from './directory.ts';
import type { DateOrder, FormatName } from './format.ts';
import type { JsonObject } from './json.ts';

/**
 * What ingest hands to the store: up to `batchCapacity` events of one file as columns, and the records that were
 * rejected among them. Dictionary ids are local to the batch: `ids[i]` indexes `values`, whose entries are the
 * JSON text of the dimension's tuple (see `dimensions`). Events stand in file order.
 */
export interface EventBatch {
  readonly count: number;
  /** Microseconds since 1970, UTC. */
  readonly micros: Float64Array;
  /** Nanoseconds below the microsecond, 0..999. */
  readonly nanos: Uint16Array;
  /** Fractional digits of the source's time, 0..9. */
  readonly timeDigits: Uint8Array;
  /** 128-bit identity of each event, four words an event: of the vendor's id, else of the position in the evidence. */
  readonly keys: Uint32Array;
  /** Byte offset and length of the record in the file's decompressed stream. */
  readonly offsets: Float64Array;
  readonly lengths: Uint32Array;
  readonly dimensions: Readonly<Record<DimensionName, DictionaryColumn>>;
  /** One column for each of `hashedFields`, in their order; 0 = absent. */
  readonly hashes: readonly Uint32Array[];
  readonly rejected: readonly RejectedRecord[];
  /** Records of this batch's stretch that are no access events by nature, by reason. */
  readonly skipped?: readonly SkippedRecords[];
  /** What a directory export tells, which has no events. */
  readonly directory?: DirectoryPart;
}

/** A stretch of a directory export. */
export interface DirectoryPart {
  readonly entries: readonly PlacedEntry[];
  /** With the last stretch. */
  readonly facts: SnapshotFacts | null;
  /** By which a table was read; null for what tells by itself. */
  readonly mapping: JsonObject | null;
}

export interface SkippedRecords {
  readonly reason: string;
  readonly records: number;
}

export interface DictionaryColumn {
  readonly ids: Uint32Array;
  readonly values: readonly string[];
}

export const batchCapacity = 16_384;

/** A record that could not become an event: never dropped, always to be found again. */
export interface RejectedRecord {
  readonly offset: number;
  readonly length: number;
  /** What was expected and what was found. */
  readonly reason: string;
  /** Start of the record as text, at most 200 characters; for display only. */
  readonly excerpt: string;
}

/** How the bytes of a file become the stream in which offsets are counted. */
export type TransportEncoding = 'none' | 'gzip' | 'zstd';

/** Where a file's own bytes lie: in the evidence folder, or within an archive that lies there. */
export type EvidenceLocation =
  | { readonly kind: 'file' }
  /** Zip member: `length` bytes at `offset` of the archive's own bytes, packed by `method`. */
  | {
      readonly kind: 'zip-member';
      readonly parent: string;
      readonly offset: number;
      readonly length: number;
      readonly method: 'stored' | 'deflate';
    }
  /** Tar member: `length` bytes at `offset` of the archive's decompressed stream. */
  | {
      readonly kind: 'tar-member';
      readonly parent: string;
      readonly offset: number;
      readonly length: number;
    };

export type Charset = 'utf-8' | 'utf-16le' | 'utf-16be';

/** How records stand in the decompressed stream: enough to read one again from its bytes alone. */
export type RecordSyntax =
  /** JSON values, one after another, in lines or within containers; a text may stand before a value on its line. */
  | { readonly kind: 'json'; readonly charset: Charset }
  /** LDIF (RFC 2849): entries that blank lines part. */
  | { readonly kind: 'ldif'; readonly charset: Charset }
  /** A delimited table with a header row. */
  | {
      readonly kind: 'table';
      readonly charset: Charset;
      readonly delimiter: string;
      readonly header: readonly string[];
      /** Of dates with slashes, where one of the file's tells. */
      readonly dateOrder?: DateOrder;
    };

/** The order of day and month that reading a record of this syntax goes by. */
export function dateOrderOf(syntax: RecordSyntax): { readonly dateOrder?: DateOrder } {
  return syntax.kind === 'table' && syntax.dateOrder !== undefined ? { dateOrder: syntax.dateOrder } : {};
}

/** A file (or a member of an archive) that was read, hashed and kept. */
export interface EvidenceFile {
  /** SHA-256 of the file's bytes as they came, lower-case hex. Also its name in the evidence folder. */
  readonly sha256: string;
  /** As the analyst gave it; a member is `archive.zip!inner/file.json`. */
  readonly path: string;
  /** Size in bytes as it came. */
  readonly bytes: number;
  readonly encoding: TransportEncoding;
  /** Null where the file is no log that is known. */
  readonly format: FormatName | null;
  readonly location: EvidenceLocation;
  /** Null where the file was skipped. */
  readonly syntax: RecordSyntax | null;
  /** The zone that the analyst gave for local times. */
  readonly timeZone: string | null;
}

/** Progress of one file in the catalogue. `resumeAt`: records that end at or before this offset are stored. */
export interface EvidenceState {
  readonly evidenceId: number;
  readonly status: 'new' | 'partial' | 'complete';
  readonly resumeAt: number;
  readonly counts: RecordCounts;
}

export interface RecordCounts {
  readonly records: number;
  readonly events: number;
  readonly duplicates: number;
  readonly rejected: number;
}

export const noRecords: RecordCounts = { records: 0, events: 0, duplicates: 0, rejected: 0 };
