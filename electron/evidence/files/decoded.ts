import type { TransportEncoding } from '#shared/domain/batch.ts';
import { CheckpointBuilder } from './checkpoints.ts';
import { gzipTrailer, trailerSize } from './gzip-frame.ts';
import { type InflateOptions, inflate } from './inflate.ts';
import { type DecodeLimits, type StreamProblem, decodeLimits, limitProblem } from './limits.ts';
import { type EvidenceSource, EvidenceFiles, storeIndex, wholeSize } from './read.ts';
import { BufferSource, type ByteSource, chunksOf } from './source.ts';

export interface Decoded {
  readonly bytes: Uint8Array;
  /** Null where the whole stream was read and its checksums fit. */
  readonly problem: StreamProblem | null;
}

const chunkSize = 2 * 1024 * 1024;

/**
 * Decodes a file that lies in memory into one buffer, sized by what the gzip trailer says (which is only a hint: it
 * may be of the last member alone, modulo 2^32, or a lie). `scratch` is used where it is large enough; the result is
 * then a view of it.
 */
export function decodeWhole(
  content: Uint8Array,
  encoding: TransportEncoding,
  options: Pick<InflateOptions, 'limits' | 'scratch' | 'checkpoints'> = {},
): Decoded {
  if (encoding === 'none') return { bytes: content, problem: null };
  const source = new BufferSource(content);
  const chunks = inflate(source, encoding, { ...options, expected: expectedSize(source, encoding) });
  const parts: Uint8Array[] = [];
  for (;;) {
    const { done, value } = chunks.next();
    if (done !== true) parts.push(value);
    else
      return { bytes: parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts), problem: value };
  }
}

function expectedSize(source: ByteSource, encoding: TransportEncoding): number {
  const hint =
    encoding === 'gzip' ? (gzipTrailer(source, source.size - trailerSize)?.size ?? 0) : source.size * 8;
  // Deflate cannot grow more than 1032 times; a hint beyond the usual ratio is not trusted with memory.
  return Math.min(hint, source.size * 64);
}

/**
 * The decompressed stream of a kept file in chunks, each a buffer of its own, and what ended it early. `content`
 * spares reading the file again where it is still in memory; the stream is then decoded whole. Checkpoints are taken on the way,
 * so that records are read back quickly afterwards.
 */
export class DecodedStream implements Iterable<Uint8Array> {
  /** Set once the stream has been read to its end. */
  problem: StreamProblem | null = null;
  readonly #evidenceFolder: string;
  readonly #source: EvidenceSource;
  readonly #content: Uint8Array | null;
  readonly #limits: DecodeLimits;
  readonly #scratch: Uint8Array | undefined;

  /** `scratch`: where a stream that is decoded whole may lie; its content is the stream's until it has been read. */
  constructor(
    evidenceFolder: string,
    source: EvidenceSource,
    content: Uint8Array | null = null,
    limits: DecodeLimits = decodeLimits,
    scratch?: Uint8Array,
  ) {
    this.#evidenceFolder = evidenceFolder;
    this.#source = source;
    this.#content = content;
    this.#limits = limits;
    this.#scratch = scratch;
  }

  [Symbol.iterator](): Generator<Uint8Array, StreamProblem | null> {
    return this.read();
  }

  /** The chunks; the return value is the problem. `reuse`: each chunk is overwritten by the next one. */
  *read(reuse = false): Generator<Uint8Array, StreamProblem | null> {
    if (this.#content === null) yield* this.#fromFolder(reuse);
    else {
      const checkpoints = new CheckpointBuilder();
      const { bytes, problem } = decodeWhole(this.#content, this.#source.encoding, {
        limits: this.#limits,
        checkpoints,
        ...(this.#scratch !== undefined && { scratch: this.#scratch }),
      });
      this.#storeIndex(checkpoints);
      yield bytes;
      this.problem = problem;
    }
    return this.problem;
  }

  *#fromFolder(reuse: boolean): Generator<Uint8Array> {
    const files = new EvidenceFiles(this.#evidenceFolder);
    try {
      const original = files.original(this.#source);
      const { encoding } = this.#source;
      if (encoding === 'none') yield* this.#limited(original);
      else {
        const checkpoints = new CheckpointBuilder();
        this.problem = yield* inflate(original, encoding, { limits: this.#limits, checkpoints, reuse });
        this.#storeIndex(checkpoints);
      }
    } finally {
      files.close();
    }
  }

  *#limited(source: ByteSource): Generator<Uint8Array> {
    let offset = 0;
    for (const chunk of chunksOf(source, chunkSize)) {
      yield chunk;
      offset += chunk.length;
      const message = limitProblem(this.#limits, offset, offset);
      if (message === null) continue;
      this.problem = { offset, inputOffset: offset, message };
      return;
    }
  }

  #storeIndex(checkpoints: CheckpointBuilder): void {
    const { sha256, encoding } = this.#source;
    if (encoding !== 'gzip' || checkpoints.index.size <= wholeSize) return;
    storeIndex(this.#evidenceFolder, sha256, checkpoints.index);
  }
}
