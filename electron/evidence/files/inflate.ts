import { crc32 } from 'node:zlib';
import type { CheckpointBuilder } from './checkpoints.ts';
import { gzipHeaderLength, gzipTrailer, skipZeros, trailerSize } from './gzip-frame.ts';
import { Inflater } from './inflater.ts';
import { type DecodeLimits, type StreamProblem, decodeLimits, limitProblem } from './limits.ts';
import type { ByteSource } from './source.ts';

const inputStep = 64 * 1024;
const chunkSize = 2 * 1024 * 1024;
/** How much output there is from one look at the growth to the next: the same wherever the chunks end. */
const growthStep = 1024 * 1024;

export interface InflateOptions {
  readonly limits?: DecodeLimits;
  /** Expected size of the whole output; the first chunk has room for it. */
  readonly expected?: number;
  /** Used for the first chunk where it is large enough; its content is then the caller's until the next decode. */
  readonly scratch?: Uint8Array;
  /** Each chunk is overwritten by the next one: for those who are done with it by then. */
  readonly reuse?: boolean;
  /** Takes checkpoints on the way. */
  readonly checkpoints?: CheckpointBuilder;
}

/** A gzip stream of one or more members (RFC 1952), a bare deflate stream (RFC 1951), or zstd frames (RFC 8878). */
export type Framing = 'gzip' | 'deflate' | 'zstd';

/**
 * The decompressed stream in chunks of up to 2 MiB. Never throws on data: what can be read is given out, and the
 * generator's return value is the problem that ended it. Each chunk is a buffer of its own (but see `scratch`).
 */
export function* inflate(
  source: ByteSource,
  framing: Framing,
  options: InflateOptions = {},
): Generator<Uint8Array, StreamProblem | null> {
  const inflation = new Inflation(source, framing, options);
  try {
    return yield* inflation.run();
  } finally {
    inflation.close();
  }
}

class Inflation {
  readonly #source: ByteSource;
  readonly #framing: Framing;
  readonly #limits: DecodeLimits;
  readonly #checkpoints: CheckpointBuilder | undefined;
  readonly #inflater: Inflater;
  readonly #reuse: boolean;
  /** Where the compressed data of the current member starts, and how far it was used. */
  #memberStart = 0;
  #input = 0;
  /** Output before the current chunk, and in it. */
  #base = 0;
  #chunk: Uint8Array;
  #filled = 0;
  #window: Uint8Array = new Uint8Array(0);
  /** Output before the current member. */
  #memberBase = 0;
  #crc = 0;
  #memberOutput = 0;
  /** Of the current chunk, what is counted in the checksum. */
  #summed = 0;

  constructor(source: ByteSource, framing: Framing, options: InflateOptions) {
    this.#source = source;
    this.#framing = framing;
    this.#limits = options.limits ?? decodeLimits;
    this.#checkpoints = options.checkpoints;
    this.#reuse = options.reuse ?? false;
    this.#inflater = new Inflater(framing === 'zstd' ? 'zstd' : 'deflate');
    const { scratch, expected = 0 } = options;
    // A little more than expected: the end of the stream is only seen with space at hand.
    this.#chunk =
      scratch !== undefined && scratch.length > expected
        ? scratch
        : Buffer.allocUnsafeSlow(Math.min(Math.max(expected, 4096), 2 ** 28) + 64);
  }

  close(): void {
    this.#inflater.close();
  }

