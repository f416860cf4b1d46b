import { dimensionNames } from '#shared/domain/dimensions.ts';
import { outcomes } from '#shared/domain/event.ts';
import type { BatchColumns } from '#shared/domain/packed-batch.ts';
import { type WritableDb, sql } from '../connection.ts';
import {
  type EncodedColumn,
  type Encoding,
  type NumberArray,
  decodeColumn,
  encodeColumn,
} from '../segments/codec.ts';
import {
  type NumberColumn,
  type SegmentColumn,
  dimensionColumns,
  hashColumns,
  segmentCapacity,
  segmentColumns,
} from '../segments/columns.ts';
import { EntryClasses, classifiedDimensions, isClassified, outcomeOf } from '../segments/entry-classes.ts';
import { type RollUp, rollUpSegment } from '../segments/roll-up.ts';
import { learnEntries } from '../segments/stored-roll-up.ts';
import type { Dictionaries } from './dictionaries.ts';
import { gather, gatherKeys, gatherNarrow, gatherWide } from './gather.ts';
import { writeRollUp } from './roll-ups.ts';

interface Segment {
  readonly id: number;
  readonly firstOrdinal: number;
  readonly count: number;
  readonly timeMin: number;
  readonly timeMax: number;
  readonly columns: readonly (readonly [SegmentColumn, EncodedColumn])[];
  readonly rollUp: RollUp;
}

/**
 * Appends events to segments, in memory until `flush`. The last, partial segment is written again with each commit
 * that adds to it, so that a case of any history has full segments but for the last.
 */
export class SegmentWriter {
  readonly #wide = new Map<SegmentColumn, Float64Array>();
  readonly #narrow = new Map<SegmentColumn, Uint32Array>();
  readonly #classes = new EntryClasses();
  readonly #capacity: number;
  #full: Segment[] = [];
  #id = 1;
  #firstOrdinal = 0;
  #count = 0;
  #pending = 0;

  private constructor(capacity: number) {
    this.#capacity = capacity;
    for (const name of segmentColumns) {
      if (isWide(name)) this.#wide.set(name, new Float64Array(capacity));
      else this.#narrow.set(name, new Uint32Array(capacity));
    }
  }

