import { EvidenceFiles, type EvidenceSource } from '#electron/evidence/files/read.ts';
import { decodeText } from '#electron/evidence/records/charset.ts';
import { decodeRecord, type ParseJson } from '#electron/evidence/records/decode.ts';
import { parserOf } from '#electron/evidence/records/parser.ts';
import { dateOrderOf, type RecordSyntax } from '#shared/domain/batch.ts';
import { hashedFields, hashedValues } from '#shared/domain/dimensions.ts';
import type { AccessEvent, EvidencePosition, NormalizedEvent } from '#shared/domain/event.ts';
import type { LogFormat, ReadResult, RecordReader } from '#shared/domain/format.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import type { RawRecord } from '#shared/ipc/views.ts';
import { FailureError } from '#shared/util/result.ts';
import { type ReadableDb, sql } from '../connection.ts';
import type { ConfirmHash, EventTable } from './event-table.ts';
import { idOf } from './rows.ts';
import { SharedRecord } from './shared-record.ts';

/** SQL of this file, for the tests of its plans. */
export const recordQueries = {
  file: sql`
    select sha256, path, encoding, location, format, syntax, time_zone as timeZone from evidence where id = ?
  `,
} as const;

interface FileRow {
  readonly sha256: string;
  readonly path: string;
  readonly encoding: EvidenceSource['encoding'];
  readonly location: string;
  readonly format: string | null;
  readonly syntax: string | null;
  readonly timeZone: string | null;
}

interface LogFile {
  readonly source: EvidenceSource;
  readonly path: string;
  readonly format: string;
  readonly syntax: RecordSyntax;
  readonly reader: RecordReader;
  readonly parse: ParseJson;
  readonly native: NonNullable<LogFormat['native']>;
  readonly requestKey: LogFormat['requestKey'];
  readonly parts: LogFormat['parts'];
}

/** The vendor's own record of an event. */
export interface NativeRecord {
  readonly record: JsonObject;
}

/** The formats that records can be read with. */
export type FormatByName = (name: string) => LogFormat | undefined;

/** The raw records behind the events: the single source of truth, read again from the evidence. */
export class Records {
  readonly #db: ReadableDb;
  readonly #files: EvidenceFiles;
  readonly #formatByName: FormatByName;
  readonly #logs = new Map<number, LogFile>();
  #shared: SharedRecord | null = null;

  constructor(db: ReadableDb, evidenceFolder: string, formatByName: FormatByName) {
    this.#db = db;
    this.#formatByName = formatByName;
    this.#files = new EvidenceFiles(evidenceFolder);
  }

  close(): void {
    this.#files.close();
  }

  /** The complete event of a row. Throws kind `unusable` where the evidence is damaged. */
  event(table: EventTable, row: number): AccessEvent {
    const { log, position } = this.#place(table, row);
    const id = idOf(table, row);
    const shared = this.#sharedAt(log, position);
    if (shared !== null)
      return { id, format: log.format, ...ownEvent(shared, id, position), evidence: position };
    const bytes = this.#files.read(log.source, position.offset, position.length);
    const result = read(log, bytes, position);
    if (result.kind === 'event') return { id, format: log.format, ...result.event, evidence: position };
    const several = this.#share(log, bytes, position, result.events);
    return { id, format: log.format, ...ownEvent(several, id, position), evidence: position };
  }

