import type { Column } from './event-table.ts';

/** Pairs of numbers of up to 26 bits each become one exact double. */
const secondFactor = 2 ** 26;
const empty = -1;

/** Numbers pairs in the order in which they are first met: open addressing over doubles. */
export class PairNumbers {
  #keys = new Float64Array(1024).fill(empty);
  #numbers = new Uint32Array(1024);
  /** The pairs by number. */
  readonly pairs: number[] = [];

  get size(): number {
    return this.pairs.length;
  }

  numberOf(first: number, second: number): number {
    const key = first * secondFactor + second;
    const mask = this.#keys.length - 1;
    let slot = hashOf(first, second) & mask;
    while (this.#keys[slot] !== key) {
      if (this.#keys[slot] === empty) return this.#add(slot, key);
      slot = (slot + 1) & mask;
    }
    return this.#numbers[slot] as number;
  }

  firstOf(number: number): number {
    return Math.floor((this.pairs[number] as number) / secondFactor);
  }

  secondOf(number: number): number {
    return (this.pairs[number] as number) % secondFactor;
  }

  #add(slot: number, key: number): number {
    const number = this.pairs.length;
    this.pairs.push(key);
    this.#keys[slot] = key;
    this.#numbers[slot] = number;
    if (this.pairs.length * 2 > this.#keys.length) this.#grow();
    return number;
  }

  #grow(): void {
    const slots = this.#keys.length * 2;
    this.#keys = new Float64Array(slots).fill(empty);
    this.#numbers = new Uint32Array(slots);
    for (const [number, key] of this.pairs.entries()) {
      let slot = hashOf(this.firstOf(number), this.secondOf(number)) & (slots - 1);
      while (this.#keys[slot] !== empty) slot = (slot + 1) & (slots - 1);
      this.#keys[slot] = key;
      this.#numbers[slot] = number;
    }
  }
}

function hashOf(first: number, second: number): number {
  let hash = Math.imul(first ^ Math.imul(second, 0x85ebca77), 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x27d4eb2f);
  return hash ^ (hash >>> 13);
}

/** A distinct combination of entries: one of each column, how many rows have it, and the first and last of them. */
export interface RowGroup {
  readonly entries: readonly number[];
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/** The distinct combinations of several columns' entries over all rows, in the order in which they first appear. */
export function groupRows(columns: readonly Column[], rows: number): RowGroup[] {
  const [head = new Uint32Array(rows), ...rest] = columns;
  const levels = rest.map(() => new PairNumbers());
  const counts: number[] = [];
  const firsts: number[] = [];
  const lasts: number[] = [];
  for (let row = 0; row < rows; row++) {
    let number = head[row] as number;
    for (let level = 0; level < rest.length; level++) {
      number = (levels[level] as PairNumbers).numberOf(number, (rest[level] as Column)[row] as number);
    }
    const known = counts[number];
    if (known === undefined) {
      counts[number] = 1;
      firsts[number] = row;
    } else counts[number] = known + 1;
    lasts[number] = row;
  }
  return counts.map((count, number): RowGroup => {
    const entries: number[] = [];
    let at = number;
    for (let level = rest.length - 1; level >= 0; level--) {
      const pairs = levels[level] as PairNumbers;
      entries.unshift(pairs.secondOf(at));
      at = pairs.firstOf(at);
    }
    return {
      entries: [at, ...entries],
      count,
      first: firsts[number] as number,
      last: lasts[number] as number,
    };
  });
}
