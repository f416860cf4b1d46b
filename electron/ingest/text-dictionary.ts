/** Dictionary of one field within one batch, whose entries are tuples of that field alone. Id 0 is the tuple of null. */
export class TextDictionary {
  readonly values: string[] = [];
  /** Characters of all entries, to bound a batch. */
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

  /** Enters an entry whose text is put in its place in `values` later on; answers with its id. */
  reserve(characters: number): number {
    this.characters += characters;
    return this.values.push('') - 1;
  }

  #add(text: string | null): number {
    const entry = JSON.stringify([text]);
    const id = this.values.push(entry) - 1;
    this.characters += entry.length;
    this.#ids.set(text, id);
    return id;
  }
}
