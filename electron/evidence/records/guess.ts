import { trimBlanks } from './resync.ts';
import * as scan from './scan.ts';

/** A longer guess is not tried: parsing it in vain would cost more than finding the true end. */
const longestGuess = 64 * 1024;

/**
 * Guesses where a record ends without looking at each of its bytes: before the next line end, or before the next
 * place where a record begins like the first one of its list. `JSON.parse` proves or refutes the guess. What was
 * found is remembered, so that all guesses together cost one pass over the bytes.
 */
export class EndGuess {
  #start: Buffer | null = null;
  #nextStart = -1;
  #nextLine = -1;

  /** How records of the current list begin; null before the first one. */
  get start(): Buffer | null {
    return this.#start;
  }

  learn(start: Buffer | null): void {
    // A copy: the window moves on below it.
    this.#start = start === null ? null : Buffer.from(start);
    this.#nextStart = -1;
  }

  /** The bytes have changed: what was found before no longer holds. */
  forget(): void {
    this.#nextStart = -1;
    this.#nextLine = -1;
  }

  /** Position after the object at `at` if it fills the rest of its line, or `unfinished`. */
  inLine(bytes: Buffer, at: number): number {
    const end = trimBlanks(bytes, at, this.lineEnd(bytes, at));
    return end - at <= longestGuess && bytes[end - 1] === scan.closeBrace ? end : scan.unfinished;
  }

  /** Position of the line feed that ends the line of `at`, or the end of the bytes. */
  lineEnd(bytes: Buffer, at: number): number {
    if (this.#nextLine < at) {
      const found = bytes.indexOf(scan.lineFeed, at);
      this.#nextLine = found === -1 ? bytes.length : found;
    }
    return this.#nextLine;
  }

  /** Position after the object at `at` if another record of the same kind follows it, or `unfinished`. */
  inList(bytes: Buffer, at: number): number {
    if (this.#start === null) return scan.unfinished;
    for (let from = at; from - at <= longestGuess; from = this.#nextStart) {
      if (this.#nextStart <= from) {
        const found = bytes.indexOf(this.#start, from + 1);
        this.#nextStart = found === -1 ? bytes.length : found;
      }
      const separator = trimBlanks(bytes, at, this.#nextStart) - 1;
      if (separator - at > longestGuess) return scan.unfinished;
      if (bytes[separator] === scan.comma) {
        const end = trimBlanks(bytes, at, separator);
        if (bytes[end - 1] === scan.closeBrace) return end;
      }
      if (this.#nextStart >= bytes.length) return scan.unfinished;
    }
    return scan.unfinished;
  }
}
