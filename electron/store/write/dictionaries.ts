import { type DimensionName, dimensionNames, dimensions } from '#shared/domain/dimensions.ts';
import type { PackedColumn } from '#shared/domain/packed-batch.ts';
import { type WritableDb, sql } from '../connection.ts';
import { encodeTexts, textsOfPart } from '../segments/dictionary-part.ts';
import { EntryIndex } from './entry-index.ts';
import { PendingEntries } from './pending-entries.ts';
import { textFilterWriter } from './text-filters.ts';

const lineFeed = 10;

interface Dictionary {
  readonly number: number;
  readonly pending: PendingEntries;
  size: number;
}

/**
 * The case's dictionaries while it is written: every value ever stored, and those that are not committed yet. Ids
 * are given in the order in which stored events first use a value, so that they depend on nothing else.
 */
export class Dictionaries {
  readonly #index = new EntryIndex(dimensionNames.length);
  readonly #dictionaries = new Map<DimensionName, Dictionary>(
    dimensionNames.map((name, number) => [name, { number, pending: new PendingEntries(), size: 0 }]),
  );

  static load(db: WritableDb): Dictionaries {
    const dictionaries = new Dictionaries();
    const read = db.prepare<[string], { data: Uint8Array }>(
      sql`select data from dictionary_part where dimension = ? order by first_id`,
    );
    for (const [dimension, dictionary] of dictionaries.#dictionaries) {
      for (const { data } of read.iterate(dimension)) {
        const texts = textsOfPart(data);
        dictionary.size += dictionaries.#index.addAll(dictionary.number, texts, linesOf(texts));
      }
      // Entry 0 of every dictionary is the tuple of nulls.
      const nulls = Buffer.from(JSON.stringify(dimensions[dimension].map(() => null)));
      dictionaries.#take(dictionary, dictionaries.#index.addAll(dictionary.number, nulls, 1));
    }
    return dictionaries;
  }

  /**
   * The case's ids of a batch's column at the positions `kept`, written to `target` from `at` on. Throws where the
   * column names an entry that its dictionary does not have.
   */
  map(
    dimension: DimensionName,
    column: PackedColumn,
    kept: Uint32Array,
    target: Uint32Array,
    at: number,
  ): void {
    const dictionary = this.#dictionaries.get(dimension) as Dictionary;
    try {
      this.#take(dictionary, this.#index.map(dictionary.number, column, kept, target, at));
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown;
      throw new RangeError(`batch: ${dimension} ${thrown.message}`, { cause: thrown });
    }
  }

  /** What the rows of the last `map` use: ids, and which entries of the column's dictionary they are. */
  eachUsed(visit: (id: number, entry: number) => void): void {
    this.#index.eachUsed(visit);
  }

  /** The text of an entry of the last column's dictionary. */
  textOf(entry: number): string {
    return this.#index.textOf(entry);
  }

  /** Writes the new values; call within the transaction that writes their use. */
  flush(db: WritableDb): void {
    const insert = db.prepare<[string, number, Uint8Array]>(
      sql`insert into dictionary_part (dimension, first_id, data) values (?, ?, ?)`,
    );
    const writeTextFilter = textFilterWriter(db);
    for (const [dimension, { pending }] of this.#dictionaries) {
      if (pending.count === 0) continue;
      for (const { firstId, texts } of pending.parts()) {
        insert.run(dimension, firstId, encodeTexts(texts));
        writeTextFilter(dimension, firstId, texts);
      }
      pending.clear();
    }
  }

  #take(dictionary: Dictionary, added: number): void {
    dictionary.pending.add(dictionary.size, added, this.#index.fresh);
    dictionary.size += added;
  }
}

function linesOf(texts: Uint8Array): number {
  let lines = 1;
  for (let at = texts.indexOf(lineFeed); at !== -1; at = texts.indexOf(lineFeed, at + 1)) lines++;
  return lines;
}
