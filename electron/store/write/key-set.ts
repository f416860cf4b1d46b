import { randomInt } from 'node:crypto';

const fillLimit = 0.6;

/**
 * The 128-bit keys of all events of a case: exact, open addressing, at most 60 % full, 16 bytes a slot (268 MB for
 * 10 million events). Keys may be chosen by whoever writes the log (a Kubernetes client names its own audit id), so
 * slots are spread by a seed that nobody can know; the answers do not depend on it.
 */
export class KeySet {
  readonly #seed = randomInt(1, 0xff_ff_ff_ff);
  #words: Uint32Array;
  #slots: number;
  #size = 0;
  /** The key of zeros would look like an empty slot. */
  #hasZero = false;

  constructor(expected = 0) {
    this.#slots = slotsFor(expected);
    this.#words = new Uint32Array(this.#slots * 4);
  }

  get size(): number {
    return this.#size + (this.#hasZero ? 1 : 0);
  }

  /** Adds the first `count` keys, four words each; answers the positions of those that were not there, in order. */
  addNew(keys: Uint32Array, count: number): Uint32Array {
    this.#reserve(count);
    const added = new Uint32Array(count);
    let length = 0;
    for (let index = 0; index < count; index++) {
      const at = index * 4;
      const isNew = this.#add(
        keys[at] as number,
        keys[at + 1] as number,
        keys[at + 2] as number,
        keys[at + 3] as number,
      );
      if (isNew) added[length++] = index;
    }
    return added.subarray(0, length);
  }

  #add(a: number, b: number, c: number, d: number): boolean {
    if ((a | b | c | d) === 0) {
      const isNew = !this.#hasZero;
      this.#hasZero = true;
      return isNew;
    }
    const words = this.#words;
    const mask = this.#slots - 1;
    for (let slot = this.#hash(a, b, c, d) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * 4;
      const [w0, w1] = [words[at] as number, words[at + 1] as number];
      const [w2, w3] = [words[at + 2] as number, words[at + 3] as number];
      if (w0 === a && w1 === b && w2 === c && w3 === d) return false;
      if ((w0 | w1 | w2 | w3) !== 0) continue;
      words[at] = a;
      words[at + 1] = b;
      words[at + 2] = c;
      words[at + 3] = d;
      this.#size++;
      return true;
    }
  }

  #hash(a: number, b: number, c: number, d: number): number {
    let hash = Math.imul(a ^ this.#seed, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ b, 0x85ebca77);
    hash = Math.imul(hash ^ (hash >>> 13) ^ c, 0xc2b2ae3d);
    hash = Math.imul(hash ^ (hash >>> 16) ^ d, 0x27d4eb2f);
    return hash ^ (hash >>> 15);
  }

  /** Makes room for `count` more keys. */
  #reserve(count: number): void {
    const slots = slotsFor(this.#size + count);
    if (slots <= this.#slots) return;
    const old = this.#words;
    this.#slots = slots;
    this.#words = new Uint32Array(slots * 4);
    this.#size = 0;
    for (let at = 0; at < old.length; at += 4) {
      const [a, b] = [old[at] as number, old[at + 1] as number];
      const [c, d] = [old[at + 2] as number, old[at + 3] as number];
      if ((a | b | c | d) !== 0) this.#add(a, b, c, d);
    }
  }
}

function slotsFor(size: number): number {
  let slots = 1 << 16;
  while (slots * fillLimit < size) slots *= 2;
  return slots;
}
