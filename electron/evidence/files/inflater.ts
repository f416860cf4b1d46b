import { constants, createInflateRaw, createZstdDecompress } from 'node:zlib';

/**
 * Node's decompressors, called synchronously and step by step. The public interface of `node:zlib` either takes a
 * whole stream at once or runs in the background, and tells in neither case how much of the input was used; the
 * handle behind it does. The tests in `test/store/evidence` hold Node to it.
 */
interface Handle {
  onerror: (message: string, errno: number, code: string) => void;
  writeSync(
    flush: number,
    input: Uint8Array,
    inputOffset: number,
    inputLength: number,
    output: Uint8Array,
    outputOffset: number,
    outputLength: number,
  ): void;
  reset(): void;
}

interface Internals {
  readonly _handle: Handle;
  /** Output space left, input left. */
  readonly _writeState: Uint32Array;
  close(): void;
}

export interface Step {
  readonly read: number;
  readonly written: number;
  readonly error: string | null;
}

export class Inflater {
  readonly #stream: Internals;
  #error: string | null = null;

  /** `dictionary`: the up to 32 KiB of output that precede the point where the input starts. */
  constructor(kind: 'deflate' | 'zstd', dictionary?: Uint8Array) {
    const stream =
      kind === 'zstd'
        ? createZstdDecompress()
        : createInflateRaw(dictionary === undefined || dictionary.length === 0 ? {} : { dictionary });
    this.#stream = stream as unknown as Internals;
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the handle is no event target
    this.#stream._handle.onerror = (message) => {
      this.#error = message;
    };
  }

  /**
   * Decompresses until the input is used up or the output is full; with `stopAtBlock` at most to the end of the
   * current deflate block. Without input, what is held back is written. Neither read nor written, with input and
   * space at hand, is the end of the stream.
   */
  step(input: Uint8Array, output: Uint8Array, stopAtBlock = false): Step {
    if (output.length === 0) return { read: 0, written: 0, error: null };
    const { _handle, _writeState } = this.#stream;
    const flush = stopAtBlock ? constants.Z_BLOCK : constants.Z_NO_FLUSH;
    _handle.writeSync(flush, input, 0, input.length, output, 0, output.length);
    // On an error the state is not written.
    if (this.#error !== null) return { read: 0, written: 0, error: this.#error };
    const [spaceLeft = 0, inputLeft = 0] = _writeState;
    return { read: input.length - inputLeft, written: output.length - spaceLeft, error: null };
  }

  /** Ready for the start of a stream without a dictionary. */
  reset(): void {
    this.#error = null;
    this.#stream._handle.reset();
  }

  close(): void {
    this.#stream.close();
  }
}
