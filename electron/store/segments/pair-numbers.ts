/** Pairs of numbers of up to 26 bits each become one exact double. */
const secondFactor = 2 ** 26;
const empty = -1;
/** So many places of a table are worth having for pairs that are looked up without a search. */
const mostDirect = 2 ** 20;

/**
 * Numbers pairs in the order in which they are first met. Pairs whose second part is below `width` are looked up in a
 * table where that stays small, all others by open addressing over doubles.
 */
export class PairNumbers {
  #keys = new Float64Array(1024).fill(empty);
  #numbers = new Uint32Array(1024);
  #hashed = 0;
  /** `first * width + second` → number and one more; 0 for none. */
  #direct = new Uint32Array(0);
  readonly #width: number;
  /** The pairs by number. */
  readonly pairs: number[] = [];

  constructor(width = 0) {
    this.#width = width;
  }

  get size(): number {
    return this.pairs.length;
  }

  numberOf(first: number, second: number): number {
    // Small, so that it becomes part of the loops that call it.
    if (second < this.#width) {
      const known = this.#direct[first * this.#width + second];
      if (known !== undefined && known !== 0) return known - 1;
    }
    return this.#searched(first, second);
  }

  firstOf(number: number): number {
    return Math.floor((this.pairs[number] as number) / secondFactor);
  }

  secondOf(number: number): number {
    // A remainder takes several times as long; all of this is exact.
    return (this.pairs[number] as number) - this.firstOf(number) * secondFactor;
  }

  #searched(first: number, second: number): number {
    if (second < this.#width) {
      const place = first * this.#width + second;
      if (place < mostDirect) return this.#addDirect(place, first, second);
    }
    const key = first * secondFactor + second;
    const mask = this.#keys.length - 1;
    let slot = hashOf(first, second) & mask;
    while (this.#keys[slot] !== key) {
      if (this.#keys[slot] === empty) return this.#add(slot, key);
      slot = (slot + 1) & mask;
    }
    return this.#numbers[slot] as number;
  }

  #addDirect(place: number, first: number, second: number): number {
    if (place >= this.#direct.length) {
      const larger = new Uint32Array(
        Math.min(mostDirect, Math.max(1024, 2 ** Math.ceil(Math.log2(place + 1)))),
      );
      larger.set(this.#direct);
      this.#direct = larger;
    }
    this.#direct[place] = this.pairs.push(first * secondFactor + second);
    return this.pairs.length - 1;
  }

  #add(slot: number, key: number): number {
    const number = this.pairs.length;
    this.pairs.push(key);
    this.#keys[slot] = key;
    this.#numbers[slot] = number;
    this.#hashed++;
    if (this.#hashed * 2 > this.#keys.length) this.#grow();
    return number;
  }

  #grow(): void {
    const [keys, numbers] = [this.#keys, this.#numbers];
    const slots = keys.length * 2;
    this.#keys = new Float64Array(slots).fill(empty);
    this.#numbers = new Uint32Array(slots);
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at] as number;
      if (key === empty) continue;
      let slot = hashOf(Math.floor(key / secondFactor), key % secondFactor) & (slots - 1);
      while (this.#keys[slot] !== empty) slot = (slot + 1) & (slots - 1);
      this.#keys[slot] = key;
      this.#numbers[slot] = numbers[at] as number;
    }
  }
}

function hashOf(first: number, second: number): number {
  let hash = Math.imul(first ^ Math.imul(second, 0x85ebca77), 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x27d4eb2f);
  return hash ^ (hash >>> 13);
}
