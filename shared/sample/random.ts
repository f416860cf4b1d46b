const hexPairs: readonly string[] = Array.from({ length: 65536 }, (_, value) =>
  value.toString(16).padStart(4, '0'),
);
/** Pairs of letters, so that a long text is made of few pieces. */
const base32Pairs = pairsOf('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
const base64Pairs = pairsOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');

function pairsOf(alphabet: string): readonly string[] {
  const letters = alphabet.split('');
  return letters.flatMap((first) => letters.map((second) => first + second));
}

/** A seeded source of randomness: sfc32 (Chris Doty-Humphrey, PractRand). Same seed, same values, everywhere. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    this.#a = seed | 0;
    this.#b = 0x9e3779b9 | 0;
    this.#c = 0x243f6a88 | 0;
    for (let round = 0; round < 16; round++) this.word();
  }

  /** 32 random bits, unsigned. */
  word(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return sum >>> 0;
  }

  /** Uniform in [0, 1). */
  fraction(): number {
    return this.word() / 4294967296;
  }

  /** Whole number in [0, limit). */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** One element, all equally likely. The list must not be empty. */
  pick<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)];
    if (found === undefined) throw new RangeError('Cannot pick from an empty list.');
    return found;
  }

  /** Eight lower-case hex digits. */
  hex8(): string {
    const word = this.word();
    return `${hexPairs[word >>> 16]}${hexPairs[word & 0xffff]}`;
  }

  hex16(): string {
    return this.hex8() + this.hex8();
  }

  /** A GUID of version 4. */
  guid(): string {
    const a = this.word();
    const b = this.word();
    const c = this.word();
    const d = this.word();
    return `${hexPairs[a >>> 16]}${hexPairs[a & 0xffff]}-${hexPairs[b >>> 16]}-${hexPairs[(b & 0x0fff) | 0x4000]}-${hexPairs[((c >>> 16) & 0x3fff) | 0x8000]}-${hexPairs[c & 0xffff]}${hexPairs[d >>> 16]}${hexPairs[d & 0xffff]}`;
  }

  /** Upper-case letters and digits as in AWS ids; `length` characters. */
  upper(length: number): string {
    return this.#letters(base32Pairs, 10, length);
  }

  /** Base64 text of `length` characters. */
  base64(length: number): string {
    return this.#letters(base64Pairs, 12, length);
  }

  /** `bits`: of a pair; at most 16. */
  #letters(pairs: readonly string[], bits: number, length: number): string {
    const mask = (1 << bits) - 1;
    let text = '';
    for (let index = 0; index < length; index += 4) {
      const word = this.word();
      text += (pairs[word & mask] ?? '') + (pairs[(word >>> 16) & mask] ?? '');
    }
    return text.length === length ? text : text.slice(0, length);
  }

  /** A function that picks by weight: O(1) with a table of 1,024 places, so weights below 0.1 % of the sum are lost. */
  weighted<T>(choices: readonly (readonly [T, number])[]): () => T {
    const sum = choices.reduce((total, [, weight]) => total + weight, 0);
    const table: T[] = [];
    let reached = 0;
    for (const [choice, weight] of choices) {
      reached += weight;
      while (table.length < Math.round((reached / sum) * 1024)) table.push(choice);
    }
    return () => this.pick(table);
  }
}