  /** The exact bytes of a row's record. */
  raw(table: EventTable, row: number): RawRecord {
    const { log, position } = this.#place(table, row);
    const bytes = Buffer.from(this.#files.read(log.source, position.offset, position.length));
    return { position, base64: bytes.toString('base64'), text: decodeText(bytes, log.syntax.charset) };
  }

  /** The vendor's own record, without wrappers; null where the evidence no longer gives it. */
  native(table: EventTable, row: number): NativeRecord | null {
    const { log, position } = this.#place(table, row);
    const id = idOf(table, row);
    const shared = this.#sharedAt(log, position);
    const own = shared?.native(id) ?? null;
    if (shared !== null) return own === null ? null : { record: own };
    const bytes = this.#files.read(log.source, position.offset, position.length);
    const decoded = decodeRecord(bytes, log.syntax, log.parse);
    if ('problem' in decoded) return null;
    if (log.parts !== undefined) {
      const result = log.reader.read(decoded.record, decoded.shape);
      if (result.kind === 'events') {
        const record = this.#share(log, bytes, position, result.events).native(id);
        return record === null ? null : { record };
      }
    }
    return { record: log.native(decoded.record, decoded.shape) };
  }

  /**
   * What tells the request of a row from others that are alike in the columns, where the policies that are asked read
   * this much of a record; null where the columns tell all.
   */
  requestKeys(table: EventTable, reads: readonly string[]): (row: number) => string | null {
    const known = new Map<LogFile, ((native: JsonObject) => string) | null>();
    return (row) => {
      const log = this.#log(table.idAt('evidence', row));
      let keyOf = known.get(log);
      if (keyOf === undefined) {
        keyOf = log.requestKey?.(reads) ?? null;
        known.set(log, keyOf);
      }
      return keyOf === null ? null : keyOf(this.native(table, row)?.record ?? {});
    };
  }

  /** Whether a hashed field of a row is this text; a record that can no longer be read is no match. */
  confirmIn(table: EventTable): ConfirmHash {
    return (row, field, text) => hashedValues(this.event(table, row))[hashedFields.indexOf(field)] === text;
  }

  /** The record of several events that was read last, where this is it: its events are asked for one by one. */
  #sharedAt(log: LogFile, position: EvidencePosition): SharedRecord | null {
    return log.parts !== undefined && this.#shared?.isAt(position) === true ? this.#shared : null;
  }

  #share(
    log: LogFile,
    bytes: Uint8Array,
    position: EvidencePosition,
    events: readonly NormalizedEvent[],
  ): SharedRecord {
    const decoded = decodeRecord(bytes, log.syntax, log.parse);
    const native = 'problem' in decoded ? {} : log.native(decoded.record, decoded.shape);
    this.#shared = new SharedRecord(position, events, log.parts?.(native) ?? (() => native));
    return this.#shared;
  }

  #place(table: EventTable, row: number): { log: LogFile; position: EvidencePosition } {
    const log = this.#log(table.idAt('evidence', row));
    const offset = table.offsetAt(row);
    const length = table.wordAt('length', row);
    return { log, position: { sha256: log.source.sha256, path: log.path, offset, length } };
  }

  #log(id: number): LogFile {
    const known = this.#logs.get(id);
    if (known !== undefined) return known;
    const row = this.#db.prepare<[number], FileRow>(recordQueries.file).get(id);
    const format = this.#formatByName(row?.format ?? '');
    if (row === undefined || row.syntax === null || format === undefined) {
      throw new FailureError(
        'unusable',
        `The evidence of this event (${row?.path ?? `number ${id}`}) is listed with the format ${row?.format ?? 'none'}, which this Rescind cannot read.`,
      );
    }
    const syntax = JSON.parse(row.syntax) as RecordSyntax;
    const log: LogFile = {
      source: {
        sha256: row.sha256,
        encoding: row.encoding,
        location: JSON.parse(row.location) as EvidenceSource['location'],
      },
      path: row.path,
      format: format.name,
      syntax,
      reader: format.createReader({ path: row.path, timeZone: row.timeZone, ...dateOrderOf(syntax) }),
      parse: parserOf(format),
      native: format.native ?? ((record) => record),
      requestKey: format.requestKey,
      parts: format.parts,
    };
    this.#logs.set(id, log);
    return log;
  }
}

function ownEvent(shared: SharedRecord, id: string, position: EvidencePosition): NormalizedEvent {
  const event = shared.event(id);
  if (event !== undefined) return event;
  throw unreadable(position, 'it holds other events');
}

function read(
  log: LogFile,
  bytes: Uint8Array,
  position: EvidencePosition,
): Extract<ReadResult, { kind: 'event' | 'events' }> {
  const decoded = decodeRecord(bytes, log.syntax, log.parse);
  const result: ReadResult =
    'problem' in decoded
      ? { kind: 'problem', reason: decoded.problem }
      : log.reader.read(decoded.record, decoded.shape);
  if (result.kind === 'event' || result.kind === 'events') return result;
  throw unreadable(position, result.reason);
}

function unreadable({ offset, path }: EvidencePosition, reason: string): FailureError {
  return new FailureError(
    'unusable',
    `The record at ${offset} of ${path} is no longer read as an event (${reason}). Run rescind verify to check the evidence.`,
  );
}
