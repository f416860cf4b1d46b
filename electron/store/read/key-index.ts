import type { Column } from './event-table.ts';
import type { Steps } from './in-steps.ts';

/** Rows of one bucket on average: few enough to compare one by one. */
const rowsInBucket = 8;
/** An odd number near 2^32 divided by the golden ratio: spreads ids that begin alike (Knuth, TAOCP 3, 6.4). */
const spread = 0x9e_37_79_b1;

/** So many are placed within about ten milliseconds. */
const rowsInStep = 262_144;

/** Finds rows by the first word of their id without going over all of them. Four bytes a row. */
export class KeyIndex {
  readonly #words: Column;
  readonly #shift: number;
  /** Where the rows of each bucket begin; one more for the end. */
  readonly #starts: Uint32Array;
  readonly #rows: Uint32Array;

  private constructor(words: Column, shift: number, starts: Uint32Array, rows: Uint32Array) {
    this.#words = words;
    this.#shift = shift;
    this.#starts = starts;
    this.#rows = rows;
  }

  /** Made step by step: millions of rows go to places all over the memory. */
  static *make(words: Column): Steps<KeyIndex> {
    const bits = Math.max(1, Math.ceil(Math.log2(Math.max(2, words.length / rowsInBucket))));
    const shift = 32 - bits;
    const starts = new Uint32Array(2 ** bits + 1);
    const rows = new Uint32Array(words.length);
    for (let from = 0; from < words.length; from += rowsInStep) {
      countBuckets(words, shift, from, Math.min(from + rowsInStep, words.length), starts);
      yield;
    }
    for (let bucket = 1; bucket < starts.length; bucket++) {
      starts[bucket] = (starts[bucket] as number) + (starts[bucket - 1] as number);
    }
    const next = starts.slice();
    for (let from = 0; from < words.length; from += rowsInStep) {
      yield;
      placeRows(words, shift, from, Math.min(from + rowsInStep, words.length), next, rows);
    }
    return new KeyIndex(words, shift, starts, rows);
  }

  /** The rows whose first word this is, ascending. */
  rowsOf(word: number): number[] {
    const bucket = bucketOf(word, this.#shift);
    const rows = this.#rows.subarray(this.#starts[bucket], this.#starts[bucket + 1]);
    return [...rows].filter((row) => this.#words[row] === word);
  }
}

function bucketOf(word: number, shift: number): number {
  return Math.imul(word, spread) >>> shift;
}

/** Adds 1 to the count behind each row's bucket. */
function countBuckets(words: Column, shift: number, from: number, to: number, counts: Uint32Array): void {
  for (let row = from; row < to; row++) {
    const bucket = bucketOf(words[row] as number, shift);
    counts[bucket + 1] = (counts[bucket + 1] as number) + 1;
  }
}

/** Puts each row at the next place of its bucket. */
function placeRows(
  words: Column,
  shift: number,
  from: number,
  to: number,
  next: Uint32Array,
  rows: Uint32Array,
): void {
  for (let row = from; row < to; row++) {
    const bucket = bucketOf(words[row] as number, shift);
    const place = next[bucket] as number;
    next[bucket] = place + 1;
    rows[place] = row;
  }
}
