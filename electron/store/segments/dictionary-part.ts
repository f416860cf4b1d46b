import { isAscii } from 'node:buffer';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** The fastest level packs these lines tighter than the default, in a third less time. */
const packing = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/**
 * Entries of a dictionary that were committed together, in the order of their ids, as UTF-8. Each is JSON text, which
 * holds no line break of its own: lines, packed, since entries resemble each other.
 */
export function encodeTexts(texts: Uint8Array): Buffer {
  return zstdCompressSync(texts, packing);
}

/** The entries as lines of UTF-8. */
export function textsOfPart(data: Uint8Array): Buffer {
  return zstdDecompressSync(data);
}

export function decodeEntries(data: Uint8Array): string[] {
  return decodeText(data).split('\n');
}

/** The entries as lines of one text. */
export function decodeText(data: Uint8Array): string {
  const bytes = textsOfPart(data);
  // Most are, and each byte is then a character.
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
}
