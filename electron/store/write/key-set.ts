import { randomInt } from 'node:crypto';

/**
 * The 128-bit keys of all events of a case: exact, open addressing, at most 60 % full. Keys may be chosen by whoever
 * writes the log (a Kubernetes client names its own audit id), so slots are spread by a seed that nobody can know;
 * the answers do not depend on it.
 */
export class KeySet {
  readonly #seed = randomInt(1, 0xff_ff_ff_ff);
  #words: Uint32Array;
  #mask: number;
  #size = 0;

  constructor(expected = 65_536) {
    let slots = 1 << 16;
    while (slots * 0.6 < expected) slots *= 2;
    this.#words = new Uint32Array(slots * 4);
    this.#mask = slots - 1;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a key of four words; false when it was there already. */
  add(a: number, b: number, c: number, d: number): boolean {
    if (this.#size >= (this.#mask + 1) * 0.6) this.#grow();
    // The key of zeros would look like an empty slot.
    const last = (a | b | c | d) === 0 ? 1 : d;
    const words = this.#words;
    let slot = this.#slotOf(a, b, c, last);
    for (;;) {
      const at = slot * 4;
      const w0 = words[at] as number;
      const w1 = words[at + 1] as number;
      const w2 = words[at + 2] as number;
      const w3 = words[at + 3] as number;
      if ((w0 | w1 | w2 | w3) === 0) {
        words[at] = a;
        words[at + 1] = b;
        words[at + 2] = c;
        words[at + 3] = last;
        this.#size++;
        return true;
      }
      if (w0 === a >>> 0 && w1 === b >>> 0 && w2 === c >>> 0 && w3 === last >>> 0) return false;
      slot = (slot + 1) & this.#mask;
    }
  }

  #slotOf(a: number, b: number, c: number, d: number): number {
    let hash = Math.imul(a ^ this.#seed, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ b, 0x85ebca77);
    hash = Math.imul(hash ^ (hash >>> 13) ^ c, 0xc2b2ae3d);
    hash = Math.imul(hash ^ (hash >>> 16) ^ d, 0x27d4eb2f);
    return (hash ^ (hash >>> 15)) & this.#mask;
  }

  #grow(): void {
    const old = this.#words;
    const slots = (this.#mask + 1) * 2;
    this.#words = new Uint32Array(slots * 4);
    this.#mask = slots - 1;
    this.#size = 0;
    for (let at = 0; at < old.length; at += 4) {
      const [a, b, c, d] = [
        old[at] as number,
        old[at + 1] as number,
        old[at + 2] as number,
        old[at + 3] as number,
      ];
      if ((a | b | c | d) !== 0) this.add(a, b, c, d);
    }
  }
}
