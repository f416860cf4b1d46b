import type { BatchColumns } from '#shared/domain/packed-batch.ts';
import { type WritableDb, sql } from '../connection.ts';
import { type Encoding, decodeColumn } from '../segments/codec.ts';
import { segmentCapacity } from '../segments/columns.ts';
import { Dictionaries } from './dictionaries.ts';
import { KeySet } from './key-set.ts';
import { SegmentWriter } from './segment-writer.ts';

/** What was new of a batch. */
export interface AddedEvents {
  /** The positions of the events in the batch. */
  readonly kept: Uint32Array;
  /** How many of them ended in each of `outcomes`. */
  readonly outcomes: Uint32Array;
}

/** The events of a case while it is written: which there are, and where the next ones go. */
export class EventStore {
  readonly #keys: KeySet;
  readonly #dictionaries: Dictionaries;
  readonly #segments: SegmentWriter;

  /** `capacity`: events of a segment. */
  constructor(db: WritableDb, capacity = segmentCapacity) {
    this.#keys = loadKeys(db);
    this.#dictionaries = Dictionaries.load(db);
    this.#segments = SegmentWriter.load(db, capacity);
  }

  /** Events that are not committed yet. */
  get pending(): number {
    return this.#segments.pending;
  }

  /** Adds the events that the case does not have. */
  add(evidenceId: number, batch: BatchColumns): AddedEvents {
    const kept = this.#keys.addNew(batch.keys, batch.count);
    return { kept, outcomes: this.#segments.append(evidenceId, batch, kept, this.#dictionaries) };
  }

  /** Writes what is not committed yet; call within a transaction. */
  flush(db: WritableDb): void {
    this.#dictionaries.flush(db);
    this.#segments.flush(db);
  }
}

/** The keys of all committed events. */
function loadKeys(db: WritableDb): KeySet {
  const segments = db
    .prepare<[], { id: number; count: number }>(sql`select id, count from segment order by id`)
    .all();
  const keys = new KeySet();
  const read = db.prepare<
    [string, number],
    { encoding: Encoding; base: number; scale: number; data: Buffer }
  >(sql`select encoding, base, scale, data from segment_column where name = ? and segment_id = ?`);
  const words = new Uint32Array(segmentCapacity);
  const interleaved = new Uint32Array(segmentCapacity * 4);
  for (const { id, count } of segments) {
    for (const [word, name] of ['key0', 'key1', 'key2', 'key3'].entries()) {
      const column = read.get(name, id);
      if (column === undefined) throw new Error(`segment ${id} has no column ${name}`);
      decodeColumn(column, count, words, 0);
      for (let index = 0; index < count; index++) interleaved[index * 4 + word] = words[index] as number;
    }
    keys.addNew(interleaved, count);
  }
  return keys;
}
