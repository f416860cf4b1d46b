import { sourceOf } from './dictionary.ts';
import type { EventTable } from './event-table.ts';
import { countEntries } from './kernels.ts';
import { stretchOf } from './rest.ts';
import { timeSlices } from './time-slices.ts';

const hourMicros = 3600e6;
/** Fields of more values are counted row by row. */
const mostValues = 16;

/** How many rows of each hour have each value of a field: a long stretch is summed up of hours, not of rows. */
export class HourCounts {
  readonly #size: number;
  /** The first row of each hour that has any, and the end. */
  readonly #starts: Uint32Array;
  /** By hour, then by value. */
  readonly #counts: Uint32Array;

  private constructor(size: number, starts: Uint32Array, counts: Uint32Array) {
    this.#size = size;
    this.#starts = starts;
    this.#counts = counts;
  }

  /** Null for a field with too many values. */
  static of(field: string, table: EventTable): HourCounts | null {
    const source = sourceOf(field)?.source;
    if (source === undefined) return null;
    const size = table.dictionary(source).field(field).values.length;
    if (size > mostValues) return null;
    // Who counts by hour counts listed rows by the same field too.
    const column = table.makeValueColumn(field);
    if (column === null) return null;
    const slices = timeSlices(stretchOf(0, table.count), table, hourMicros);
    const starts = new Uint32Array(slices.length + 1);
    const counts = new Uint32Array(slices.length * size);
    for (const [hour, { matches }] of slices.entries()) {
      starts[hour] = matches.from;
      countEntries(column, matches.from, matches.to, counts.subarray(hour * size, (hour + 1) * size));
    }
    starts[slices.length] = table.count;
    return new HourCounts(size, starts, counts);
  }

  /** Adds the counts of the whole hours of `from`..`to` by value; answers which rows those are. */
  add(from: number, to: number, counts: Uint32Array): { readonly from: number; readonly to: number } {
    const first = this.#hourFrom(from);
    let hour = first;
    for (; hour + 1 < this.#starts.length && (this.#starts[hour + 1] as number) <= to; hour++) {
      for (let value = 0; value < this.#size; value++) {
        counts[value] = (counts[value] as number) + (this.#counts[hour * this.#size + value] as number);
      }
    }
    // Within one hour there is no whole one.
    if (hour === first) return { from, to: from };
    return { from: this.#starts[first] as number, to: this.#starts[hour] as number };
  }

  /** The first hour that begins at a row or behind it. */
  #hourFrom(row: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] as number) < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
