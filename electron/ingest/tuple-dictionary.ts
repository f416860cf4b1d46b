type Level = Map<string | null, Level | number>;

/**
 * Dictionary of tuples within one batch: the same tuple gets the same id. Values are compared part by part, so that no
 * text a log holds can pass for another tuple. Id 0 is the tuple of nulls.
 */
export class TupleDictionary {
  readonly values: string[] = [];
  /** Characters of all entries, to bound a batch. */
  characters = 0;
  readonly #root: Level = new Map();
  #last: (string | null)[] = [];
  #lastId = -1;

  constructor(width: number) {
    const nulls: null[] = Array.from({ length: width }, () => null);
    this.idOf(nulls, () => JSON.stringify(nulls));
  }

  /** Id of the tuple; `text` makes its entry the first time it is seen. Tuples of different length are different. */
  idOf(tuple: readonly (string | null)[], text: () => string): number {
    if (this.#isLast(tuple)) return this.#lastId;
    let level = this.#root;
    const end = tuple.length - 1;
    for (let index = 0; index < end; index++) {
      const part = tuple[index] as string | null;
      let next = level.get(part);
      if (!(next instanceof Map)) {
        next = new Map();
        level.set(part, next);
      }
      level = next;
    }
    const part = tuple[end] as string | null;
    let id = level.get(part);
    if (typeof id !== 'number') {
      id = this.values.length;
      level.set(part, id);
      const entry = text();
      this.values.push(entry);
      this.characters += entry.length;
    }
    this.#last = [...tuple];
    this.#lastId = id;
    return id;
  }

  #isLast(tuple: readonly (string | null)[]): boolean {
    if (this.#last.length !== tuple.length) return false;
    for (let index = tuple.length - 1; index >= 0; index--) {
      if (tuple[index] !== this.#last[index]) return false;
    }
    return true;
  }
}
