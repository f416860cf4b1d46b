import { type JsonObject, isObject } from '#shared/domain/json.ts';

/** An envelope is small; what is larger is something else. */
const longestEnvelope = 1024 * 1024;

/**
 * What stands around the records of a JSON document, e.g. `{"users":[…],"nextPageToken":"x"}`: the document without
 * its records, put together while these are split out of the stream.
 */
export class Envelope {
  readonly #parts: Buffer[] = [];
  /** Chunks whose bytes may still belong to the envelope, from `#start` on. */
  #chunks: Buffer[] = [];
  #start: number;
  #length = 0;
  #isUsable: boolean;
  #mark: number;

  constructor(markLength: number, isJson: boolean) {
    this.#start = markLength;
    this.#mark = markLength;
    this.#isUsable = isJson;
  }

  add(chunk: Uint8Array): void {
    if (!this.#isUsable) return;
    const passed = Math.min(this.#mark, chunk.length);
    this.#mark -= passed;
    this.#chunks.push(Buffer.from(chunk.subarray(passed)));
  }

  /** A record stands at this offset of the stream: what lies before it and was not passed is envelope. */
  pass(offset: number, length: number): void {
    if (!this.#isUsable || offset < this.#start) return;
    this.#keep(offset - this.#start);
    this.#take(length);
  }

  /** The members of the document besides its records; empty where it is no object. */
  value(): JsonObject {
    if (!this.#isUsable) return {};
    this.#keep(this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0));
    // Between the records of a list their commas are left.
    const text = Buffer.concat(this.#parts)
      .toString('utf8')
      .replaceAll(/([[,])(?:\s*,)+/g, '$1')
      .replaceAll(/,\s*\]/g, ']');
    try {
      const value: unknown = JSON.parse(text);
      return isObject(value) ? value : {};
    } catch {
      return {};
    }
  }

  #keep(bytes: number): void {
    const part = this.#take(bytes);
    this.#length += part.length;
    if (this.#length > longestEnvelope) this.#isUsable = false;
    else this.#parts.push(part);
  }

  #take(bytes: number): Buffer {
    const taken: Buffer[] = [];
    let left = bytes;
    while (left > 0) {
      const chunk = this.#chunks.shift();
      if (chunk === undefined) break;
      const part = chunk.subarray(0, left);
      if (part.length < chunk.length) this.#chunks.unshift(chunk.subarray(part.length));
      taken.push(part);
      left -= part.length;
    }
    this.#start += bytes;
    return Buffer.concat(taken);
  }
}
