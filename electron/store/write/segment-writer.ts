import type { EventBatch } from '#shared/domain/batch.ts';
import { dimensionNames } from '#shared/domain/dimensions.ts';
import { type WritableDb, sql } from '../connection.ts';
import { type Encoding, type NumberArray, decodeColumn, encodeColumn } from '../segments/codec.ts';
import {
  type SegmentColumn,
  dimensionColumns,
  hashColumns,
  segmentCapacity,
  segmentColumns,
} from '../segments/columns.ts';
import type { Dictionaries } from './dictionaries.ts';

/**
 * Appends events to segments. A full segment is final; the last, partial one is kept here and written again at each
 * commit, so that a case of any history has full segments but for the last.
 */
export class SegmentWriter {
  readonly #columns = new Map<SegmentColumn, NumberArray>(
    segmentColumns.map((name) => [name, newColumn(name)]),
  );
  #id = 1;
  #firstOrdinal = 0;
  #count = 0;
  #changed = false;

  /** Continues where the case's last segment ends. */
  static load(db: WritableDb): SegmentWriter {
    const writer = new SegmentWriter();
    const last = db
      .prepare<[], { id: number; first_ordinal: number; count: number }>(
        sql`select id, first_ordinal, count from segment order by id desc limit 1`,
      )
      .get();
    if (last === undefined) return writer;
    if (last.count === segmentCapacity) {
      writer.#id = last.id + 1;
      writer.#firstOrdinal = last.first_ordinal + last.count;
      return writer;
    }
    writer.#id = last.id;
    writer.#firstOrdinal = last.first_ordinal;
    writer.#count = last.count;
    const read = db.prepare<
      [string, number],
      { encoding: Encoding; base: number; scale: number; data: Buffer }
    >(sql`select encoding, base, scale, data from segment_column where name = ? and segment_id = ?`);
    for (const name of segmentColumns) {
      const column = read.get(name, last.id);
      if (column !== undefined) decodeColumn(column, last.count, writer.#column(name), 0);
    }
    return writer;
  }

  /** Takes the events of a batch that stand at the positions `kept`; full segments are written to the database. */
  append(
    db: WritableDb,
    evidenceId: number,
    batch: EventBatch,
    kept: Uint32Array,
    dictionaries: Dictionaries,
  ): void {
    const global = dimensionNames.map((name) => dictionaries.idsOf(name, batch.dimensions[name].values));
    for (let from = 0; from < kept.length; ) {
      const part = kept.subarray(from, from + segmentCapacity - this.#count);
      this.#take(evidenceId, batch, part, global);
      from += part.length;
      if (this.#count === segmentCapacity) {
        this.flush(db);
        this.#id++;
        this.#firstOrdinal += segmentCapacity;
        this.#count = 0;
      }
    }
  }

  #take(evidenceId: number, batch: EventBatch, kept: Uint32Array, global: readonly Uint32Array[]): void {
    const at = this.#count;
    gather(batch.micros, kept, this.#column('micros'), at);
    gather(batch.nanos, kept, this.#column('nanos'), at);
    gather(batch.timeDigits, kept, this.#column('timeDigits'), at);
    gather(batch.offsets, kept, this.#column('offset'), at);
    gather(batch.lengths, kept, this.#column('length'), at);
    this.#column('evidence').fill(evidenceId, at, at + kept.length);
    for (const [word, name] of (['key0', 'key1', 'key2', 'key3'] as const).entries()) {
      const target = this.#column(name);
      for (let index = 0; index < kept.length; index++) {
        target[at + index] = batch.keys[(kept[index] as number) * 4 + word] as number;
      }
    }
    for (const [index, name] of hashColumns.entries()) {
      const hashes = batch.hashes[index];
      if (hashes !== undefined) gather(hashes, kept, this.#column(name), at);
    }
    for (const [index, name] of dimensionNames.entries()) {
      const { ids } = batch.dimensions[name];
      const mapped = global[index] as Uint32Array;
      const target = this.#column(dimensionColumns[index] as SegmentColumn);
      for (let row = 0; row < kept.length; row++) {
        target[at + row] = mapped[ids[kept[row] as number] as number] as number;
      }
    }
    this.#count += kept.length;
    this.#changed = true;
  }

  /** Writes the open segment, whole. */
  flush(db: WritableDb): void {
    if (!this.#changed || this.#count === 0) return;
    const micros = this.#column('micros');
    let [minimum, maximum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let index = 0; index < this.#count; index++) {
      const value = micros[index] as number;
      if (value < minimum) minimum = value;
      if (value > maximum) maximum = value;
    }
    db.prepare(sql`delete from segment where id = ?`).run(this.#id);
    db.prepare(
      sql`insert into segment (id, first_ordinal, count, time_min, time_max) values (?, ?, ?, ?, ?)`,
    ).run(this.#id, this.#firstOrdinal, this.#count, minimum, maximum);
    const insert = db.prepare(
      sql`insert into segment_column (name, segment_id, encoding, base, scale, data) values (?, ?, ?, ?, ?, ?)`,
    );
    for (const name of segmentColumns) {
      const { encoding, base, scale, data } = encodeColumn(this.#column(name), this.#count);
      insert.run(name, this.#id, encoding, base, scale, data);
    }
    this.#changed = false;
  }

  #column(name: SegmentColumn): NumberArray {
    return this.#columns.get(name) as NumberArray;
  }
}

function newColumn(name: SegmentColumn): NumberArray {
  return name === 'micros' || name === 'offset'
    ? new Float64Array(segmentCapacity)
    : new Uint32Array(segmentCapacity);
}

function gather(source: NumberArray, kept: Uint32Array, target: NumberArray, at: number): void {
  for (let index = 0; index < kept.length; index++)
    target[at + index] = source[kept[index] as number] as number;
}
