import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileMode } from '#electron/platform/case-folder.ts';
import type { EvidenceLocation, TransportEncoding } from '#shared/domain/batch.ts';
import { FailureError } from '#shared/util/result.ts';
import { CheckpointBuilder, type CheckpointIndex, decodeIndex, encodeIndex } from './checkpoints.ts';
import { IndexedSource } from './indexed.ts';
import { type Framing, inflate } from './inflate.ts';
import { openKept } from './keep.ts';
import { evidencePaths, sniffEncoding } from './layout.ts';
import { decodeLimits } from './limits.ts';
import { type ByteSource, SliceSource } from './source.ts';
import { SpanCache } from './span-cache.ts';

/** What says where a file's bytes are: a row of the evidence list. */
export interface EvidenceSource {
  readonly sha256: string;
  readonly encoding: TransportEncoding;
  readonly location: EvidenceLocation;
}

/** Streams up to this size are decoded whole; longer ones through checkpoints. */
export const wholeSize = 1.5 * 1024 * 1024;
const cacheSize = 64 * 1024 * 1024;
const openFiles = 64;

/** Synchronous random access to the decompressed streams of a case's evidence. */
export class EvidenceFiles {
  readonly #evidenceFolder: string;
  readonly #cache = new SpanCache(cacheSize);
  readonly #open = new Map<string, ByteSource>();

  constructor(evidenceFolder: string) {
    this.#evidenceFolder = evidenceFolder;
  }

  /**
   * `length` bytes at `offset` of the decompressed stream. Throws a failure of kind `unusable` where the file is
   * missing from the evidence folder, damaged, or shorter. The result may be a view of a cache: do not change it.
   */
  read(source: EvidenceSource, offset: number, length: number): Uint8Array {
    const bytes = this.decoded(source).read(offset, length);
    if (bytes.length === length) return bytes;
    throw new FailureError(
      'unusable',
      `The evidence ${source.sha256} has no ${length} bytes at ${offset}: it is damaged or cut off.`,
    );
  }

  /** The decompressed stream of a file. It belongs to this object: do not close it. */
  decoded(source: EvidenceSource): ByteSource {
    return this.#opened(`decoded ${source.sha256}`, () => this.#decode(source));
  }

  /** The bytes of a file as it came, before any decompression of its own. */
  original(source: EvidenceSource): ByteSource {
    return this.#opened(`original ${source.sha256}`, () => this.#locate(source));
  }

  close(): void {
    for (const source of this.#open.values()) source.close();
    this.#open.clear();
    this.#cache.clear();
  }

  #opened(key: string, open: () => ByteSource): ByteSource {
    const known = this.#open.get(key);
    if (known !== undefined) {
      this.#open.delete(key);
      this.#open.set(key, known);
      return known;
    }
    const source = open();
    this.#open.set(key, source);
    for (const [oldest, stale] of this.#open) {
      if (this.#open.size <= openFiles) break;
      this.#open.delete(oldest);
      stale.close();
    }
    return source;
  }

  #locate({ sha256, location }: EvidenceSource): ByteSource {
    if (location.kind === 'file') return this.#kept(sha256);
    const { parent, offset, length } = location;
    const archive = { sha256: parent, encoding: 'none', location: { kind: 'file' } } as const;
    if (location.kind === 'tar-member') {
      const encoding = sniffEncoding(this.original(archive).read(0, 4));
      return new SliceSource(() => this.decoded({ ...archive, encoding }), offset, length);
    }
    const slice = new SliceSource(() => this.original(archive), offset, length);
    return location.method === 'stored' ? slice : this.#unpack(slice, 'deflate', `${parent}-${offset}`);
  }

  #decode(source: EvidenceSource): ByteSource {
    const original = this.#locate(source);
    return source.encoding === 'none' ? original : this.#unpack(original, source.encoding, source.sha256);
  }

  #kept(sha256: string): ByteSource {
    try {
      return openKept(evidencePaths(this.#evidenceFolder, sha256));
    } catch (error) {
      if (error instanceof FailureError) throw error;
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      throw new FailureError(
        'unusable',
        `The evidence ${sha256} cannot be read from the case's evidence folder (${code}).`,
      );
    }
  }

  #unpack(packed: ByteSource, framing: Framing, name: string): ByteSource {
    const stored = framing === 'zstd' ? null : this.#storedIndex(name);
    if (stored !== null) return new IndexedSource(packed, stored, this.#cache, name);
    const whole = decodeUpTo(packed, framing, wholeSize);
    if (whole !== null) return new CachedSource(packed, framing, whole, this.#cache, name);
    if (framing === 'zstd')
      return new CachedSource(packed, framing, decodeAll(packed, framing), this.#cache, name);
    return new IndexedSource(packed, this.#makeIndex(packed, framing, name), this.#cache, name);
  }

  #storedIndex(name: string): CheckpointIndex | null {
    const { index } = evidencePaths(this.#evidenceFolder, name);
    return existsSync(index) ? decodeIndex(readFileSync(index)) : null;
  }

  #makeIndex(packed: ByteSource, framing: Framing, name: string): CheckpointIndex {
    const builder = new CheckpointBuilder();
    const chunks = inflate(packed, framing, { checkpoints: builder });
    while (chunks.next().done !== true);
    storeIndex(this.#evidenceFolder, name, builder.index);
    return builder.index;
  }
}

/** Keeps an index for later; it only saves time, so a folder that cannot be written to is no error. */
export function storeIndex(evidenceFolder: string, name: string, index: CheckpointIndex): void {
  const { index: path } = evidencePaths(evidenceFolder, name);
  try {
    writeFileSync(`${path}.part`, encodeIndex(index), { mode: fileMode });
    renameSync(`${path}.part`, path);
  } catch {
    // The index is made again when it is needed.
  }
}

/** A small stream, decoded whole when it is needed. */
class CachedSource implements ByteSource {
  readonly size: number;
  readonly #packed: ByteSource;
  readonly #framing: Framing;
  readonly #cache: SpanCache;
  readonly #name: string;

  constructor(packed: ByteSource, framing: Framing, whole: Uint8Array, cache: SpanCache, name: string) {
    this.#packed = packed;
    this.#framing = framing;
    this.#cache = cache;
    this.#name = name;
    this.size = whole.length;
    cache.get(`${name} whole`, () => whole);
  }

  read(offset: number, length: number): Uint8Array {
    const whole = this.#cache.get(`${this.#name} whole`, () => decodeAll(this.#packed, this.#framing));
    return whole.subarray(offset, offset + length);
  }

  close(): void {
    this.#packed.close();
  }
}

/** The whole stream, or null where it is longer than `limit`. */
function decodeUpTo(packed: ByteSource, framing: Framing, limit: number): Uint8Array | null {
  // No compressed log of this size stays below the limit.
  if (packed.size > limit) return null;
  const parts: Uint8Array[] = [];
  let size = 0;
  for (const chunk of inflate(packed, framing)) {
    parts.push(chunk);
    size += chunk.length;
    if (size > limit) return null;
  }
  return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
}

function decodeAll(packed: ByteSource, framing: Framing): Uint8Array {
  return Buffer.concat([...inflate(packed, framing, { limits: { ...decodeLimits, bytes: 2 ** 30 } })]);
}
