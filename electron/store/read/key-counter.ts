const densest = 2 ** 24;
const empty = -1;

/** Counts by whole-number key: in a plain array where the keys are few, else by open addressing. */
export class KeyCounter {
  #dense: Uint32Array | null;
  #keys = new Float64Array(0);
  #counts = new Float64Array(0);
  #used = 0;

  /** `keys` is the number of possible keys, `additions` the most that will be counted. */
  constructor(keys: number, additions: number) {
    this.#dense = keys <= densest && keys <= Math.max(65_536, additions * 4) ? new Uint32Array(keys) : null;
    if (this.#dense === null) this.#resize(1024);
  }

  /** The counts by key, where they are kept so. */
  get dense(): Uint32Array | null {
    return this.#dense;
  }

  add(key: number, amount: number): void {
    if (this.#dense !== null) this.#dense[key] = (this.#dense[key] as number) + amount;
    else this.#addSparse(key, amount);
  }

  addAll(keys: Float64Array, count: number): void {
    const dense = this.#dense;
    if (dense === null) {
      for (let index = 0; index < count; index++) this.#addSparse(keys[index] as number, 1);
      return;
    }
    for (let index = 0; index < count; index++) {
      const key = keys[index] as number;
      dense[key] = (dense[key] as number) + 1;
    }
  }

  /** How many keys were counted. */
  get size(): number {
    const counts = this.#dense ?? this.#counts;
    let size = 0;
    for (let index = 0; index < counts.length; index++) if (counts[index] !== 0) size++;
    return size;
  }

  /** The keys with the largest counts: at least `limit` of them where there are so many, with all that tie. */
  largest(limit: number): { key: number; count: number }[] {
    const counts = this.#dense ?? this.#counts;
    const least = thresholdOf(counts, limit);
    const entries: { key: number; count: number }[] = [];
    for (let index = 0; index < counts.length; index++) {
      const count = counts[index] as number;
      if (count < least) continue;
      entries.push({ key: this.#dense === null ? (this.#keys[index] as number) : index, count });
    }
    return entries;
  }

  #addSparse(key: number, amount: number): void {
    const mask = this.#keys.length - 1;
    let slot = hashOf(key) & mask;
    while (this.#keys[slot] !== key) {
      if (this.#keys[slot] === empty) {
        this.#keys[slot] = key;
        this.#used++;
        break;
      }
      slot = (slot + 1) & mask;
    }
    this.#counts[slot] = (this.#counts[slot] as number) + amount;
    if (this.#used * 2 > this.#keys.length) this.#resize(this.#keys.length * 2);
  }

  #resize(slots: number): void {
    const [keys, counts] = [this.#keys, this.#counts];
    this.#keys = new Float64Array(slots).fill(empty);
    this.#counts = new Float64Array(slots);
    this.#used = 0;
    for (let index = 0; index < keys.length; index++) {
      if (keys[index] !== empty) this.#addSparse(keys[index] as number, counts[index] as number);
    }
  }
}

const exactCounts = 65_536;

/** The largest count, 1 or more, that at least `limit` of the counts reach; large ones are not told apart. */
export function thresholdOf(counts: Uint32Array | Float64Array, limit: number): number {
  const having = new Uint32Array(exactCounts);
  for (let index = 0; index < counts.length; index++) {
    const count = Math.min(counts[index] as number, exactCounts - 1);
    having[count] = (having[count] as number) + 1;
  }
  let reached = 0;
  for (let count = exactCounts - 1; count > 1; count--) {
    reached += having[count] as number;
    if (reached >= limit) return count;
  }
  return 1;
}

function hashOf(key: number): number {
  const low = (key % 4294967296) | 0;
  const high = Math.floor(key / 4294967296) | 0;
  let hash = Math.imul(low ^ Math.imul(high, 0x85ebca77), 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x27d4eb2f);
  return hash ^ (hash >>> 13);
}
