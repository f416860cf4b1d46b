import { join } from 'node:path';
import type { JsonObject } from '#shared/domain/json.ts';
import type { Envelope } from '#shared/respond/plan.ts';
import type { JournalRecord, RecordHead } from '#shared/respond/record.ts';
import type { RunAuthority } from '#shared/respond/run-records.ts';
import { type JournalDatabase, openForReading } from './database.ts';

/** A record with everything that a verifier needs of it. */
export interface StoredRecord {
  readonly seq: number;
  readonly line: string;
  readonly body: string;
}

/** Looks into a case's action journal without taking part in it. */
export class JournalReader {
  readonly #db: JournalDatabase;

  /** Throws kind `not-found` where there is none. */
  constructor(folder: string) {
    this.#db = openForReading(join(folder, 'actions.db'));
  }

  get id(): string {
    const row = this.#db.prepare<[], { value: string }>("select value from meta where key = 'id'").get();
    return row?.value ?? '';
  }

  records(run: string): JournalRecord[] {
    return recordsOf(this.#db, run);
  }

  /** Names of runs, newest first. */
  runs(): string[] {
    const rows = this.#db.prepare<[], { run: string }>(
      "select run from record where kind = 'run-started' order by seq desc",
    );
    return rows.all().map(({ run }) => run);
  }

  /** Runs that give back what this one took, oldest first. */
  restoresOf(run: string): string[] {
    return restoresOf(this.#db, run);
  }

  /** Whether a single-use word was taken by a run. */
  hasNonce(nonce: string): boolean {
    return this.#db.prepare<[string]>('select 1 from nonce where nonce = ?').get(nonce) !== undefined;
  }

  /** Signed decisions against a plan that were ever taken in: they hold though the plan's file may have lost them. */
  rejections(planHash: string): Envelope[] {
    const rows = this.#db.prepare<[string], { body: string }>(
      `select body from record where kind = 'rejected' and json_extract(body, '$.hash') = ? order by seq`,
    );
    return rows.all(planHash).map(({ body }) => (JSON.parse(body) as { envelope: Envelope }).envelope);
  }

  /** The roster that the latest run with one has believed; null where none has. */
  roster(): RunAuthority['roster'] {
    const row = this.#db
      .prepare<[], { roster: string }>(
        `select json_extract(body, '$.authority.roster') as roster from record
         where kind in ('run-started', 'resumed') and roster is not null order by seq desc limit 1`,
      )
      .get();
    return row === undefined ? null : (JSON.parse(row.roster) as RunAuthority['roster']);
  }

  /** When the last record was entered, by the clock of then (epoch milliseconds); 0 for an empty journal. */
  lastTime(): number {
    const row = this.#db
      .prepare<[], { line: string }>('select line from record order by seq desc limit 1')
      .get();
    return row === undefined ? 0 : Date.parse((JSON.parse(row.line) as RecordHead).time);
  }

  /** The lines of all records, in order. */
  lines(): string[] {
    const rows = this.#db.prepare<[], { line: string }>('select line from record order by seq');
    return rows.all().map(({ line }) => line);
  }

  stored(run: string): StoredRecord[] {
    const rows = this.#db.prepare<[string], StoredRecord>(
      'select seq, line, body from record where run = ? order by seq',
    );
    return rows.all(run);
  }

  /** The latest checkpoint and the keys that checkpoints were signed with. */
  checkpoint(): { readonly size: number; readonly note: string; readonly keys: readonly string[] } | null {
    const last = this.#db
      .prepare<[], { size: number; note: string }>(
        'select size, note from checkpoint order by id desc limit 1',
      )
      .get();
    if (last === undefined) return null;
    const keys = this.#db
      .prepare<[], { value: string }>("select value from meta where key like 'key %'")
      .all();
    return { ...last, keys: keys.map(({ value }) => value) };
  }

  close(): void {
    this.#db.close();
  }
}

export function restoresOf(db: JournalDatabase, run: string): string[] {
  const rows = db.prepare<[string], { run: string }>(
    `select run from record where kind = 'run-started'
     and json_extract(body, '$.document.plan.restores') = ? order by seq`,
  );
  return rows.all(run).map(({ run: restore }) => restore);
}

export function recordsOf(db: JournalDatabase, run: string): JournalRecord[] {
  const rows = db.prepare<[string], StoredRecord>(
    'select seq, line, body from record where run = ? order by seq',
  );
  return rows.all(run).map(({ line, body }) => ({
    ...(JSON.parse(line) as RecordHead),
    body: JSON.parse(body) as JsonObject,
  }));
}
