/** Entries of one generation. */
const generation = 8192;

/**
 * Ids of the dictionary entries that came last, by their text. Files that follow one another have most of their entries
 * in common, and these need no hash. Two generations are kept: what is asked for again moves on to the younger one.
 */
export class RecentEntries {
  #young = new Map<string, number>();
  #old = new Map<string, number>();

  get(text: string): number | undefined {
    const id = this.#young.get(text);
    if (id !== undefined) return id;
    const aged = this.#old.get(text);
    if (aged !== undefined) this.set(text, aged);
    return aged;
  }

  set(text: string, id: number): void {
    if (this.#young.size >= generation) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(text, id);
  }
}
