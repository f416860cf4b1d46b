export type Tuple = readonly (string | null)[];

/** The tuple is not in the dictionary yet. */
export const unknownTuple = -1;
const none = -1;

/** Tuples with the same pivot that are compared one by one; the others are found by their text. */
const longestChain = 16;

/**
 * Dictionary of tuples within one batch: the same tuple gets the same id. Tuples are found by one part, the pivot, that
 * nearly tells them apart, and compared part by part, so that no text a log holds can pass for another tuple. Id 0 is
 * the tuple of nulls.
 */
export class TupleDictionary {
  readonly values: (string | undefined)[] = [];
  /** Characters of all entries that are not open, to bound a batch. */
  characters = 0;
  readonly #pivot: number;
  readonly #tuples: Tuple[] = [];
  /** Pivot → the first tuple that has it; `#next` leads on, the latest next to the first. */
  readonly #first = new Map<string | null, number>();
  readonly #next: number[] = [];
  readonly #chainLengths = new Map<number, number>();
  /** Tuples that their chain has no room for, by their JSON text. */
  readonly #others = new Map<string, number>();
  #last: Tuple = [];
  #lastId = unknownTuple;

  /** `pivot`: the part that differs most between tuples. */
  constructor(width: number, pivot: number) {
    this.#pivot = pivot;
    const nulls: Tuple = Array.from({ length: width }, () => null);
    this.add(nulls, JSON.stringify(nulls));
  }

  /** Id of the tuple, or `unknownTuple`. Many events are like the one before: that one is looked at first. */
  find(tuple: Tuple): number {
    if (isSame(tuple, this.#last)) return this.#lastId;
    const first = this.#first.get(tuple[this.#pivot] ?? null);
    if (first === undefined) return unknownTuple;
    let id = first;
    while (id !== none && !isSame(tuple, this.#tuples[id] as Tuple)) id = this.#next[id] as number;
    if (id === none && this.#chainLengths.get(first) === longestChain) {
      id = this.#others.get(JSON.stringify(tuple)) ?? none;
    }
    if (id === none) return unknownTuple;
    this.#last = tuple;
    this.#lastId = id;
    return id;
  }

  /** Enters a tuple that is not known, with its text; answers with its id. */
  add(tuple: Tuple, text: string): number {
    const id = this.values.length;
    this.values.push(text);
    this.characters += text.length;
    this.#tuples.push(tuple);
    this.#next.push(none);
    this.#chain(tuple, id);
    this.#last = tuple;
    this.#lastId = id;
    return id;
  }

  /** Enters so many entries and leaves their texts open: `find` does not know them. */
  reserve(entries: number): void {
    for (const column of [this.values, this.#tuples, this.#next]) column.length += entries;
  }

  #chain(tuple: Tuple, id: number): void {
    const pivot = tuple[this.#pivot] ?? null;
    const first = this.#first.get(pivot);
    if (first === undefined) {
      this.#first.set(pivot, id);
      return;
    }
    const length = this.#chainLengths.get(first) ?? 1;
    if (length === longestChain) {
      this.#others.set(JSON.stringify(tuple), id);
      return;
    }
    this.#next[id] = this.#next[first] as number;
    this.#next[first] = id;
    this.#chainLengths.set(first, length + 1);
  }
}

function isSame(one: Tuple, other: Tuple): boolean {
  if (one.length !== other.length) return false;
  for (let index = one.length - 1; index >= 0; index--) if (one[index] !== other[index]) return false;
  return true;
}
