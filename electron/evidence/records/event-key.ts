import { createHash } from 'node:crypto';

const guidLength = 36;

/** Value of each hex digit by character code, 255 for all else. */
const hexValues = new Uint8Array(128).fill(255);
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16);
  hexValues[digit.charCodeAt(0)] = value;
  hexValues[digit.toUpperCase().charCodeAt(0)] = value;
}

/** Offsets of the hex digits of a GUID, in order. */
const digitOffsets = Uint8Array.from(
  Array.from('xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx').flatMap((mark, index) => (mark === 'x' ? [index] : [])),
);

/** Words that set one `GUID/suffix` apart from another; suffixes are few (the stages of a Kubernetes request). */
const suffixes = new Map<string, Uint32Array>();
const suffixesKept = 64;

/**
 * Writes the 128-bit key of a vendor's id into four words at `start`: the bits of a GUID; of `GUID/suffix` those bits
 * mixed with the suffix's hash; of any other id its SHA-256, truncated. The letter case of a GUID does not count.
 */
export function writeVendorKey(target: Uint32Array, start: number, vendorId: string): void {
  if (isGuid(vendorId) && writeGuid(target, start, vendorId)) {
    if (vendorId.length === guidLength) return;
    const mix = suffixWords(vendorId.slice(guidLength));
    for (let index = 0; index < 4; index++) {
      target[start + index] = (target[start + index] ?? 0) ^ (mix[index] ?? 0);
    }
    return;
  }
  writeHash(target, start, vendorId);
}

/**
 * Writes the key of an event without a vendor's id: its place in the evidence, and of the further events of one record
 * the number of each.
 */
function writePositionKey(target: Uint32Array, start: number, { sha256, offset, part }: EventPlace): void {
  writeHash(target, start, part === 0 ? `${sha256}:${offset}` : `${sha256}:${offset}#${part}`);
}

/** Where an event stands: the file, the record's offset, and which of the record's events it is, from 0. */
export interface EventPlace {
  readonly sha256: string;
  readonly offset: number;
  readonly part: number;
}

/** Writes the key of an event. */
export function writeEventKey(
  target: Uint32Array,
  start: number,
  vendorId: string | null,
  place: EventPlace,
): void {
  if (vendorId === null) writePositionKey(target, start, place);
  else writeVendorKey(target, start, vendorId);
}

function isGuid(id: string): boolean {
  return (
    (id.length === guidLength || (id.length > guidLength && id[guidLength] === '/')) &&
    id[8] === '-' &&
    id[13] === '-' &&
    id[18] === '-' &&
    id[23] === '-'
  );
}

function writeGuid(target: Uint32Array, start: number, guid: string): boolean {
  let word = 0;
  for (let index = 0; index < 32; index++) {
    const value = hexValues[guid.charCodeAt(digitOffsets[index] as number)];
    if (value === undefined || value === 255) return false;
    word = (word << 4) | value;
    if (index % 8 === 7) target[start + (index >> 3)] = word;
  }
  return true;
}

function suffixWords(suffix: string): Uint32Array {
  const known = suffixes.get(suffix);
  if (known !== undefined) return known;
  const words = new Uint32Array(4);
  writeHash(words, 0, suffix);
  if (suffixes.size < suffixesKept) suffixes.set(suffix, words);
  return words;
}

function writeHash(target: Uint32Array, start: number, text: string): void {
  const digest = createHash('sha256').update(text).digest();
  for (let index = 0; index < 4; index++) target[start + index] = digest.readUInt32BE(index * 4);
}
