import type { DirectoryPart } from '#shared/domain/batch.ts';
import type { PlacedEntry, SnapshotFacts } from '#shared/domain/directory.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import { type WritableDb, sql } from '../connection.ts';

interface Pending {
  readonly format: string;
  readonly entries: PlacedEntry[];
  facts: SnapshotFacts | null;
  mapping: JsonObject | null;
}

/** The entries of directory exports while they are written, ahead of the database until the next commit. */
export class DirectoryStore {
  #pending = new Map<number, Pending>();
  #count = 0;

  /** Entries that are not committed yet. */
  get pending(): number {
    return this.#count;
  }

  add(evidenceId: number, format: string, { entries, facts, mapping }: DirectoryPart): void {
    let known = this.#pending.get(evidenceId);
    if (known === undefined) {
      this.#pending.set(evidenceId, (known = { format, entries: [], facts: null, mapping: null }));
    }
    for (const entry of entries) known.entries.push(entry);
    known.facts = facts ?? known.facts;
    known.mapping = mapping ?? known.mapping;
    this.#count += entries.length + 1;
  }

  /** Writes what is not committed yet; call within a transaction. */
  flush(db: WritableDb): void {
    if (this.#pending.size === 0) return;
    const begin = db.prepare<[number, string]>(
      sql`insert into directory_snapshot (evidence_id, format) values (?, ?) on conflict do nothing`,
    );
    const next = db.prepare<[number], { number: number }>(
      sql`select coalesce(max(number) + 1, 0) as number from directory_entry where evidence_id = ?`,
    );
    const write = db.prepare<[number, number, number, number, string]>(
      sql`insert into directory_entry (evidence_id, number, offset, length, value) values (?, ?, ?, ?, ?)`,
    );
    const end = db.prepare<[string | null, number | null, number, string | null, number]>(sql`
      update directory_snapshot set taken_at = ?, complete = ?, last_page = ?, mapping = ? where evidence_id = ?
    `);
    for (const [id, { format, entries, facts, mapping }] of this.#pending) {
      begin.run(id, format);
      let { number } = next.get(id) ?? { number: 0 };
      for (const { offset, length, value } of entries) {
        write.run(id, number++, offset, length, JSON.stringify(value));
      }
      if (facts === null) continue;
      const complete = facts.complete === null ? null : Number(facts.complete);
      const text = mapping === null ? null : JSON.stringify(mapping);
      end.run(facts.takenAt, complete, Number(facts.lastPage), text, id);
    }
    this.#pending = new Map();
    this.#count = 0;
  }
}
