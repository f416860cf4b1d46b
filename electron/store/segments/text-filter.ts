import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { type AssembledMemory, assembledModule } from '#electron/platform/assembled.ts';
import { wasm } from './text-filter-module.ts';

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

/** What electron/assembly/text-filter.ts exports. */
interface Assembled {
  readonly memory: AssembledMemory;
  readonly prepare: (bytes: number) => number;
  readonly mark: (bytes: number) => void;
  readonly filterAddress: () => number;
  readonly characters: () => number;
}

const instance = assembledModule(wasm);
/** One is enough: it keeps nothing from one text to the next. */
let assembled: Assembled | null = null;

export interface TextFilter {
  readonly filter: Uint8Array;
  /** Length of the text as a string. */
  readonly characters: number;
}

/**
 * Which triples of characters occur in a text of UTF-8, letter case aside: one bit each, shared by triples of the same
 * hash (a Bloom filter of one hash). Triples with a character beyond ASCII are left out, so that no table of letters
 * matters.
 */
export function textFilter(text: Uint8Array): TextFilter {
  assembled ??= instance() as Assembled;
  const at = assembled.prepare(text.length);
  const memory = new Uint8Array(assembled.memory.buffer);
  memory.set(text, at);
  assembled.mark(text.length);
  const from = assembled.filterAddress();
  return { filter: memory.slice(from, from + bits / 8), characters: assembled.characters() };
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
