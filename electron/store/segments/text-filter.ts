import { isAscii } from 'node:buffer';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Grows when filters are made otherwise: those of another version are made anew. */
export const textFilterVersion = 1;

const bits = 2 ** 16;
/** An odd number near 2^32 divided by the golden ratio (Knuth, TAOCP 3, 6.4). */
const spread = 0x9e_37_79_b1;
const asciiEnd = 0x80;

/** Three characters that follow each other, packed, to the bit of a filter. */
function bitOf(window: number): number {
  return Math.imul(window, spread) >>> 16;
}

/**
 * Which triples of characters occur in a text, letter case aside: one bit each, shared by triples of the same hash (a
 * Bloom filter of one hash). Triples with a character beyond ASCII are left out, so that no table of letters matters.
 */
export function textFilter(text: string): Uint8Array {
  const lower = text.toLowerCase();
  const filter = new Uint8Array(bits / 8);
  const bytes = Buffer.from(lower, 'utf8');
  if (isAscii(bytes)) markBytes(bytes, filter);
  else eachWindow(lower, (window) => mark(filter, bitOf(window)));
  return filter;
}

/** The bits that must be set where a text in lower case occurs; none where the text is too short to tell. */
export function bitsOf(literal: string): Uint16Array {
  const found = new Set<number>();
  eachWindow(literal, (window) => found.add(bitOf(window)));
  return Uint16Array.from(found);
}

/** False where the text of the filter surely holds no literal of these bits. */
export function mayHold(filter: Uint8Array, wanted: Uint16Array): boolean {
  for (let index = 0; index < wanted.length; index++) {
    const bit = wanted[index] as number;
    if (((filter[bit >>> 3] as number) & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}

export function encodeFilter(filter: Uint8Array): Buffer {
  return zstdCompressSync(filter);
}

export function decodeFilter(data: Uint8Array): Uint8Array {
  return zstdDecompressSync(data);
}

function markBytes(bytes: Uint8Array, filter: Uint8Array): void {
  if (bytes.length < 3) return;
  let window = ((bytes[0] as number) << 8) | (bytes[1] as number);
  for (let index = 2; index < bytes.length; index++) {
    window = ((window << 8) | (bytes[index] as number)) & 0xff_ff_ff;
    mark(filter, bitOf(window));
  }
}

function mark(filter: Uint8Array, bit: number): void {
  filter[bit >>> 3] = (filter[bit >>> 3] as number) | (1 << (bit & 7));
}

function eachWindow(text: string, visit: (window: number) => void): void {
  let window = 0;
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    length = code < asciiEnd ? length + 1 : 0;
    window = ((window << 8) | code) & 0xff_ff_ff;
    if (length >= 3) visit(window);
  }
}
