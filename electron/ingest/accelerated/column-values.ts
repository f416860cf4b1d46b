import type { Assembled, Layout } from './assembled.ts';

/** A dimension that a column tells: the column's number, its place among those of the column, the number of its ids. */
export interface DimensionSource {
  readonly column: number;
  readonly index: number;
  readonly ids: number;
}

/** What the values of columns bring along, in the module's memory: dictionary entries, one a dimension, and ids. */
export class ColumnValues {
  /** How many values there may be, and dimensions of one column. */
  readonly mostValues: number;
  readonly mostOfColumn: number;
  readonly #module: Assembled;
  readonly #layout: Layout;
  #entries = new Uint32Array(0);
  #carried = new Uint32Array(0);
  #hashes = new Uint32Array(0);
  /** Of each kind of ids that values bring along, its column and field. */
  #kinds: (readonly [column: number, field: number])[] = [];

  constructor(module: Assembled, layout: Layout) {
    this.#module = module;
    this.#layout = layout;
    this.mostValues = layout.mostValues;
    this.mostOfColumn = layout.mostOfColumn;
  }

  /** Makes the views anew: the module's memory has grown. */
  view(): void {
    const { valueEntries, mostValues, mostOfColumn } = this.#layout;
    const { carried, carriedHashes, mostCarried } = this.#layout;
    this.#entries = this.#words(valueEntries, mostValues * mostOfColumn);
    this.#carried = this.#words(carried, mostCarried * 2);
    this.#hashes = this.#words(carriedHashes, mostCarried * mostValues);
  }

  setSources(dimensions: readonly DimensionSource[]): void {
    const { sources, sourceSize, mostDimensions } = this.#layout;
    if (dimensions.length > mostDimensions) throw new Error(`a format tells ${dimensions.length} dimensions`);
    const words = this.#words(sources, mostDimensions * (sourceSize / 4));
    for (const [at, { column, index, ids }] of dimensions.entries()) {
      words.set([column, index, ids], at * (sourceSize / 4));
    }
  }

  /** The entry of a value in a dimension of its column; 0 is the entry of nulls. */
  setEntry(value: number, index: number, entry: number): void {
    this.#entries[value * this.mostOfColumn + index] = entry;
  }

  /** The hash of an id that a value of a column brings along; 0 for none. */
  setHash(column: number, field: number, value: number, hash: number): void {
    let kind = this.#kindOf(column, field);
    if (kind < 0) {
      kind = this.#kinds.push([column, field]) - 1;
      if (kind >= this.#layout.mostCarried) throw new Error(`a format brings ${kind + 1} ids along`);
      this.#carried.set([column, field], kind * 2);
      this.#module.setCarried(this.#kinds.length);
    }
    this.#hashes[kind * this.mostValues + value] = hash;
  }

  #kindOf(column: number, field: number): number {
    for (let kind = 0; kind < this.#kinds.length; kind++) {
      const [ofColumn, ofField] = this.#kinds[kind] as readonly [number, number];
      if (ofColumn === column && ofField === field) return kind;
    }
    return -1;
  }

  forget(): void {
    this.#entries.fill(0);
    this.#hashes.fill(0);
  }

  #words(at: number, length: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.#module.memory.buffer, at, length);
  }
}
