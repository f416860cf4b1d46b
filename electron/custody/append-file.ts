import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { fileMode } from '#electron/platform/case-folder.ts';

/** A file that only grows. A write that fails half way leaves nothing behind. */
export class AppendFile {
  readonly #descriptor: number;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'a', fileMode);
  }

  /** Durable when it returns. */
  append(bytes: Uint8Array): void {
    const { size } = fstatSync(this.#descriptor);
    try {
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(this.#descriptor, bytes, written, bytes.length - written);
      }
      fdatasyncSync(this.#descriptor);
    } catch (error) {
      ftruncateSync(this.#descriptor, size);
      throw error;
    }
  }

  /** Moves everything from `length` on into a file of its own: what a crash left of the last write. */
  setAside(torn: Uint8Array, length: number, path: string): void {
    writeFileSync(path, torn, { mode: fileMode, flush: true });
    ftruncateSync(this.#descriptor, length);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** The bytes of a file; none where it does not exist. */
export function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