  /** Continues where the case's last segment ends. */
  static load(db: WritableDb, capacity = segmentCapacity): SegmentWriter {
    const writer = new SegmentWriter(capacity);
    const last = db
      .prepare<[], { id: number; firstOrdinal: number; count: number }>(
        sql`select id, first_ordinal as firstOrdinal, count from segment order by id desc limit 1`,
      )
      .get();
    if (last === undefined) return writer;
    writer.#id = last.id;
    writer.#firstOrdinal = last.firstOrdinal;
    writer.#count = last.count;
    if (last.count === capacity) {
      writer.#next();
      return writer;
    }
    const read = db.prepare<
      [string, number],
      { encoding: Encoding; base: number; scale: number; data: Buffer }
    >(sql`select encoding, base, scale, data from segment_column where name = ? and segment_id = ?`);
    for (const name of segmentColumns) {
      const column = read.get(name, last.id);
      if (column !== undefined) decodeColumn(column, last.count, writer.#column(name), 0);
    }
    for (const name of classifiedDimensions) {
      const used = writer.#narrowColumn(`dimension:${name}`).subarray(0, last.count);
      learnEntries(db, name, new Set(used), writer.#classes);
    }
    return writer;
  }

  /** Events that are not committed yet. */
  get pending(): number {
    return this.#pending;
  }

  /** Takes the events of a batch that stand at the positions `kept`; answers how many ended in each of `outcomes`. */
  append(
    evidenceId: number,
    batch: BatchColumns,
    kept: Uint32Array,
    dictionaries: Dictionaries,
  ): Uint32Array {
    const counts = new Uint32Array(outcomes.length);
    for (let from = 0; from < kept.length; ) {
      const part = kept.subarray(from, from + this.#capacity - this.#count);
      this.#take(evidenceId, batch, part, dictionaries);
      countOutcomes(
        this.#narrowColumn('dimension:decision'),
        this.#count,
        part.length,
        this.#classes,
        counts,
      );
      this.#count += part.length;
      from += part.length;
      if (this.#count === this.#capacity) {
        this.#full.push(this.#encode());
        this.#next();
      }
    }
    this.#pending += kept.length;
    return counts;
  }

  /** Writes what is not committed yet; call within a transaction. */
  flush(db: WritableDb): void {
    if (this.#pending === 0) return;
    const segments = this.#count === 0 ? this.#full : [...this.#full, this.#encode()];
    const writeSegment = db.prepare<[number, number, number, number, number]>(sql`
      insert into segment (id, first_ordinal, count, time_min, time_max) values (?, ?, ?, ?, ?)
      on conflict (id) do update set
        count = excluded.count, time_min = excluded.time_min, time_max = excluded.time_max
    `);
    const writeColumn = db.prepare<[string, number, string, number, number, Uint8Array]>(sql`
      insert into segment_column (name, segment_id, encoding, base, scale, data) values (?, ?, ?, ?, ?, ?)
      on conflict (name, segment_id) do update set
        encoding = excluded.encoding, base = excluded.base, scale = excluded.scale, data = excluded.data
    `);
    for (const { id, firstOrdinal, count, timeMin, timeMax, columns, rollUp } of segments) {
      writeSegment.run(id, firstOrdinal, count, timeMin, timeMax);
      for (const [name, { encoding, base, scale, data }] of columns) {
        writeColumn.run(name, id, encoding, base, scale, data);
      }
      writeRollUp(db, id, count, rollUp, this.#classes);
    }
    this.#full = [];
    this.#pending = 0;
  }

  #take(evidenceId: number, batch: BatchColumns, kept: Uint32Array, dictionaries: Dictionaries): void {
    const at = this.#count;
    gatherWide(batch.micros, kept, this.#wideColumn('micros'), at);
    gatherWide(batch.offsets, kept, this.#wideColumn('offset'), at);
    gatherNarrow(batch.nanos, kept, this.#narrowColumn('nanos'), at);
    gatherNarrow(batch.timeDigits, kept, this.#narrowColumn('timeDigits'), at);
    gather(batch.lengths, kept, this.#narrowColumn('length'), at);
    this.#narrowColumn('evidence').fill(evidenceId, at, at + kept.length);
    gatherKeys(
      batch.keys,
      kept,
      [
        this.#narrowColumn('key0'),
        this.#narrowColumn('key1'),
        this.#narrowColumn('key2'),
        this.#narrowColumn('key3'),
      ],
      at,
    );
    for (const [index, name] of hashColumns.entries()) {
      gather(batch.hashes[index] as Uint32Array, kept, this.#narrowColumn(name), at);
    }
    for (const [index, name] of dimensionNames.entries()) {
      const target = this.#narrowColumn(dimensionColumns[index] as SegmentColumn);
      dictionaries.map(name, batch.dimensions[name], kept, target, at);
      if (!isClassified(name)) continue;
      dictionaries.eachUsed((id, entry) => {
        if (!this.#classes.hasMet(name, id)) this.#classes.meet(name, id, dictionaries.textOf(entry));
      });
    }
  }

  #encode(): Segment {
    const micros = this.#wideColumn('micros');
    let [timeMin, timeMax] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let index = 0; index < this.#count; index++) {
      const value = micros[index] as number;
      if (value < timeMin) timeMin = value;
      if (value > timeMax) timeMax = value;
    }
    const columns = segmentColumns.map(
      (name) => [name, encodeColumn(this.#column(name), this.#count)] as const,
    );
    return {
      id: this.#id,
      firstOrdinal: this.#firstOrdinal,
      count: this.#count,
      timeMin,
      timeMax,
      columns,
      rollUp: rollUpSegment({ count: this.#count, column: (name) => this.#column(name) }, this.#classes),
    };
  }

  #next(): void {
    this.#id++;
    this.#firstOrdinal += this.#count;
    this.#count = 0;
  }

  #column(name: SegmentColumn): NumberArray {
    return isWide(name) ? this.#wideColumn(name) : this.#narrowColumn(name);
  }
  #wideColumn(name: NumberColumn): Float64Array {
    return this.#wide.get(name) as Float64Array;
  }
  #narrowColumn(name: SegmentColumn): Uint32Array {
    return this.#narrow.get(name) as Uint32Array;
  }
}

/** Columns whose values may exceed 32 bits. */
function isWide(name: SegmentColumn): name is 'micros' | 'offset' {
  return name === 'micros' || name === 'offset';
}

function countOutcomes(
  decisions: Uint32Array,
  from: number,
  length: number,
  { ends }: EntryClasses,
  counts: Uint32Array,
): void {
  for (let row = from; row < from + length; row++) {
    const outcome = outcomeOf(ends[decisions[row] as number] as number);
    counts[outcome] = (counts[outcome] as number) + 1;
  }
}
