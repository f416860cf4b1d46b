import type { EvidenceFile, EvidenceState, RecordCounts, SkippedRecords } from '#shared/domain/batch.ts';
import { noRecords } from '#shared/domain/batch.ts';
import type { PackedBatch } from '#shared/domain/packed-batch.ts';
import { earlier, later } from '#shared/util/instant-range.ts';
import { FailureError } from '#shared/util/result.ts';
import { type WritableDb, sql } from '../connection.ts';
import { checkedColumns } from './batch-check.ts';
import { Catalogue, type Entry } from './catalogue.ts';
import { type Custody, evidenceAcquired, evidenceSettled, runFinished, runStarted } from './custody.ts';
import { DirectoryStore } from './directories.ts';
import { type AddedEvents, EventStore } from './event-store.ts';
import { Totals, timeRange } from './totals.ts';

/** When what was taken in is committed: whichever comes first. */
export interface CommitLimits {
  readonly events: number;
  /** Rows of the catalogue: files, paths, rejected records. */
  readonly rows: number;
  readonly milliseconds: number;
}

export const commitLimits: CommitLimits = { events: 262_144, rows: 50_000, milliseconds: 4_000 };

const nothingAdded: AddedEvents = { kept: new Uint32Array(0), outcomes: new Uint32Array(0) };

export type RunReport = ReturnType<Totals['report']> & { readonly cancelled: boolean };

/**
 * One run of import. Takes everything into memory and writes it in short transactions, each with the files' resume
 * positions, so that readers are hardly ever kept waiting and a killed run continues where its last commit stands.
 * After a failed commit the run is over: nothing of it is in the database, and the next run starts from there.
 */
export class ImportRun {
  readonly id: number;
  readonly #db: WritableDb;
  readonly #custody: Custody;
  readonly #limits: CommitLimits;
  readonly #catalogue: Catalogue;
  readonly #totals = new Totals();
  readonly #open = new Map<number, Entry>();
  /** Files that came again while their own bytes were still being read: they count when the run ends. */
  readonly #echoes: Entry[] = [];
  /** Files that were settled since the last commit. */
  #settled = new Set<Entry>();
  readonly #directories = new DirectoryStore();
  #events: EventStore | null = null;
  #committedAt = performance.now();
  /** What broke the run; nothing is taken after it. */
  #broken: { readonly by: unknown } | null = null;

  constructor(db: WritableDb, custody: Custody, paths: readonly string[], limits: CommitLimits) {
    this.#db = db;
    this.#custody = custody;
    this.#limits = limits;
    this.#catalogue = Catalogue.load(db);
    // What a killed run committed and did not come to say in the journal.
    custody.append([...this.#catalogue.entries].flatMap((entry) => evidenceSettled(entry) ?? []));
    this.id = Number(
      db
        .prepare<[string, string]>(sql`insert into import_run (paths, started_at) values (?, ?)`)
        .run(JSON.stringify(paths), new Date().toISOString()).lastInsertRowid,
    );
    custody.append([runStarted(this.id, paths)]);
  }

  /** False after an error: the run can only be forgotten. */
  get usable(): boolean {
    return this.#broken === null;
  }

  register(file: EvidenceFile): EvidenceState {
    this.#demandUsable();
    this.#totals.addSource(file.format);
    const known = this.#catalogue.find(file.sha256);
    if (known !== undefined) this.#catalogue.addPath(known, file.path);
    if (known === undefined || known.status === 'skipped') {
      const entry = known ?? this.#catalogue.add(file, 'partial', null, this.id);
      if (known !== undefined) this.#catalogue.reopen(known, file, this.id);
      this.#open.set(entry.id, entry);
      return { evidenceId: entry.id, status: 'new', resumeAt: 0, counts: noRecords };
    }
    const state = { evidenceId: known.id, resumeAt: known.resumeAt, counts: { ...known.counts } };
    if (this.#open.has(known.id)) {
      this.#echoes.push(known);
      return { ...state, status: 'complete' };
    }
    if (known.status === 'partial') {
      refuseOtherReading(known, file);
      this.#open.set(known.id, known);
    }
    this.#totals.addKnown(known.counts);
    return { ...state, status: known.status };
  }

  write(evidenceId: number, batch: PackedBatch, resumeAt: number): RecordCounts {
    this.#demandUsable();
    const entry = this.#openEntry(evidenceId);
    const columns = this.#guard(() => checkedColumns(batch.columns));
    const added = this.#guard(() => {
      // Loading what the case has takes time, and a directory brings no events.
      if (columns.count === 0) return nothingAdded;
      this.#events ??= new EventStore(this.#db);
      return this.#events.add(entry.id, columns);
    });
    const counts = {
      records: columns.count + batch.rejected.length,
      events: added.kept.length,
      duplicates: columns.count - added.kept.length,
      rejected: batch.rejected.length,
    };
    this.#totals.addBatch(entry.format, columns, added, counts);
    if (batch.directory !== undefined && entry.format !== null) {
      this.#directories.add(entry.id, entry.format, batch.directory);
      this.#totals.addDirectory(entry.format, batch.directory.entries.length);
    }
    this.#catalogue.addRejected(entry, batch.rejected);
    this.#catalogue.addSkipped(entry, batch.skipped ?? []);
    entry.counts.records += counts.records;
    entry.counts.events += counts.events;
    entry.counts.duplicates += counts.duplicates;
    entry.counts.rejected += counts.rejected;
    const range = timeRange(columns);
    entry.from = earlier(entry.from, range.from);
    entry.to = later(entry.to, range.to);
    entry.resumeAt = Math.max(entry.resumeAt, resumeAt);
    this.#catalogue.touch(entry);
    this.#commitWhenDue();
    return counts;
  }

