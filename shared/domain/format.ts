import type { FormatParts } from './event-part.ts';
import type { NormalizedEvent } from './event.ts';
import type { JsonObject } from './json.ts';

/** A log format's stable name, e.g. `aws-cloudtrail`. The folder in `shared/formats` bears it. */
export type FormatName = string;

/** How a record stood in its file: a JSON value, or a row of a table with the header's names as keys. */
export type RecordShape = 'json' | 'row';

/** What a format makes of one record. */
export type ReadResult =
  | { readonly kind: 'event'; readonly event: NormalizedEvent }
  /** One record with several events, e.g. the answers to all questions of one call; at most `batchCapacity`. */
  | { readonly kind: 'events'; readonly events: readonly NormalizedEvent[] }
  /** Not an access event by nature (a digest, an Insight): counted and named, not rejected. */
  | { readonly kind: 'skip'; readonly reason: string }
  /** Should have been an event and is not: kept with its reason and position. */
  | { readonly kind: 'problem'; readonly reason: string };

/** Whether dates such as `3/4/2026` begin with the day or with the month. */
export type DateOrder = 'day-first' | 'month-first';

export interface ReadContext {
  /** Path of the file, for formats that carry facts in it. Never trusted over the record's own content. */
  readonly path: string;
  /** IANA zone for local times without an offset; null where the analyst gave none. */
  readonly timeZone: string | null;
  /** What a date of the file settles, where it has any that does: a number above 12 is no month. */
  readonly dateOrder?: DateOrder;
}

/** Reads the records of one file. Stateful only for caches and per-file decisions; never throws on data. */
export interface RecordReader {
  read(record: JsonObject, shape: RecordShape): ReadResult;
}

/** What a format says of a record that it is shown for detection. */
export interface Detection {
  /** 0 not this format, up to 1 certain. */
  readonly confidence: number;
  /** Set where the whole file is no log (digest, Insight, directory export): it is skipped with this reason. */
  readonly skip?: string;
}

/**
 * A log format: one folder in `shared/formats`, one line in its list. Pure: no I/O, no clock.
 * The reference extractor works on a parsed record.
 */
export interface LogFormat {
  readonly name: FormatName;
  /** As shown to people, e.g. `AWS CloudTrail`. */
  readonly title: string;
  /**
   * Keys under which a JSON object holds an array of records, e.g. `Records`. Such a document is never parsed
   * as one value: its elements are split out of the bytes.
   */
  readonly containerKeys: readonly string[];
  /** True where numbers in records keep all their digits, as `shared/util/exact-json.ts` reads them. */
  readonly exactIntegers?: true;
  /** Judges one parsed record (or its envelope, or a row with the header's names as keys). */
  detect(record: JsonObject, shape: RecordShape): Detection;
  /** Judges a file by its path alone, e.g. a digest file. Used before detection by content. */
  skipPath?(path: string): string | null;
  createReader(context: ReadContext): RecordReader;
  /** The reader in parts, for records in no wrapper: what an accelerated extractor works with. */
  readonly createParts?: () => FormatParts;
  /** The vendor's own record, taken out of the wrappers that shippers put around it: what detection rules are about. */
  readonly native?: (record: JsonObject, shape: RecordShape) => JsonObject;
  /** Of a record with several events: what of the vendor's own record is about the event of a number, from 0. */
  readonly parts?: (native: JsonObject) => (number: number) => JsonObject;
  /**
   * What tells two requests apart that are alike in the columns, from the vendor's own record and what the policies that
   * are asked can read of it (their `contextKeys`). Absent where the columns hold all that a policy can read.
   */
  readonly requestKey?: (reads: readonly string[]) => (native: JsonObject) => string;
  /** Credentials that events of this log make: what lineage follows. */
  readonly lineage?: CredentialLineage;
  /** How Sigma rules name this log, and the field of the vendor's record that the event's `operation` is. */
  readonly sigma?: { readonly product: string; readonly service: string; readonly operationField: string };
}

/** A credential that an event made, and who holds it. */
export interface IssuedCredential {
  /** As the events that are made with it carry it in `credential.id`. */
  readonly id: string;
  readonly type: string;
  readonly holder: string | null;
}

export interface CredentialLineage {
  /** Operations whose events can make a credential: no others are read. */
  readonly operations: readonly string[];
  /** What one event made, from the vendor's own record; empty where it made nothing. */
  readonly issued: (native: JsonObject) => readonly IssuedCredential[];
}
