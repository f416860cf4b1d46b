import { type DimensionName, dimensionNames, dimensions } from '#shared/domain/dimensions.ts';
import { type WritableDb, sql } from '../connection.ts';

/** The case's dictionaries while it is written: every value ever seen, and those that are not committed yet. */
export class Dictionaries {
  readonly #ids = new Map<DimensionName, Map<string, number>>();
  readonly #pending: { dimension: DimensionName; id: number; value: string }[] = [];

  static load(db: WritableDb): Dictionaries {
    const dictionaries = new Dictionaries();
    for (const dimension of dimensionNames) {
      dictionaries.#ids.set(dimension, new Map());
      const rows = db
        .prepare<[string], { id: number; value: string }>(
          sql`select id, value from dictionary where dimension = ? order by id`,
        )
        .iterate(dimension);
      for (const { id, value } of rows) dictionaries.#ids.get(dimension)?.set(value, id);
      // Entry 0 of every dictionary is the tuple of nulls.
      dictionaries.#idOf(dimension, JSON.stringify(dimensions[dimension].map(() => null)));
    }
    return dictionaries;
  }

  /** The case's ids for a batch's values, by their position in the batch's own dictionary. */
  idsOf(dimension: DimensionName, values: readonly string[]): Uint32Array {
    return Uint32Array.from(values, (value) => this.#idOf(dimension, value));
  }

  /** Writes the new values; call within the transaction that writes their use. */
  flush(db: WritableDb): void {
    const insert = db.prepare(sql`insert into dictionary (dimension, id, value) values (?, ?, ?)`);
    for (const { dimension, id, value } of this.#pending) insert.run(dimension, id, value);
    this.#pending.length = 0;
  }

  #idOf(dimension: DimensionName, value: string): number {
    const ids = this.#ids.get(dimension) as Map<string, number>;
    const known = ids.get(value);
    if (known !== undefined) return known;
    const id = ids.size;
    ids.set(value, id);
    this.#pending.push({ dimension, id, value });
    return id;
  }
}
