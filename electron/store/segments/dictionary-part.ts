import { isAscii } from 'node:buffer';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/**
 * Entries of a dictionary that were committed together, in the order of their ids, as UTF-8. Each is JSON text, which
 * holds no line break of its own: lines, packed, since entries resemble each other.
 */
export function encodeTexts(texts: Uint8Array): Buffer {
  return zstdCompressSync(texts);
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
