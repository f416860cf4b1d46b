import { isAscii } from 'node:buffer';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/**
 * Entries of a dictionary that were committed together, in the order of their ids. Each is JSON text, which holds no
 * line break of its own: lines, packed, since entries resemble each other.
 */
export function encodeText(text: string): Buffer {
  return zstdCompressSync(Buffer.from(text, 'utf8'));
}

export function textOfEntries(values: readonly string[]): string {
  return values.join('\n');
}

export function decodeEntries(data: Uint8Array): string[] {
  return decodeText(data).split('\n');
}

/** The entries as lines of one text. */
export function decodeText(data: Uint8Array): string {
  const bytes = zstdDecompressSync(data);
  // Most are, and each byte is then a character.
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
}
