import { type Checkpoint, type CheckpointIndex, windowOf } from './checkpoints.ts';
import { startAt } from './deflate-start.ts';
import { Inflater } from './inflater.ts';
import type { ByteSource } from './source.ts';
import type { SpanCache } from './span-cache.ts';

/** Spans up to this size are decompressed whole and kept; of longer ones only what was asked for. */
const cachedSpan = 16 * 1024 * 1024;

/** Random access to a gzip or deflate stream by its checkpoints. */
export class IndexedSource implements ByteSource {
  readonly size: number;
  readonly #packed: ByteSource;
  readonly #index: CheckpointIndex;
  readonly #cache: SpanCache;
  readonly #name: string;

  constructor(packed: ByteSource, index: CheckpointIndex, cache: SpanCache, name: string) {
    this.#packed = packed;
    this.#index = index;
    this.#cache = cache;
    this.#name = name;
    this.size = index.size;
  }

  read(offset: number, length: number): Uint8Array {
    const end = Math.min(this.size, offset + length);
    if (offset >= end) return new Uint8Array(0);
    const parts: Uint8Array[] = [];
    for (let at = offset, span = this.#spanAt(offset); at < end; span++) {
      const spanEnd = this.#start(span + 1);
      const stop = Math.min(end, spanEnd);
      if (stop === at) continue;
      parts.push(this.#read(span, at, stop));
      at = stop;
    }
    return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
  }

  close(): void {
    this.#packed.close();
  }

  #start(span: number): number {
    return this.#index.checkpoints[span]?.output ?? this.size;
  }

  /** The last checkpoint at or before an offset. */
  #spanAt(offset: number): number {
    let [low, high] = [0, this.#index.checkpoints.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#start(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #read(span: number, from: number, to: number): Uint8Array {
    const [start, end] = [this.#start(span), this.#start(span + 1)];
    if (end - start > cachedSpan) return this.#inflate(span, from, to);
    const bytes = this.#cache.get(`${this.#name} ${span}`, () => this.#inflate(span, start, end));
    return bytes.subarray(from - start, to - start);
  }

  #inflate(span: number, from: number, to: number): Uint8Array {
    const checkpoint = this.#index.checkpoints[span] as Checkpoint;
    const next = this.#index.checkpoints[span + 1]?.input ?? this.#index.inputSize;
    const inflater = new Inflater('deflate', windowOf(checkpoint));
    try {
      const output = Buffer.allocUnsafeSlow(to - from);
      const discard = Buffer.allocUnsafe(Math.min(from - checkpoint.output, 65_536));
      let skip = from - checkpoint.output;
      let filled = 0;
      // The next checkpoint may lie within the byte before its position.
      for (let at = checkpoint.input; at <= next && filled < output.length; ) {
        const piece = this.#packed.read(at, Math.min(inputStep, next + 2 - at));
        if (piece.length === 0) break;
        const input = at === checkpoint.input ? startAt(piece, checkpoint.bit) : piece;
        let used = 0;
        while (used < input.length && filled < output.length) {
          const target =
            skip > 0 ? discard.subarray(0, Math.min(skip, discard.length)) : output.subarray(filled);
          const step = inflater.step(input.subarray(used), target);
          if (step.error !== null || (step.read === 0 && step.written === 0))
            return output.subarray(0, filled);
          used += step.read;
          if (skip > 0) skip -= step.written;
          else filled += step.written;
        }
        at += piece.length - (input.length - used);
      }
      return output.subarray(0, filled);
    } finally {
      inflater.close();
    }
  }
}

const inputStep = 1024 * 1024;
