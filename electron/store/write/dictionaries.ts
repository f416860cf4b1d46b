import type { DictionaryColumn } from '#shared/domain/batch.ts';
import { type DimensionName, dimensionNames, dimensions } from '#shared/domain/dimensions.ts';
import { type WritableDb, sql } from '../connection.ts';
import { decodeEntries, encodeText, textOfEntries } from '../segments/dictionary-part.ts';
import { EntryIndex } from './entry-index.ts';
import { writeTextFilter } from './text-filters.ts';

const unassigned = 0xff_ff_ff_ff;
/** So few that a row’s entries are unpacked without many others, and enough to fill the pages of the database. */
const entriesInPart = 2048;

/**
 * The case's dictionaries while it is written: every value ever stored, and those that are not committed yet. Ids
 * are given in the order in which stored events first use a value, so that they depend on nothing else.
 */
export class Dictionaries {
  readonly #entries = new Map<DimensionName, EntryIndex>(
    dimensionNames.map((name) => [name, new EntryIndex()]),
  );
  readonly #pending = new Map<DimensionName, { readonly firstId: number; readonly values: string[] }>();

  static load(db: WritableDb): Dictionaries {
    const dictionaries = new Dictionaries();
    const read = db.prepare<[string], { data: Uint8Array }>(
      sql`select data from dictionary_part where dimension = ? order by first_id`,
    );
    for (const [dimension, entries] of dictionaries.#entries) {
      for (const { data } of read.iterate(dimension)) {
        for (const value of decodeEntries(data)) entries.idOf(value);
      }
      // Entry 0 of every dictionary is the tuple of nulls.
      dictionaries.#idOf(dimension, entries, JSON.stringify(dimensions[dimension].map(() => null)));
    }
    return dictionaries;
  }

  get pending(): number {
    let entries = 0;
    for (const { values } of this.#pending.values()) entries += values.length;
    return entries;
  }

  /**
   * The case's ids of a batch's column at the positions `kept`, written to `target` from `at` on. Throws where the
   * column names an entry that its dictionary does not have.
   */
  map(
    dimension: DimensionName,
    column: DictionaryColumn,
    kept: Uint32Array,
    target: Uint32Array,
    at: number,
  ): void {
    const entries = this.#entries.get(dimension) as EntryIndex;
    const known = new Uint32Array(column.values.length).fill(unassigned);
    for (let row = 0; row < kept.length; row++) {
      const local = column.ids[kept[row] as number] as number;
      let id = known[local];
      if (id === unassigned) {
        id = this.#idOf(dimension, entries, column.values[local] as string);
        known[local] = id;
      } else if (id === undefined) {
        throw new RangeError(`batch: ${dimension} entry ${local} of ${column.values.length}`);
      }
      target[at + row] = id;
    }
  }

  /** Writes the new values; call within the transaction that writes their use. */
  flush(db: WritableDb): void {
    const insert = db.prepare<[string, number, Uint8Array]>(
      sql`insert into dictionary_part (dimension, first_id, data) values (?, ?, ?)`,
    );
    for (const [dimension, { firstId, values }] of this.#pending) {
      for (let at = 0; at < values.length; at += entriesInPart) {
        const text = textOfEntries(values.slice(at, at + entriesInPart));
        insert.run(dimension, firstId + at, encodeText(text));
        writeTextFilter(db, dimension, firstId + at, text);
      }
    }
    this.#pending.clear();
  }

  #idOf(dimension: DimensionName, entries: EntryIndex, value: string): number {
    const { size } = entries;
    const id = entries.idOf(value);
    if (id < size) return id;
    const pending = this.#pending.get(dimension);
    if (pending === undefined) this.#pending.set(dimension, { firstId: id, values: [value] });
    else pending.values.push(value);
    return id;
  }
}
