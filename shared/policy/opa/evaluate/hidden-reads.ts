/**
 * Which parts of the input that nobody knows were read. What is worked out once and used again carries its reads along;
 * reads of what does not matter in the end are left out.
 */
export class HiddenReads {
  #current = new Set<string>();
  readonly #kept = new WeakMap<object, Map<unknown, ReadonlySet<string>>>();

  note(path: string): void {
    this.#current.add(path);
  }

  get read(): ReadonlySet<string> {
    return this.#current;
  }

  /** Does some work; what it reads is given and not counted. */
  apart<T>(work: () => T): { readonly value: T; readonly read: ReadonlySet<string> } {
    const before = this.#current;
    const own = new Set<string>();
    this.#current = own;
    try {
      return { value: work(), read: own };
    } finally {
      this.#current = before;
    }
  }

  count(read: ReadonlySet<string>): void {
    for (const path of read) this.#current.add(path);
  }

  /** Works out what a cache keeps under a key, and remembers what that read. */
  kept<T>(cache: object, key: unknown, work: () => T): T {
    const { value, read } = this.apart(work);
    const known = this.#kept.get(cache) ?? new Map<unknown, ReadonlySet<string>>();
    known.set(key, read);
    this.#kept.set(cache, known);
    this.count(read);
    return value;
  }

  /** Counts what was read for what a cache has kept under a key. */
  again(cache: object, key: unknown): void {
    this.count(this.#kept.get(cache)?.get(key) ?? new Set());
  }
}