  finish(evidenceId: number, skipped: readonly SkippedRecords[]): RecordCounts {
    this.#demandUsable();
    const entry = this.#openEntry(evidenceId);
    this.#catalogue.addSkipped(entry, skipped);
    entry.status = 'complete';
    this.#settle(entry);
    this.#open.delete(evidenceId);
    return { ...entry.counts };
  }

  skip(file: EvidenceFile, reason: string): void {
    this.#demandUsable();
    const known = this.#catalogue.find(file.sha256);
    if (known === undefined) this.#settle(this.#catalogue.add(file, 'skipped', reason, this.id));
    else this.#catalogue.addPath(known, file.path);
  }

  /** Commits everything and signs the journal. */
  end(cancelled: boolean): RunReport {
    this.#demandUsable();
    for (const { counts } of this.#echoes) this.#totals.addKnown(counts);
    const { counts } = this.#totals;
    this.#commit(() => {
      this.#db
        .prepare<(string | number)[]>(sql`
          update import_run set finished_at = ?, cancelled = ?, records = ?, events = ?, duplicates = ?,
            rejected = ?
          where id = ?
        `)
        .run(
          new Date().toISOString(),
          cancelled ? 1 : 0,
          counts.records,
          counts.events,
          counts.duplicates,
          counts.rejected,
          this.id,
        );
    });
    this.#custody.append([runFinished(this.id, cancelled, counts)]);
    this.#custody.checkpoint();
    return { ...this.#totals.report(), cancelled };
  }

  #settle(entry: Entry): void {
    this.#catalogue.touch(entry);
    this.#settled.add(entry);
    this.#commitWhenDue();
  }

  #openEntry(evidenceId: number): Entry {
    const entry = this.#open.get(evidenceId);
    if (entry === undefined) throw new RangeError(`evidence ${evidenceId} is not open in run ${this.id}`);
    return entry;
  }

  #demandUsable(): void {
    if (this.#broken !== null) throw this.#broken.by;
  }

  /** After an error half way, what is in memory cannot be trusted: the run takes nothing more. */
  #guard<T>(action: () => T): T {
    try {
      return action();
    } catch (thrown) {
      this.#broken = { by: thrown };
      throw thrown;
    }
  }

  #commitWhenDue(): void {
    const { events, rows, milliseconds } = this.#limits;
    const due =
      (this.#events?.pending ?? 0) >= events ||
      this.#catalogue.pending + this.#directories.pending >= rows ||
      performance.now() - this.#committedAt >= milliseconds;
    if (due) this.#commit();
  }

  #commit(also?: () => void): void {
    // The journal knows of evidence before the catalogue does, and of an import after it is done.
    this.#guard(() => {
      this.#custody.append(this.#catalogue.newFiles.map(evidenceAcquired));
      this.#db
        .transaction(() => {
          const changed = this.#catalogue.pending > 0;
          this.#catalogue.flush(this.#db);
          this.#events?.flush(this.#db);
          this.#directories.flush(this.#db);
          if (changed) this.#db.prepare(sql`update state set revision = revision + 1`).run();
          also?.();
        })
        .immediate();
      this.#custody.append([...this.#settled].flatMap((entry) => evidenceSettled(entry) ?? []));
    });
    this.#settled = new Set();
    this.#committedAt = performance.now();
  }
}

/** A file is read to its end the way it was begun: half of it in one format and half in another is no evidence. */
function refuseOtherReading(entry: Entry, file: EvidenceFile): void {
  if (entry.format === file.format && entry.timeZone === file.timeZone) return;
  const zone = entry.timeZone === null ? 'without a time zone' : `with the time zone ${entry.timeZone}`;
  throw new FailureError(
    'refused',
    `${file.path} was imported in part as ${entry.format ?? 'an unknown format'} ${zone}. Import it again that way, or into a new case.`,
  );
}
