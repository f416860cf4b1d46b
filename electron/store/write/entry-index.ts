import { randomInt } from 'node:crypto';

/** Bytes of a block of entries. */
const blockBytes = 4 * 1024 * 1024;
const blockWords = blockBytes / 4;

/** Longer texts are kept apart: an entry lies within one block. */
const longestText = 1024 * 1024;

const fillLimit = 0.6;

/** What is looked for, in whole words: the bytes behind the text are zero. For all dictionaries, one after another. */
const wantedWords = new Int32Array((longestText * 3) / 4 + 1);
const wanted = Buffer.from(wantedWords.buffer);

/**
 * The entries of one dictionary and their ids, 0 and up in the order in which they came. Exact: entries are compared
 * byte by byte. They lie as UTF-8 in large blocks and are found by open addressing, since a case has millions of them
 * and as strings in a map each takes twice its length. Whoever writes a log chooses its texts, so the places in the
 * table are spread by a seed that nobody can know; ids do not depend on it.
 */
export class EntryIndex {
  readonly #seed = randomInt(1, 0xff_ff_ff_ff);
  readonly #blocks: Int32Array[] = [];
  /** Words of the last block that are in use. */
  #used = blockWords;
  /** For each id the place of its entry, in words over all blocks: its length in bytes, then its words. */
  #places = new Uint32Array(1024);
  #hashes = new Int32Array(1024);
  /** Ids + 1 by hash; 0 is free. */
  #slots = new Uint32Array(2048);
  readonly #long = new Map<string, number>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The id of an entry, which is a new one where the entry is new: then it is the size that was. */
  idOf(text: string): number {
    if (text.length > longestText) return this.#idOfLong(text);
    const length = wanted.write(text, 0, 'utf8');
    wanted.fill(0, length, length + 4);
    const words = (length + 3) >> 2;
    const hash = this.#hash(words);
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const id = (slots[slot] as number) - 1;
      if (this.#hashes[id] === hash && this.#isAt(id, length, words)) return id;
    }
    slots[slot] = this.#size + 1;
    return this.#add(hash, this.#place(length, words));
  }

  #idOfLong(text: string): number {
    const known = this.#long.get(text);
    if (known !== undefined) return known;
    const id = this.#add(0, 0);
    this.#long.set(text, id);
    return id;
  }

  #hash(words: number): number {
    let hash = this.#seed;
    for (let index = 0; index < words; index++) {
      hash = Math.imul(hash ^ (wantedWords[index] as number), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash, 0x85ebca77);
    return hash ^ (hash >>> 13);
  }

  #isAt(id: number, length: number, words: number): boolean {
    const place = this.#places[id] as number;
    const block = this.#blocks[Math.floor(place / blockWords)] as Int32Array;
    const from = place % blockWords;
    if (block[from] !== length) return false;
    for (let index = 0; index < words; index++) {
      if (block[from + 1 + index] !== wantedWords[index]) return false;
    }
    return true;
  }

  #place(length: number, words: number): number {
    if (this.#used + words + 1 > blockWords) {
      this.#blocks.push(new Int32Array(blockWords));
      this.#used = 0;
    }
    const block = this.#blocks.at(-1) as Int32Array;
    const place = (this.#blocks.length - 1) * blockWords + this.#used;
    block[this.#used] = length;
    block.set(wantedWords.subarray(0, words), this.#used + 1);
    this.#used += words + 1;
    return place;
  }

  #add(hash: number, place: number): number {
    const id = this.#size++;
    if (id === this.#places.length) this.#grow();
    this.#places[id] = place;
    this.#hashes[id] = hash;
    if (this.#size > this.#slots.length * fillLimit) this.#spread();
    return id;
  }

  #grow(): void {
    const places = new Uint32Array(this.#places.length * 2);
    places.set(this.#places);
    const hashes = new Int32Array(places.length);
    hashes.set(this.#hashes);
    this.#places = places;
    this.#hashes = hashes;
  }

  /** Twice as many slots. */
  #spread(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    const long = new Set(this.#long.values());
    for (let id = 0; id < this.#size; id++) {
      if (long.has(id)) continue;
      let slot = (this.#hashes[id] as number) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.#slots = slots;
  }
}
