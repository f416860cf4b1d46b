import type { Column } from './event-table.ts';

/** Rows of one bucket on average: few enough to compare one by one. */
const rowsInBucket = 8;
/** An odd number near 2^32 divided by the golden ratio: spreads ids that begin alike (Knuth, TAOCP 3, 6.4). */
const spread = 0x9e_37_79_b1;

/** Finds rows by the first word of their id without going over all of them. Four bytes a row. */
export class KeyIndex {
  readonly #words: Column;
  readonly #shift: number;
  /** Where the rows of each bucket begin; one more for the end. */
  readonly #starts: Uint32Array;
  readonly #rows: Uint32Array;

  constructor(words: Column) {
    this.#words = words;
    const bits = Math.max(1, Math.ceil(Math.log2(Math.max(2, words.length / rowsInBucket))));
    this.#shift = 32 - bits;
    this.#starts = new Uint32Array(2 ** bits + 1);
    this.#rows = new Uint32Array(words.length);
    const starts = this.#starts;
    for (let row = 0; row < words.length; row++) {
      const bucket = this.#bucketOf(words[row] as number);
      starts[bucket + 1] = (starts[bucket + 1] as number) + 1;
    }
    for (let bucket = 1; bucket < starts.length; bucket++) {
      starts[bucket] = (starts[bucket] as number) + (starts[bucket - 1] as number);
    }
    const next = starts.slice();
    for (let row = 0; row < words.length; row++) {
      const bucket = this.#bucketOf(words[row] as number);
      const place = next[bucket] as number;
      next[bucket] = place + 1;
      this.#rows[place] = row;
    }
  }

  /** The rows whose first word this is, ascending. */
  rowsOf(word: number): number[] {
    const bucket = this.#bucketOf(word);
    const rows = this.#rows.subarray(this.#starts[bucket], this.#starts[bucket + 1]);
    return [...rows].filter((row) => this.#words[row] === word);
  }

  #bucketOf(word: number): number {
    return Math.imul(word, spread) >>> this.#shift;
  }
}
