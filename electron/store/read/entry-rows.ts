import type { Column } from './event-table.ts';
import type { Steps } from './in-steps.ts';

/** Of more rows than every so many-th it is less work to look at all. */
const rarest = 32;

/** So many are placed within about ten milliseconds. */
const rowsInStep = 262_144;

/** The rows of each entry of a dictionary: rare entries are found without going over all rows. Four bytes a row. */
export class EntryRows {
  /** Where the rows of each entry begin; one more for the end. */
  readonly #starts: Uint32Array;
  readonly #rows: Uint32Array;

  private constructor(starts: Uint32Array, rows: Uint32Array) {
    this.#starts = starts;
    this.#rows = rows;
  }

  /** Made step by step: millions of rows go to places all over the memory. */
  static *make(ids: Column, counts: Uint32Array): Steps<EntryRows> {
    const starts = new Uint32Array(counts.length + 1);
    for (let id = 0; id < counts.length; id++)
      starts[id + 1] = (starts[id] as number) + (counts[id] as number);
    const rows = new Uint32Array(ids.length);
    const next = starts.slice();
    for (let from = 0; from < ids.length; from += rowsInStep) {
      yield;
      placeRows(ids, from, Math.min(from + rowsInStep, ids.length), next, rows);
    }
    return new EntryRows(starts, rows);
  }

  /** The rows with a marked entry, by entry; null where they are so many that a pass over all finds them sooner. */
  marked(lookup: Uint8Array): Uint32Array | null {
    const count = this.#countOf(lookup);
    if (count > this.#rows.length / rarest) return null;
    const [starts, all, rows] = [this.#starts, this.#rows, new Uint32Array(count)];
    let length = 0;
    for (let id = 0; length < count; id++) {
      if (lookup[id] === 0) continue;
      const end = starts[id + 1] as number;
      for (let place = starts[id] as number; place < end; place++) rows[length++] = all[place] as number;
    }
    return rows;
  }

  #countOf(lookup: Uint8Array): number {
    const starts = this.#starts;
    let count = 0;
    for (let id = 0; id < lookup.length; id++) {
      if (lookup[id] !== 0) count += (starts[id + 1] as number) - (starts[id] as number);
    }
    return count;
  }
}

/** Puts each row at the next place of its entry. */
function placeRows(ids: Column, from: number, to: number, next: Uint32Array, rows: Uint32Array): void {
  for (let row = from; row < to; row++) {
    const id = ids[row] as number;
    const place = next[id] as number;
    next[id] = place + 1;
    rows[place] = row;
  }
}
