import { randomFillSync } from 'node:crypto';
import type { PackedColumn } from '#shared/domain/packed-batch.ts';
import { type AssembledMemory, assembledModule } from '#electron/platform/assembled.ts';
import { wasm } from './entry-index-module.ts';
import { gather } from './gather.ts';

/** What electron/assembly/entry-index.ts exports. */
interface Assembled {
  readonly memory: AssembledMemory;
  readonly secretsAddress: () => number;
  readonly begin: () => void;
  readonly prepare: (rows: number, entries: number, bytes: number) => void;
  readonly knownAddress: () => number;
  readonly startsAddress: () => number;
  readonly rowsAddress: () => number;
  readonly textsAddress: () => number;
  readonly freshAddress: () => number;
  readonly freshLength: () => number;
  readonly problemEntry: () => number;
  readonly map: (dictionary: number, rows: number, entries: number, bytes: number) => number;
}

const wrongCount = -1;
const wrongRow = -2;
const unassigned = 0xff_ff_ff_ff;
/** For each dictionary. */
const secretBytes = 16;

const instance = assembledModule(wasm);

/**
 * The entries of a case's dictionaries and their ids, of each dictionary 0 and up in the order in which they came. A
 * case has millions of entries, and the texts themselves lie in the database: here an entry is 128 bits of a keyed hash
 * of its bytes and its id, some 27 bytes whatever its length. The key is drawn anew each time, as whoever writes a log
 * chooses its texts; ids do not depend on it.
 */
export class EntryIndex {
  readonly #assembled: Assembled;
  #bytes: Buffer = Buffer.alloc(0);
  #words = new Uint32Array(0);
  #entries = 0;

  constructor(dictionaries: number) {
    this.#assembled = instance() as Assembled;
    const { memory, secretsAddress, begin } = this.#assembled;
    randomFillSync(new Uint8Array(memory.buffer, secretsAddress(), secretBytes * dictionaries));
    begin();
  }

  /**
   * Takes a dictionary in whole, as it lies in the database; answers how many of its entries were new. Throws where the
   * texts are not as many as the entries.
   */
  addAll(dictionary: number, texts: Uint8Array, entries: number): number {
    const rows = this.#prepare(entries, { entries, texts });
    for (let entry = 0; entry < entries; entry++) this.#words[rows + entry] = entry;
    return this.#map(dictionary, entries, { entries, texts });
  }

  /**
   * Writes the ids of a column's entries at the positions `kept` to `target` from `at` on, in the order of the
   * positions; answers how many entries were new. Throws where the column names an entry that its dictionary does not
   * have.
   */
  map(dictionary: number, column: PackedColumn, kept: Uint32Array, target: Uint32Array, at: number): number {
    const { length } = kept;
    const rows = this.#prepare(length, column);
    gather(column.ids, kept, this.#words, rows);
    const added = this.#map(dictionary, length, column);
    target.set(this.#words.subarray(rows, rows + length), at);
    return added;
  }

  /** The texts of the entries that were new with the last call, in the order of their ids, each with a line feed. */
  get fresh(): Uint8Array {
    const from = this.#assembled.freshAddress() >>> 0;
    return this.#bytes.subarray(from, from + this.#assembled.freshLength());
  }

  /** The entries of the last call's dictionary that were used: their ids, and which entries they are. */
  eachUsed(visit: (id: number, entry: number) => void): void {
    const known = (this.#assembled.knownAddress() >>> 0) / 4;
    for (let entry = 0; entry < this.#entries; entry++) {
      const id = this.#words[known + entry] as number;
      if (id !== unassigned) visit(id, entry);
    }
  }

  /** The text of an entry of the last call's dictionary. */
  textOf(entry: number): string {
    const { textsAddress, startsAddress } = this.#assembled;
    const [texts, starts] = [textsAddress() >>> 0, (startsAddress() >>> 0) / 4];
    const [start, next] = [this.#words[starts + entry] as number, this.#words[starts + entry + 1] as number];
    return this.#bytes.toString('utf8', texts + start, texts + next - 1);
  }

  /** Puts a dictionary in place; answers where the rows go, in words. */
  #prepare(rows: number, { entries, texts }: Pick<PackedColumn, 'entries' | 'texts'>): number {
    const { memory, prepare, textsAddress, rowsAddress } = this.#assembled;
    prepare(rows, entries, texts.length);
    if (this.#bytes.buffer !== memory.buffer) {
      this.#bytes = Buffer.from(memory.buffer);
      this.#words = new Uint32Array(memory.buffer);
    }
    this.#entries = entries;
    // Addresses above 2 GiB come as negative numbers.
    this.#bytes.set(texts, textsAddress() >>> 0);
    return (rowsAddress() >>> 0) / 4;
  }

  #map(
    dictionary: number,
    rows: number,
    { entries, texts }: Pick<PackedColumn, 'entries' | 'texts'>,
  ): number {
    const added = this.#assembled.map(dictionary, rows, entries, texts.length);
    if (added === wrongCount) throw new RangeError(`not ${entries} texts`);
    if (added === wrongRow)
      throw new RangeError(`entry ${this.#assembled.problemEntry() >>> 0} of ${entries}`);
    return added;
  }
}
