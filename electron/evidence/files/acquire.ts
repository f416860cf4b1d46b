import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, rmSync } from 'node:fs';
import type { TransportEncoding } from '#shared/domain/batch.ts';
import { FailureError } from '#shared/util/result.ts';
import { blockSize, packBlock } from './blocks.ts';
import { IncomingFile, isKept } from './keep.ts';
import { evidencePaths, sniffEncoding } from './layout.ts';
import { readFully } from './source.ts';

/** Files up to this size are read into one buffer, which is handed on. */
const bufferedSize = 64 * 1024 * 1024;
const chunkSize = 4 * 1024 * 1024;
/** Plain files are packed where their first block shrinks at least this much. */
const worthPacking = 0.9;

export interface AcquireRequest {
  readonly evidenceFolder: string;
  /** A file that the analyst named or that lies in a folder that they named, or bytes as they come (stdin). */
  readonly from: string | AsyncIterable<Uint8Array>;
  /** Ends the work between two chunks; nothing is kept of the file. */
  readonly signal?: AbortSignal;
  /** Called with the bytes read so far. */
  readonly onProgress?: (bytes: number) => void;
}

export interface AcquiredFile {
  /** SHA-256 of the bytes as they came, lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly encoding: TransportEncoding;
  /** The whole file, where it is small enough to hand on. */
  readonly content: Uint8Array | null;
  /** Whether the evidence folder held the file before. */
  readonly known: boolean;
}

/**
 * Reads a file once: hashes it and keeps it byte for byte in the evidence folder, durable when the promise resolves.
 * The file is opened once and only if it is a regular file, so it cannot be swapped between two looks. Throws a
 * failure of kind `unusable` where it cannot be read, and the system's own error (ENOSPC) where it cannot be kept.
 */
export async function acquireFile(request: AcquireRequest): Promise<AcquiredFile> {
  if (typeof request.from !== 'string') return acquireChunks(request, request.from);
  const descriptor = openRegular(request.from);
  try {
    const { size } = fstatSync(descriptor);
    if (size > bufferedSize) return await acquireChunks(request, readChunks(descriptor));
    // One byte more than its size shows whether the file grows.
    const buffer = Buffer.allocUnsafeSlow(size + 1);
    const read = readFully(descriptor, buffer, null);
    if (read > size) return await acquireChunks(request, rest(buffer, readChunks(descriptor)));
    return acquireBuffer(request, buffer.subarray(0, read));
  } finally {
    closeSync(descriptor);
  }
}

function openRegular(path: string): number {
  let descriptor: number;
  try {
    // SECURITY: without O_NONBLOCK, opening a pipe that somebody put into the folder would wait for ever.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new FailureError(
      'unusable',
      `${path} cannot be opened (${code}). Check that it exists and may be read.`,
    );
  }
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw new FailureError(
    'unusable',
    `${path} is no regular file. Give a file, a folder, or - for standard input.`,
  );
}

/** Keeps what lies in memory: an archive's member, or a small file. */
export function acquireBuffer(
  request: Pick<AcquireRequest, 'evidenceFolder'>,
  content: Uint8Array,
): AcquiredFile {
  const sha256 = createHash('sha256').update(content).digest('hex');
  const paths = evidencePaths(request.evidenceFolder, sha256);
  const known = isKept(paths, content.length);
  if (!known) {
    const file = openIncoming(request.evidenceFolder, content);
    writeOrDiscard(file, () => {
      file.add(content);
      file.keep(sha256);
    });
    rmSync(paths.index, { force: true });
  }
  return { sha256, bytes: content.length, encoding: sniffEncoding(content), content, known };
}

async function acquireChunks(
  { evidenceFolder, signal, onProgress }: AcquireRequest,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<AcquiredFile> {
  const hash = createHash('sha256');
  let file: IncomingFile | null = null;
  let bytes = 0;
  let head: Uint8Array = new Uint8Array(0);
  let held: Uint8Array[] = [];
  try {
    for await (const chunk of chunks) {
      if (signal?.aborted === true) throw new FailureError('cancelled', 'The import was cancelled.');
      hash.update(chunk);
      bytes += chunk.length;
      if (file === null) {
        // Pipes give small pieces: how to keep the file is decided on its first whole block.
        held.push(Uint8Array.from(chunk));
        if (bytes < blockSize) continue;
        head = Buffer.concat(held);
        held = [];
        file = openIncoming(evidenceFolder, head);
        file.add(head);
      } else file.add(chunk);
      onProgress?.(bytes);
    }
  } catch (error) {
    file?.discard();
    throw error;
  }
  if (file === null) return acquireBuffer({ evidenceFolder }, Buffer.concat(held));
  const whole = file;
  const sha256 = hash.digest('hex');
  const paths = evidencePaths(evidenceFolder, sha256);
  const known = isKept(paths, bytes);
  if (known) whole.discard();
  else writeOrDiscard(whole, () => whole.keep(sha256));
  return { sha256, bytes, encoding: sniffEncoding(head), content: null, known };
}

function openIncoming(evidenceFolder: string, head: Uint8Array): IncomingFile {
  const block = head.subarray(0, blockSize);
  const packed = sniffEncoding(head) === 'none' && packBlock(block).length < block.length * worthPacking;
  return new IncomingFile(evidenceFolder, packed);
}

function writeOrDiscard(file: IncomingFile, write: () => void): void {
  try {
    write();
  } catch (error) {
    file.discard();
    throw error;
  }
}

function* readChunks(descriptor: number): Generator<Uint8Array> {
  for (;;) {
    const buffer = Buffer.allocUnsafe(chunkSize);
    const read = readFully(descriptor, buffer, null);
    if (read > 0) yield buffer.subarray(0, read);
    if (read < chunkSize) return;
  }
}

function* rest(first: Uint8Array, chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  yield first;
  yield* chunks;
}
