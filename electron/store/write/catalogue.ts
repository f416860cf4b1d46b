import type { EvidenceFile, RecordCounts, RejectedRecord, SkippedRecords } from '#shared/domain/batch.ts';
import { type Instant, formatInstant, parseInstant } from '#shared/util/instant.ts';
import { type WritableDb, sql } from '../connection.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** One file of the catalogue as it stands in memory, ahead of the database until the next commit. */
export interface Entry {
  readonly id: number;
  readonly sha256: string;
  path: string;
  format: string | null;
  timeZone: string | null;
  status: 'partial' | 'complete' | 'skipped';
  reason: string | null;
  resumeAt: number;
  readonly counts: Mutable<RecordCounts>;
  from: Instant | null;
  to: Instant | null;
}

interface Row extends RecordCounts {
  readonly id: number;
  readonly sha256: string;
  readonly path: string;
  readonly format: string | null;
  readonly timeZone: string | null;
  readonly status: Entry['status'];
  readonly reason: string | null;
  readonly resumeAt: number;
  readonly timeFrom: string | null;
  readonly timeTo: string | null;
}

/** The evidence of a case while it is written, with what became of each file's records. */
export class Catalogue {
  readonly #entries = new Map<string, Entry>();
  #nextId = 1;
  #changed = new Set<Entry>();
  /** Files whose description is new or replaced one that was skipped. */
  #files = new Map<Entry, { readonly file: EvidenceFile; readonly runId: number; readonly time: string }>();
  #paths: { readonly id: number; readonly path: string }[] = [];
  #rejected: { readonly id: number; readonly record: RejectedRecord }[] = [];
  #skipped: (SkippedRecords & { readonly id: number })[] = [];

  static load(db: WritableDb): Catalogue {
    const catalogue = new Catalogue();
    const rows = db
      .prepare<[], Row>(sql`
        select id, sha256, path, format, time_zone as timeZone, status, reason, resume_at as resumeAt, records,
          events, duplicates, rejected, time_from as timeFrom, time_to as timeTo
        from evidence
      `)
      .iterate();
    for (const { records, events, duplicates, rejected, timeFrom, timeTo, ...row } of rows) {
      catalogue.#entries.set(row.sha256, {
        ...row,
        counts: { records, events, duplicates, rejected },
        from: timeFrom === null ? null : parseInstant(timeFrom),
        to: timeTo === null ? null : parseInstant(timeTo),
      });
      catalogue.#nextId = Math.max(catalogue.#nextId, row.id + 1);
    }
    return catalogue;
  }

  /** Rows that are not committed yet. */
  get pending(): number {
    return this.#changed.size + this.#paths.length + this.#rejected.length + this.#skipped.length;
  }

  /** Files that the database does not know yet. */
  get newFiles(): readonly EvidenceFile[] {
    return [...this.#files.values()].map(({ file }) => file);
  }

  get entries(): Iterable<Entry> {
    return this.#entries.values();
  }

  find(sha256: string): Entry | undefined {
    return this.#entries.get(sha256);
  }

  /** Enters a file that is not in the case. */
  add(file: EvidenceFile, status: Entry['status'], reason: string | null, runId: number): Entry {
    const entry: Entry = {
      id: this.#nextId++,
      sha256: file.sha256,
      path: file.path,
      format: file.format,
      timeZone: file.timeZone,
      status,
      reason,
      resumeAt: 0,
      counts: { records: 0, events: 0, duplicates: 0, rejected: 0 },
      from: null,
      to: null,
    };
    this.#entries.set(file.sha256, entry);
    this.#describe(entry, file, runId);
    return entry;
  }

  /** Makes a log of a file that was skipped before. */
  reopen(entry: Entry, file: EvidenceFile, runId: number): void {
    entry.path = file.path;
    entry.format = file.format;
    entry.timeZone = file.timeZone;
    entry.status = 'partial';
    entry.reason = null;
    this.#describe(entry, file, runId);
  }

  /** Notes a further path under which the same bytes were seen. */
  addPath(entry: Entry, path: string): void {
    if (path !== entry.path) this.#paths.push({ id: entry.id, path });
  }

  addRejected(entry: Entry, records: readonly RejectedRecord[]): void {
    for (const record of records) this.#rejected.push({ id: entry.id, record });
  }

  addSkipped(entry: Entry, skipped: readonly SkippedRecords[]): void {
    for (const { reason, records } of skipped) this.#skipped.push({ id: entry.id, reason, records });
  }

  touch(entry: Entry): void {
    this.#changed.add(entry);
  }

  /** Writes what is not committed yet; call within a transaction. */
  flush(db: WritableDb): void {
    this.#flushFiles(db);
    this.#flushState(db);
    this.#flushRecords(db);
    this.#changed = new Set();
    this.#files = new Map();
    this.#paths = [];
    this.#rejected = [];
    this.#skipped = [];
  }

  #describe(entry: Entry, file: EvidenceFile, runId: number): void {
    this.#files.set(entry, { file, runId, time: new Date().toISOString() });
    this.#changed.add(entry);
  }

  #flushFiles(db: WritableDb): void {
    const write = db.prepare<(string | number | null)[]>(sql`
      insert into evidence
        (id, sha256, path, bytes, encoding, location, format, syntax, time_zone, status, imported_at, run_id)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict (id) do update set
        path = excluded.path, encoding = excluded.encoding, location = excluded.location,
        format = excluded.format, syntax = excluded.syntax, time_zone = excluded.time_zone,
        imported_at = excluded.imported_at, run_id = excluded.run_id
    `);
    for (const [{ id, status }, { file, runId, time }] of this.#files) {
      write.run(
        id,
        file.sha256,
        file.path,
        file.bytes,
        file.encoding,
        JSON.stringify(file.location),
        file.format,
        file.syntax === null ? null : JSON.stringify(file.syntax),
        file.timeZone,
        status,
        time,
        runId,
      );
    }
  }

  #flushState(db: WritableDb): void {
    const write = db.prepare<(string | number | null)[]>(sql`
      update evidence set status = ?, reason = ?, resume_at = ?, records = ?, events = ?, duplicates = ?,
        rejected = ?, time_from = ?, time_to = ?
      where id = ?
    `);
    for (const { id, status, reason, resumeAt, counts, from, to } of this.#changed) {
      write.run(
        status,
        reason,
        resumeAt,
        counts.records,
        counts.events,
        counts.duplicates,
        counts.rejected,
        from === null ? null : formatInstant(from),
        to === null ? null : formatInstant(to),
        id,
      );
    }
  }

  #flushRecords(db: WritableDb): void {
    const path = db.prepare<[number, string]>(
      sql`insert into evidence_path (evidence_id, path) values (?, ?) on conflict do nothing`,
    );
    for (const item of this.#paths) path.run(item.id, item.path);
    const rejected = db.prepare<[number, number, number, string, string]>(
      sql`insert into rejected (evidence_id, offset, length, reason, excerpt) values (?, ?, ?, ?, ?)`,
    );
    for (const { id, record } of this.#rejected) {
      rejected.run(id, record.offset, record.length, record.reason, record.excerpt);
    }
    const skipped = db.prepare<[number, string, number]>(sql`
      insert into skipped (evidence_id, reason, records) values (?, ?, ?)
      on conflict (evidence_id, reason) do update set records = records + excluded.records
    `);
    for (const { id, reason, records } of this.#skipped) skipped.run(id, reason, records);
  }
}