  *run(): Generator<Uint8Array, StreamProblem | null> {
    let first = true;
    for (;;) {
      if (this.#framing === 'gzip') {
        const start = first ? 0 : skipZeros(this.#source, this.#input);
        if (!first && start >= this.#source.size) return yield* this.#end(null);
        const length = gzipHeaderLength(this.#source, start);
        if (length === null)
          return yield* this.#end(first ? 'the gzip header is damaged' : garbage(this.#source.size - start));
        this.#input = start + length;
      }
      first = false;
      this.#startMember();
      const problem = yield* this.#member();
      if (problem !== null) return yield* this.#end(problem);
      if (this.#framing !== 'gzip') {
        const rest = this.#framing === 'deflate' ? this.#source.size - this.#input : 0;
        return yield* this.#end(rest > 0 ? garbage(rest) : null);
      }
      const mismatch = this.#trailer();
      if (mismatch !== null) return yield* this.#end(mismatch);
    }
  }

  get #output(): number {
    return this.#base + this.#filled;
  }

  /**
   * Output up to the next look at the growth. A stream that grows too fast is cut there; whoever reads it again, in
   * chunks of other sizes, has to find the same end.
   */
  get #toNextLook(): number {
    return growthStep - (this.#output % growthStep);
  }

  #startMember(): void {
    this.#memberStart = this.#input;
    this.#memberBase = this.#output;
    this.#crc = 0;
    this.#memberOutput = 0;
    this.#summed = this.#filled;
    this.#inflater.reset();
    this.#checkpoints?.startMember(this.#input, this.#output);
  }

  /** Decompresses to the end of the member; answers with what went wrong. */
  *#member(): Generator<Uint8Array, string | null> {
    for (;;) {
      if (this.#filled === this.#chunk.length) yield* this.#emit();
      const input = this.#source.read(this.#input, inputStep);
      if (input.length === 0) return yield* this.#inputEnd();
      const { read, written, error } = this.#inflater.step(
        input,
        this.#chunk.subarray(this.#filled, this.#filled + this.#toNextLook),
        this.#checkpoints !== undefined,
      );
      if (error !== null) {
        yield* this.#salvage();
        return `the compressed data is damaged (${error})`;
      }
      if (read === 0 && written === 0) return this.#framing === 'zstd' ? this.#truncated() : null;
      this.#input += read;
      this.#filled += written;
      const isLook = this.#toNextLook === growthStep;
      const limit = limitProblem(this.#limits, this.#output, isLook ? this.#input : null);
      if (limit !== null) return limit;
      if (read < input.length && this.#filled < this.#chunk.length && !isLook) this.#offerCheckpoint();
    }
  }

  /** All input was used: gives out what is still held back, and tells whether the stream is whole. */
  *#inputEnd(): Generator<Uint8Array, string | null> {
    for (;;) {
      if (this.#filled === this.#chunk.length) yield* this.#emit();
      const { written } = this.#inflater.step(new Uint8Array(0), this.#chunk.subarray(this.#filled));
      if (written === 0) break;
      this.#filled += written;
    }
    if (this.#framing === 'gzip') return this.#truncated();
    // A stream that has ended takes no more: one byte that does not belong to it shows that.
    const { read, error } = this.#inflater.step(new Uint8Array(1), Buffer.allocUnsafe(1));
    const isWhole = this.#framing === 'deflate' ? read === 0 && error === null : error !== null;
    return isWhole ? null : this.#truncated();
  }

  #truncated(): string {
    return 'the file ends in the middle of its compressed data';
  }

  #offerCheckpoint(): void {
    const builder = this.#checkpoints;
    if (builder === undefined || !builder.wants(this.#output)) return;
    if (Math.min(this.#chunk.length - this.#filled, this.#toNextLook - 1) < builder.proofSize) return;
    const [at, filled] = [this.#input, this.#filled];
    this.#fill(builder.proofSize);
    const proof = this.#chunk.subarray(filled, this.#filled);
    if (proof.length === builder.proofSize)
      builder.offer(this.#source, at, this.#base + filled, this.#windowAt(filled), proof);
  }

  /** Decompresses about `size` more bytes into the chunk. */
  #fill(size: number): void {
    const target = this.#filled + size;
    while (this.#filled < target) {
      const input = this.#source.read(this.#input, inputStep);
      const { read, written, error } = this.#inflater.step(input, this.#chunk.subarray(this.#filled, target));
      if (error !== null || (read === 0 && written === 0)) return;
      this.#input += read;
      this.#filled += written;
    }
  }

  /** The up to 32 KiB of output before a position of the chunk. */
  #windowAt(position: number): Uint8Array {
    if (position >= 32_768) return this.#chunk.subarray(position - 32_768, position);
    return Buffer.concat([this.#window, this.#chunk.subarray(0, position)]).subarray(-32_768);
  }

  *#emit(isLast = false): Generator<Uint8Array> {
    this.#sum();
    if (this.#filled > 0) {
      if (this.#checkpoints !== undefined) this.#window = Uint8Array.from(this.#windowAt(this.#filled));
      yield this.#chunk.subarray(0, this.#filled);
    }
    this.#base += this.#filled;
    this.#filled = 0;
    this.#summed = 0;
    if (isLast || (this.#reuse && this.#chunk.length >= chunkSize)) return;
    this.#chunk = Buffer.allocUnsafeSlow(chunkSize);
  }

  #sum(): void {
    if (this.#framing !== 'gzip') return;
    this.#crc = crc32(this.#chunk.subarray(this.#summed, this.#filled), this.#crc);
    this.#memberOutput += this.#filled - this.#summed;
    this.#summed = this.#filled;
  }

  #trailer(): string | null {
    this.#sum();
    const trailer = gzipTrailer(this.#source, this.#input);
    if (trailer === null) return this.#truncated();
    this.#input += trailerSize;
    return trailer.crc === this.#crc && trailer.size === this.#memberOutput % 2 ** 32
      ? null
      : 'the checksum of the gzip stream does not fit its data';
  }

  /** After damage: what the failed step had decompressed before it, found byte by byte with a fresh inflater. */
  *#salvage(): Generator<Uint8Array> {
    const inflater = new Inflater(this.#framing === 'zstd' ? 'zstd' : 'deflate');
    try {
      const discard = Buffer.allocUnsafe(chunkSize);
      this.#input = this.#memberStart;
      for (let left = this.#output - this.#memberBase; left > 0; ) {
        const step = inflater.step(this.#source.read(this.#input, inputStep), discard.subarray(0, left));
        if (step.error !== null || (step.read === 0 && step.written === 0)) return;
        this.#input += step.read;
        left -= step.written;
      }
      for (;;) {
        if (this.#filled === this.#chunk.length) yield* this.#emit();
        const step = inflater.step(this.#source.read(this.#input, 1), this.#chunk.subarray(this.#filled));
        if (step.error !== null || (step.read === 0 && step.written === 0)) return;
        this.#input += step.read;
        this.#filled += step.written;
      }
    } finally {
      inflater.close();
    }
  }

  *#end(message: string | null): Generator<Uint8Array, StreamProblem | null> {
    const problem = message === null ? null : { offset: this.#output, inputOffset: this.#input, message };
    yield* this.#emit(true);
    this.#checkpoints?.finish(this.#base, this.#input);
    return problem;
  }
}

function garbage(bytes: number): string {
  return `${bytes} bytes follow the end of the compressed data`;
}
