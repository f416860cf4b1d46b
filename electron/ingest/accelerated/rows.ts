import { dimensionNames, hashedFields } from '#shared/domain/dimensions.ts';
import type { RowColumns, RowStore } from '../row-columns.ts';
import type { Assembled, Layout } from './assembled.ts';

/** A dictionary of a batch. */
export interface RowDictionary {
  readonly values: string[];
  /** Of all entries. */
  readonly characters: number;
  /** Enters an entry whose text is put in its place in `values` later on; answers with its id. */
  reserve(characters: number): number;
}

/** Where the texts of entries are found. */
export interface EntryTexts {
  textOf(entry: number): string;
  lengthOf(entry: number): number;
}

/** Rows of the batch that is being built, in the module's memory: it adds some, the host adds others. */
export class ModuleRows implements RowStore {
  columns: RowColumns = noColumns;
  readonly #module: Assembled;
  readonly #layout: Layout;
  #state = new Uint32Array(0);
  #nextIds = new Uint32Array(0);
  #pending = new Uint32Array(0);
  /** How many of the pending entries are in their dictionaries, and have their texts there. */
  #entered = 0;
  #batch = 0;
  #dictionaries: readonly RowDictionary[] = [];

  constructor(module: Assembled, layout: Layout) {
    this.#module = module;
    this.#layout = layout;
  }

  /** The number of rows. */
  get count(): number {
    return this.#state[0] as number;
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
    this.#state = words(layout.rowCount, 2);
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
    mostCharacters: number,
    formatId: number,
    dictionaries: readonly RowDictionary[],
  ): void {
    if (batch !== this.#batch) this.#entered = 0;
    this.#batch = batch;
    this.#dictionaries = dictionaries;
    let characters = 0;
    for (const [column, dictionary] of dictionaries.entries()) {
      this.#nextIds[column] = dictionary.values.length;
      characters += dictionary.characters;
    }
    this.#module.beginRows(batch, count, isFull, characters, mostCharacters, formatColumn, formatId);
  }

  /** Enters what is new in the batch into its dictionaries; the texts are not put in their places yet. */
  enter(texts: EntryTexts): void {
    const count = this.#state[1] as number;
    for (; this.#entered < count; this.#entered++) {
      const at = this.#entered * (this.#layout.pendingSize / 4);
      const dictionary = this.#dictionaries[this.#pending[at] as number] as RowDictionary;
      dictionary.reserve(texts.lengthOf(this.#pending[at + 1] as number));
    }
  }

  /**
   * Puts the texts of what is new in the batch in their places. They are made only now: texts that lived as long as a
   * batch would be copied by the garbage collector again and again.
   */
  fill(texts: EntryTexts): void {
    this.enter(texts);
    const pending = this.#pending;
    const width = this.#layout.pendingSize / 4;
    for (let at = 0; at < this.#entered * width; at += width) {
      const { values } = this.#dictionaries[pending[at] as number] as RowDictionary;
      values[pending[at + 2] as number] = texts.textOf(pending[at + 1] as number);
    }
    this.#state[1] = 0;
    this.#entered = 0;
  }
}

const formatColumn = dimensionNames.indexOf('format');
const noColumns: RowColumns = {
  micros: new Float64Array(0),
  nanos: new Uint16Array(0),
  timeDigits: new Uint8Array(0),
  keys: new Uint32Array(0),
  offsets: new Float64Array(0),
  lengths: new Uint32Array(0),
  hashes: [],
  ids: [],
};
