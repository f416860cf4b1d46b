import { zstdCompressSync, zstdDecompressSync, constants } from 'node:zlib';
import { FailureError } from '#shared/util/result.ts';
import type { ByteSource } from './source.ts';

/**
 * Plain text as independent zstd frames with a seek table at the end: the Zstandard Seekable Format (facebook/zstd,
 * contrib/seekable_format), so that any zstd tool gives back the whole and one block is read alone.
 */
export const blockSize = 256 * 1024;

const skippableMagic = 0x18_4d_2a_5e;
const seekableMagic = 0x8f_92_ea_b1;
const footerSize = 9;
const entrySize = 8;

export function packBlock(block: Uint8Array): Buffer {
  return zstdCompressSync(block, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

/** Packs a stream of any chunks into frames, and ends it with the table. */
export class BlockPacker {
  readonly #sizes: number[] = [];
  #rest: Uint8Array = new Uint8Array(0);

  *add(chunk: Uint8Array): Generator<Buffer> {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const whole = bytes.length - (bytes.length % blockSize);
    for (let offset = 0; offset < whole; offset += blockSize) {
      yield this.#pack(bytes.subarray(offset, offset + blockSize));
    }
    // Copied: the caller may use its buffer again.
    this.#rest = Uint8Array.from(bytes.subarray(whole));
  }

  *finish(): Generator<Buffer> {
    if (this.#rest.length > 0) yield this.#pack(this.#rest);
    const entries = this.#sizes.length / 2;
    const table = Buffer.alloc(8 + this.#sizes.length * 4 + footerSize);
    table.writeUInt32LE(skippableMagic, 0);
    table.writeUInt32LE(table.length - 8, 4);
    this.#sizes.forEach((size, index) => table.writeUInt32LE(size, 8 + index * 4));
    table.writeUInt32LE(entries, table.length - footerSize);
    table.writeUInt32LE(seekableMagic, table.length - 4);
    yield table;
  }

  #pack(block: Uint8Array): Buffer {
    const packed = packBlock(block);
    this.#sizes.push(packed.length, block.length);
    return packed;
  }
}

/** Random access to packed blocks; the last block that was read is kept. */
export class BlockSource implements ByteSource {
  readonly size: number;
  readonly #packed: ByteSource;
  /** Start of each frame in the packed file and in the original; one more entry for the end. */
  readonly #packedStarts: Float64Array;
  readonly #starts: Float64Array;
  #cached: { readonly index: number; readonly bytes: Uint8Array } | null = null;

  /** Throws a failure of kind `unusable` where the seek table is damaged. */
  constructor(packed: ByteSource) {
    this.#packed = packed;
    const footer = Buffer.from(packed.read(Math.max(0, packed.size - footerSize), footerSize));
    if (footer.length < footerSize || footer.readUInt32LE(5) !== seekableMagic) throw damaged();
    const count = footer.readUInt32LE(0);
    const tableSize = count * entrySize + footerSize;
    if (tableSize + 8 > packed.size) throw damaged();
    const table = Buffer.from(packed.read(packed.size - tableSize, tableSize));
    this.#packedStarts = new Float64Array(count + 1);
    this.#starts = new Float64Array(count + 1);
    for (let index = 0; index < count; index++) {
      const [packedSize, size] = [table.readUInt32LE(index * 8), table.readUInt32LE(index * 8 + 4)];
      if (size > blockSize || (size < blockSize && index < count - 1)) throw damaged();
      this.#packedStarts[index + 1] = (this.#packedStarts[index] as number) + packedSize;
      this.#starts[index + 1] = (this.#starts[index] as number) + size;
    }
    if (this.#packedStarts[count] !== packed.size - tableSize - 8) throw damaged();
    this.size = this.#starts[count] as number;
  }

  read(offset: number, length: number): Uint8Array {
    const end = Math.min(this.size, offset + length);
    if (offset >= end) return new Uint8Array(0);
    const parts: Uint8Array[] = [];
    for (let at = offset; at < end; ) {
      // All blocks but the last have the same size.
      const index = Math.floor(at / blockSize);
      const start = index * blockSize;
      const part = this.#block(index).subarray(at - start, end - start);
      parts.push(part);
      at += part.length;
    }
    return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
  }

  close(): void {
    this.#packed.close();
  }

  #block(index: number): Uint8Array {
    if (this.#cached?.index === index) return this.#cached.bytes;
    const from = this.#packedStarts[index] as number;
    const packed = this.#packed.read(from, (this.#packedStarts[index + 1] as number) - from);
    let bytes: Uint8Array;
    try {
      bytes = zstdDecompressSync(packed, { maxOutputLength: blockSize });
    } catch {
      throw damaged();
    }
    if (bytes.length !== (this.#starts[index + 1] as number) - (this.#starts[index] as number))
      throw damaged();
    this.#cached = { index, bytes };
    return bytes;
  }
}

function damaged(): FailureError {
  return new FailureError(
    'unusable',
    'A file in the evidence folder is damaged: its packed blocks do not fit together. Import the original again.',
  );
}
