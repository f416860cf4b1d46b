import { isAscii } from 'node:buffer';
import type { Charset } from '#shared/domain/batch.ts';
import { decodeText, narrow, unitLength } from './charset.ts';
import { type BrokenRecord, type RecordScanner, excerptLength } from './record.ts';

/**
 * The part of a stream that is being split. `scan` has one byte a code unit; positions in it are turned into byte
 * offsets of the stream, whatever the charset.
 */
export class Window {
  readonly charset: Charset;
  readonly #unit: 1 | 2;
  readonly #scanner: RecordScanner | null;
  /** Bytes of the stream before the window. */
  #base = 0;
  #bytes: Buffer = Buffer.alloc(0);
  /** Null where nobody has asked yet. */
  #isAscii: boolean | null = null;
  scan: Buffer = Buffer.alloc(0);
  /** No more bytes will come. */
  ended = false;

  /** `scanner`: holds the bytes, where there is one. */
  constructor(charset: Charset, scanner: RecordScanner | null = null) {
    this.#scanner = scanner;
    scanner?.append(Number.POSITIVE_INFINITY, this.#bytes);
    this.charset = charset;
    this.#unit = unitLength(charset);
  }

  /** Adds bytes behind; forgets those before `position`. Answers by how much positions have moved. */
  extend(chunk: Uint8Array, position: number): number {
    this.#base += position * this.#unit;
    this.#bytes = this.#scanner?.append(position, chunk) ?? this.#joined(position, chunk);
    this.#isAscii = null;
    this.scan = narrow(this.#bytes, this.charset);
    return position;
  }

  #joined(position: number, chunk: Uint8Array): Buffer {
    const rest = this.#bytes.subarray(position * this.#unit);
    const added = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    return rest.length === 0 ? added : Buffer.concat([rest, added]);
  }

  /** Passes over bytes at the start of the stream that belong to no window. */
  skip(bytes: number): void {
    this.#base += bytes;
  }

  offsetOf(position: number): number {
    return this.#base + position * this.#unit;
  }

  lengthOf(from: number, to: number): number {
    return (to - from) * this.#unit;
  }

  text(from: number, to: number): string {
    this.#isAscii ??= this.#unit === 1 && isAscii(this.#bytes);
    if (this.#isAscii) return this.#bytes.toString('latin1', from, to);
    return decodeText(this.#bytes.subarray(from * this.#unit, to * this.#unit), this.charset);
  }

  problem(from: number, to: number, reason: string): BrokenRecord {
    const [offset, length] = [this.offsetOf(from), this.lengthOf(from, to)];
    return { kind: 'problem', offset, length, reason, excerpt: this.excerptAt(offset, length) };
  }

  /** The start of the text at a byte offset of the stream that lies within the window. */
  excerptAt(offset: number, length: number): string {
    const from = (offset - this.#base) / this.#unit;
    // A character has at most four bytes; the rest of a long record is not decoded for its excerpt.
    const to = from + Math.min(length / this.#unit, excerptLength * 4);
    return this.text(from, to).slice(0, excerptLength);
  }

  /** The half character that a UTF-16 stream of odd length ends with; null in all other streams. */
  oddByte(): BrokenRecord | null {
    if (this.#bytes.length % this.#unit === 0) return null;
    const offset = this.#base + this.#bytes.length - 1;
    return { kind: 'problem', offset, length: 1, reason: 'Truncated: half a UTF-16 character.', excerpt: '' };
  }
}
