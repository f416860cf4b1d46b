import { createHash } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { headerAt, startAt } from './deflate-start.ts';
import { Inflater } from './inflater.ts';
import type { ByteSource } from './source.ts';

/**
 * A point of a deflate stream at which decompression can start: bit `bit` of byte `input`, after `output` bytes of
 * the decompressed stream, of which `window` holds the last 32 KiB (zstd-compressed; null at a member's start).
 */
export interface Checkpoint {
  readonly input: number;
  readonly bit: number;
  readonly output: number;
  readonly window: Uint8Array | null;
}

export interface CheckpointIndex {
  readonly checkpoints: readonly Checkpoint[];
  /** Size of the decompressed stream, as far as it can be read. */
  readonly size: number;
  /** Where the compressed data ends. */
  readonly inputSize: number;
}

const spacing = 1024 * 1024;
const magic = 'rescind-checkpoints-1';

/**
 * Collects checkpoints while a stream is decompressed. Node's zlib stops at the end of a deflate block but does not
 * tell at which bit, so each of the eight is tried: the one from which the known output follows is the right one.
 * Where more than one would do (long runs), the point is passed over, and the next block is looked at.
 */
export class CheckpointBuilder {
  /** Output after a point that a candidate has to reproduce. */
  readonly proofSize = 4096;
  readonly #checkpoints: Checkpoint[] = [];
  #last = Number.NEGATIVE_INFINITY;
  #size = 0;
  #inputSize = 0;

  startMember(input: number, output: number): void {
    this.#checkpoints.push({ input, bit: 0, output, window: null });
    this.#last = output;
  }

  wants(output: number): boolean {
    return output - this.#last >= spacing;
  }

  /** `input`: the byte after the last one that was used. */
  offer(source: ByteSource, input: number, output: number, window: Uint8Array, proof: Uint8Array): void {
    const bytes = source.read(input - 1, 2 * this.proofSize + 1024);
    const fitting: number[] = [];
    for (let bit = 1; bit <= 8; bit++) {
      if (canStartBlock(bytes, bit) && reproduces(startAt(bytes, bit), window, proof)) fitting.push(bit);
    }
    const [bit] = fitting;
    if (bit === undefined) return;
    // Stored blocks are aligned to bytes: from wherever their header is read, the same bytes follow. Only whether it is
    // the last block would depend on that.
    if (fitting.length > 1 && !fitting.every((candidate) => headerAt(bytes, candidate) === 0)) return;
    this.#checkpoints.push({
      input: bit === 8 ? input : input - 1,
      bit: bit % 8,
      output,
      window: zstdCompressSync(window),
    });
    this.#last = output;
  }

  finish(size: number, inputSize: number): void {
    this.#size = size;
    this.#inputSize = inputSize;
  }

  get index(): CheckpointIndex {
    return { checkpoints: this.#checkpoints, size: this.#size, inputSize: this.#inputSize };
  }
}

/**
 * Whether a deflate block may begin at a bit (RFC 1951, 3.2.3 to 3.2.7): spares trying most of the bits where none
 * does. False only where inflating would fail at the header.
 */
function canStartBlock(bytes: Uint8Array, bit: number): boolean {
  let at = bit;
  const take = (count: number): number => {
    let value = 0;
    for (let index = 0; index < count; index++, at++) {
      value |= (((bytes[at >> 3] ?? 0) >> (at & 7)) & 1) << index;
    }
    return value;
  };
  take(1);
  const type = take(2);
  if (type !== dynamicCodes) return type !== reservedType;
  const [literals, distances, lengths] = [take(5), take(5), take(4) + 4];
  if (literals > 29 || distances > 29) return false;
  // The code of the code lengths, of up to seven bits, has to use up all of its space.
  let used = 0;
  for (let index = 0; index < lengths; index++) {
    const length = take(3);
    if (length > 0) used += 128 >> length;
  }
  return used === 128;
}

const dynamicCodes = 2;
const reservedType = 3;

function reproduces(input: Uint8Array, window: Uint8Array, proof: Uint8Array): boolean {
  const inflater = new Inflater('deflate', window);
  try {
    const output = Buffer.allocUnsafe(proof.length);
    const { written } = inflater.step(input, output);
    return written === proof.length && output.equals(proof);
  } finally {
    inflater.close();
  }
}

/** The index as a file: a line with the SHA-256 of all that follows, a line of JSON, the windows. */
export function encodeIndex(index: CheckpointIndex): Buffer {
  const points = index.checkpoints.map(({ input, bit, output, window }) => [
    input,
    bit,
    output,
    window?.length ?? 0,
  ]);
  const head = JSON.stringify({ size: index.size, inputSize: index.inputSize, points });
  const body = Buffer.concat([
    Buffer.from(`${head}\n`),
    ...index.checkpoints.flatMap(({ window }) => (window === null ? [] : [window])),
  ]);
  return Buffer.concat([Buffer.from(`${magic} ${createHash('sha256').update(body).digest('hex')}\n`), body]);
}

/** Null where the bytes are not an undamaged index. */
export function decodeIndex(bytes: Uint8Array): CheckpointIndex | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bodyStart = file.indexOf(10) + 1;
  const body = file.subarray(bodyStart);
  const expected = `${magic} ${createHash('sha256').update(body).digest('hex')}\n`;
  if (bodyStart === 0 || file.toString('latin1', 0, bodyStart) !== expected) return null;
  const headEnd = body.indexOf(10);
  const head = JSON.parse(body.toString('utf8', 0, headEnd)) as {
    size: number;
    inputSize: number;
    points: [number, number, number, number][];
  };
  let at = headEnd + 1;
  const checkpoints = head.points.map(([input, bit, output, length]) => {
    const window = length === 0 ? null : body.subarray(at, at + length);
    at += length;
    return { input, bit, output, window };
  });
  return { checkpoints, size: head.size, inputSize: head.inputSize };
}

export function windowOf(checkpoint: Checkpoint): Uint8Array {
  return checkpoint.window === null ? new Uint8Array(0) : zstdDecompressSync(checkpoint.window);
}
