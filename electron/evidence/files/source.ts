import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes with random access. */
export interface ByteSource {
  readonly size: number;
  /** Up to `length` bytes from `offset` on; fewer at the end only. The result may be a view: do not change it. */
  read(offset: number, length: number): Uint8Array;
  close(): void;
}

export class BufferSource implements ByteSource {
  readonly #bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }
  get size(): number {
    return this.#bytes.length;
  }
  read(offset: number, length: number): Uint8Array {
    return this.#bytes.subarray(offset, offset + length);
  }
  close(): void {}
}

export class FileSource implements ByteSource {
  readonly size: number;
  readonly #descriptor: number;
  constructor(path: string) {
    this.#descriptor = openSync(path, 'r');
    this.size = fstatSync(this.#descriptor).size;
  }
  read(offset: number, length: number): Uint8Array {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    const bytes = Buffer.allocUnsafeSlow(wanted);
    const read = readFully(this.#descriptor, bytes, offset);
    return read === wanted ? bytes : bytes.subarray(0, read);
  }
  close(): void {
    closeSync(this.#descriptor);
  }
}

/** A stretch of another source, which is asked for anew at each reading: it may have been closed in between. */
export class SliceSource implements ByteSource {
  readonly size: number;
  readonly #parent: () => ByteSource;
  readonly #offset: number;
  constructor(parent: () => ByteSource, offset: number, length: number) {
    this.#parent = parent;
    this.#offset = offset;
    this.size = Math.max(0, Math.min(length, parent().size - offset));
  }
  read(offset: number, length: number): Uint8Array {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    return this.#parent().read(this.#offset + offset, wanted);
  }
  close(): void {}
}

/** Reads until the buffer is full or the file ends; `position` null reads on from where the file stands. */
export function readFully(descriptor: number, buffer: Uint8Array, position: number | null): number {
  let filled = 0;
  while (filled < buffer.length) {
    const at = position === null ? null : position + filled;
    const count = readSync(descriptor, buffer, filled, buffer.length - filled, at);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

/** The chunks of a source from its start. */
export function* chunksOf(source: ByteSource, size: number): Generator<Uint8Array> {
  for (let offset = 0; offset < source.size; offset += size) yield source.read(offset, size);
}
