import { hash, randomInt } from 'node:crypto';
import { RecentEntries } from './recent-entries.ts';

const fillLimit = 0.6;
/** Of an entry's SHA-256 are kept. */
const keyWords = 4;

/**
 * The entries of one dictionary and their ids, 0 and up in the order in which they came. A case has millions of them,
 * and the texts themselves lie in the database: here an entry is the first 128 bits of its SHA-256, as events without a
 * GUID are, about 25 bytes whatever its length. Whoever writes a log chooses its texts, so the places in the table are
 * spread by a seed that nobody can know; ids do not depend on it.
 */
export class EntryIndex {
  readonly #seed = randomInt(1, 0xff_ff_ff_ff);
  /** The key of each id. */
  #keys = new Uint32Array(1024 * keyWords);
  /** Ids + 1 by place; 0 is free. */
  #slots = new Uint32Array(2048);
  #size = 0;
  readonly #recent = new RecentEntries();

  get size(): number {
    return this.#size;
  }

  /** The id of an entry. A new entry gets a new one: the size that was. */
  idOf(text: string): number {
    const recent = this.#recent.get(text);
    if (recent !== undefined) return recent;
    const id = this.#find(text);
    this.#recent.set(text, id);
    return id;
  }

  #find(text: string): number {
    // As text of bytes it comes in half the time of a buffer.
    const digest = hash('sha256', text, 'binary');
    const [a, b, c, d] = [wordAt(digest, 0), wordAt(digest, 4), wordAt(digest, 8), wordAt(digest, 12)];
    const keys = this.#keys;
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = this.#placeOf(a) & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const id = (slots[slot] as number) - 1;
      const at = id * keyWords;
      if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c && keys[at + 3] === d) return id;
    }
    slots[slot] = this.#size + 1;
    return this.#add(a, b, c, d);
  }

  #placeOf(word: number): number {
    const mixed = Math.imul(word ^ this.#seed, 0x9e3779b1);
    return Math.imul(mixed ^ (mixed >>> 15), 0x85ebca77) >>> 4;
  }

  #add(a: number, b: number, c: number, d: number): number {
    const id = this.#size++;
    const at = id * keyWords;
    if (at === this.#keys.length) {
      const keys = new Uint32Array(this.#keys.length * 2);
      keys.set(this.#keys);
      this.#keys = keys;
    }
    this.#keys[at] = a;
    this.#keys[at + 1] = b;
    this.#keys[at + 2] = c;
    this.#keys[at + 3] = d;
    if (this.#size > this.#slots.length * fillLimit) this.#spread();
    return id;
  }

  /** Twice as many slots. */
  #spread(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 0; id < this.#size; id++) {
      let slot = this.#placeOf(this.#keys[id * keyWords] as number) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.#slots = slots;
  }
}

/** Four bytes of a text of bytes, as an unsigned number. */
function wordAt(bytes: string, at: number): number {
  const high = (bytes.charCodeAt(at + 3) << 8) | bytes.charCodeAt(at + 2);
  return ((high << 16) | (bytes.charCodeAt(at + 1) << 8) | bytes.charCodeAt(at)) >>> 0;
}
