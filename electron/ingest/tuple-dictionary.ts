export type Tuple = readonly (string | null)[];
type Level = Map<string | null, Level | number>;

/** The tuple is not in the dictionary yet. */
export const unknownTuple = -1;

/**
 * Dictionary of tuples within one batch: the same tuple gets the same id. Values are compared part by part, so that no
 * text a log holds can pass for another tuple. Id 0 is the tuple of nulls. Tuples that begin alike are equally long.
 */
export class TupleDictionary {
  readonly values: string[] = [];
  /** Characters of all entries, to bound a batch. */
  characters = 0;
  readonly #root: Level = new Map();
  #last: Tuple = [];
  #lastId = unknownTuple;

  constructor(width: number) {
    const nulls: Tuple = Array.from({ length: width }, () => null);
    this.add(nulls, JSON.stringify(nulls));
  }

  /** Id of the tuple, or `unknownTuple`. Many events are like the one before: that one is looked at first. */
  find(tuple: Tuple): number {
    if (this.#isLast(tuple)) return this.#lastId;
    // Tuples that begin alike are equally long: a level holds either levels or ids.
    let level = this.#root;
    const end = tuple.length - 1;
    for (let index = 0; index < end; index++) {
      const next = level.get(tuple[index] as string | null) as Level | undefined;
      if (next === undefined) return unknownTuple;
      level = next;
    }
    const id = level.get(tuple[end] as string | null) as number | undefined;
    if (id === undefined) return unknownTuple;
    this.#last = tuple;
    this.#lastId = id;
    return id;
  }

  /** Enters a tuple that is not known, with its text; answers with its id. */
  add(tuple: Tuple, text: string): number {
    let level = this.#root;
    const end = tuple.length - 1;
    for (let index = 0; index < end; index++) {
      const part = tuple[index] as string | null;
      let next = level.get(part) as Level | undefined;
      if (next === undefined) {
        next = new Map();
        level.set(part, next);
      }
      level = next;
    }
    const id = this.values.length;
    level.set(tuple[end] as string | null, id);
    this.values.push(text);
    this.characters += text.length;
    this.#last = tuple;
    this.#lastId = id;
    return id;
  }

  #isLast(tuple: Tuple): boolean {
    if (this.#last.length !== tuple.length) return false;
    for (let index = tuple.length - 1; index >= 0; index--) {
      if (tuple[index] !== this.#last[index]) return false;
    }
    return true;
  }
}
