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

  /** The keys that were counted. */
  entries(): { key: number; count: number }[] {
    const entries: { key: number; count: number }[] = [];
    const counts = this.#dense ?? this.#counts;
    for (let index = 0; index < counts.length; index++) {
      const count = counts[index] as number;
      if (count > 0)
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

function hashOf(key: number): number {
  const low = (key % 4294967296) | 0;
  const high = Math.floor(key / 4294967296) | 0;
  let hash = Math.imul(low ^ Math.imul(high, 0x85ebca77), 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x27d4eb2f);
  return hash ^ (hash >>> 13);
}
