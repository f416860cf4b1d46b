/** Dictionary of one field within one batch, whose entries are tuples of that field alone. Id 0 is the tuple of null. */
export class TextDictionary {
  readonly values: (string | undefined)[] = [];
  /** Characters of all entries that are not open, to bound a batch. */
  characters = 0;
  readonly #ids = new Map<string | null, number>();
  #last: string | null = null;
  #lastId = 0;

  constructor() {
    this.#add(null);
  }

  /** Id of the text, which gets one if it has none. Many events are like the one before: that one is looked at first. */
  idOf(text: string | null): number {
    if (text === this.#last) return this.#lastId;
    this.#lastId = this.#ids.get(text) ?? this.#add(text);
    this.#last = text;
    return this.#lastId;
  }

  /** Enters so many entries and leaves their texts open. */
  reserve(entries: number): void {
    this.values.length += entries;
  }

  #add(text: string | null): number {
    const entry = JSON.stringify([text]);
    const id = this.values.push(entry) - 1;
    this.characters += entry.length;
    this.#ids.set(text, id);
    return id;
  }
}
