/** So few that a row’s entries are unpacked without many others, and enough to fill the pages of the database. */
const entriesInPart = 2048;
const lineFeed = 10;

/** Entries of a dictionary that were committed together: their texts with a line feed between two. */
export interface Part {
  readonly firstId: number;
  readonly texts: Uint8Array;
}

/** The entries of one dictionary that are not committed yet, cut into the parts in which they are stored. */
export class PendingEntries {
  #firstId = 0;
  #count = 0;
  #bytes = Buffer.alloc(0);
  #length = 0;
  /** Where full parts end, behind their last line feed. */
  #ends: number[] = [];

  get count(): number {
    return this.#count;
  }

  /** Adds the texts of so many entries, each with a line feed; `firstId` is the first one's id. */
  add(firstId: number, entries: number, texts: Uint8Array): void {
    if (entries === 0) return;
    if (this.#count === 0) this.#firstId = firstId;
    this.#reserve(texts.length);
    this.#bytes.set(texts, this.#length);
    let at = this.#length;
    let left = entries;
    for (let room = this.#room; left >= room; room = this.#room) {
      for (let lines = 0; lines < room; lines++) at = this.#bytes.indexOf(lineFeed, at) + 1;
      this.#ends.push(at);
      this.#count += room;
      left -= room;
    }
    this.#count += left;
    this.#length += texts.length;
  }

  /** The parts in the order of their ids; they are good until entries are added again. */
  *parts(): Generator<Part> {
    let from = 0;
    let firstId = this.#firstId;
    const ends = this.#ends.at(-1) === this.#length ? this.#ends : [...this.#ends, this.#length];
    for (const end of ends) {
      if (end > from) yield { firstId, texts: this.#bytes.subarray(from, end - 1) };
      from = end;
      firstId += entriesInPart;
    }
  }

  clear(): void {
    this.#count = 0;
    this.#length = 0;
    this.#ends = [];
  }

  /** Entries that the last part still takes. */
  get #room(): number {
    return entriesInPart - (this.#count % entriesInPart);
  }

  #reserve(bytes: number): void {
    const wanted = this.#length + bytes;
    if (wanted <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(4096, 2 ** Math.ceil(Math.log2(wanted))));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
