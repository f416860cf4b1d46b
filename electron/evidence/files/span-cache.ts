/** Decoded stretches of evidence, the least recently used forgotten first. */
export class SpanCache {
  readonly #capacity: number;
  readonly #spans = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: string, decode: () => Uint8Array): Uint8Array {
    const known = this.#spans.get(key);
    if (known !== undefined) {
      this.#spans.delete(key);
      this.#spans.set(key, known);
      return known;
    }
    const bytes = decode();
    this.#spans.set(key, bytes);
    this.#bytes += bytes.length;
    for (const [oldest, span] of this.#spans) {
      if (this.#bytes <= this.#capacity || oldest === key) break;
      this.#spans.delete(oldest);
      this.#bytes -= span.length;
    }
    return bytes;
  }

  clear(): void {
    this.#spans.clear();
    this.#bytes = 0;
  }
}
