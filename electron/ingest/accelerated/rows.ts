import { dimensionNames, hashedFields } from '#shared/domain/dimensions.ts';
import type { RowColumns } from '#shared/domain/packed-batch.ts';
import { type RowStore, newRowColumns } from '../row-columns.ts';
import type { Assembled, Layout } from './assembled.ts';
import type { TextPool } from './text-pool.ts';

/** A dictionary of a batch. */
export interface RowDictionary {
  readonly values: (string | undefined)[];
  /** Enters so many entries and leaves their texts open. */
  reserve(entries: number): void;
}

/** Rows of the batch that is being built, in the module's memory: it adds some, the host adds others. */
export class ModuleRows implements RowStore {
  columns: RowColumns = newRowColumns(0);
  readonly #module: Assembled;
  readonly #layout: Layout;
  #batch = 0;
  #state = new Uint32Array(0);
  #nextIds = new Uint32Array(0);
  #pending = new Uint32Array(0);
  #newTexts = new Uint32Array(0);
  readonly #texts: TextPool;
  #dictionaries: readonly RowDictionary[] = [];

  constructor(module: Assembled, layout: Layout, texts: TextPool) {
    this.#texts = texts;
    this.#module = module;
    this.#layout = layout;
  }

  /** The number of rows. */
  get count(): number {
    return this.#state[0] as number;
  }

  /** Of the batch's texts. */
  get characters(): number {
    return this.#state[2] as number;
  }

  /** Makes the views anew. */
  view(): void {
    const { memory } = this.#module;
    const { buffer } = memory;
    const layout = this.#layout;
    const { mostRows } = layout;
    const words = (at: number, length = mostRows): Uint32Array<ArrayBuffer> =>
      new Uint32Array(buffer, at, length);
    const column = (at: number, index: number): Uint32Array => words(at + index * mostRows * 4);
    this.columns = {
      micros: new Float64Array(buffer, layout.rowMicros, mostRows),
      nanos: new Uint16Array(buffer, layout.rowNanos, mostRows),
      timeDigits: new Uint8Array(buffer, layout.rowDigits, mostRows),
      keys: words(layout.rowKeys, mostRows * 4),
      offsets: new Float64Array(buffer, layout.rowOffsets, mostRows),
      lengths: words(layout.rowLengths),
      hashes: hashedFields.map((_, index) => column(layout.rowHashes, index)),
      ids: dimensionNames.map((_, index) => column(layout.rowIds, index)),
    };
    this.#state = words(layout.rowCount, 3);
    this.#newTexts = words(layout.newTexts, layout.mostDimensions * (layout.newTextsSize / 4));
    this.#nextIds = words(layout.nextIds, layout.mostDimensions);
    const mostPending = mostRows * layout.mostDimensions * (layout.pendingSize / 4);
    this.#pending = words(layout.pending, mostPending);
  }

  /**
   * The module goes on with a batch that has so many rows and, where it `isFull`, takes no more. `formatId` is the
   * format's id in all of them. The dictionaries are in the order of `dimensionNames`.
   */
  begin(
    batch: number,
    count: number,
    isFull: boolean,
    characters: number,
    mostCharacters: number,
    formatId: number,
    dictionaries: readonly RowDictionary[],
  ): void {
    this.#batch = batch;
    this.#dictionaries = dictionaries;
    for (const [column, { values }] of dictionaries.entries()) this.#nextIds[column] = values.length;
    this.#module.beginRows(batch, count, isFull, characters, mostCharacters, formatColumn, formatId);
  }

  /** Enters what is new since `begin` into the dictionaries: their texts are those of `newTexts`. */
  enter(): void {
    for (const [column, dictionary] of this.#dictionaries.entries()) {
      const entries = (this.#nextIds[column] as number) - dictionary.values.length;
      if (entries > 0) dictionary.reserve(entries);
    }
  }

  /**
   * The texts of what is new in the batch, by the number of their ids' column: JSON texts in the order of ids, with a line
   * feed behind each, as a view of the module's memory. Null where there is too much, or nothing.
   */
  newTexts(batch: number): ((column: number) => Uint8Array) | null {
    if (batch !== this.#batch || this.#module.packTexts() === 0) return null;
    const places = this.#newTexts;
    return (column) => new Uint8Array(this.#module.memory.buffer, places[column * 2], places[column * 2 + 1]);
  }

  /** Puts the texts of what is new in the batch in their places in the dictionaries; then nothing is new. */
  fill(batch = this.#batch): void {
    if (batch !== this.#batch) return;
    const width = this.#layout.pendingSize / 4;
    const end = (this.#state[1] as number) * width;
    for (let at = 0; at < end; at += width) {
      const { values } = this.#dictionaries[this.#pending[at] as number] as RowDictionary;
      values[this.#pending[at + 2] as number] = this.#texts.textOf(this.#pending[at + 1] as number);
    }
    this.#state[1] = 0;
  }
}

const formatColumn = dimensionNames.indexOf('format');
