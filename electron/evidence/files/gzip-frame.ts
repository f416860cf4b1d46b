import type { ByteSource } from './source.ts';

const flagChecksum = 2;
const flagExtra = 4;
const flagName = 8;
const flagComment = 16;
/** Headers carry a name and a comment of any length; a longer one is no log's. */
const headerLimit = 70_000;

export const trailerSize = 8;

/** Length of the gzip member header (RFC 1952, 2.3) at an offset; null where there is none, or only part of one. */
export function gzipHeaderLength(source: ByteSource, offset: number): number | null {
  const bytes = source.read(offset, headerLimit);
  if (bytes.length < 10 || bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8) return null;
  const flags = bytes[3] ?? 0;
  if ((flags & 0xe0) !== 0) return null;
  let at = 10;
  if ((flags & flagExtra) !== 0) at += 2 + (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
  for (const flag of [flagName, flagComment]) {
    if ((flags & flag) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) return null;
    at = end + 1;
  }
  if ((flags & flagChecksum) !== 0) at += 2;
  return at > bytes.length ? null : at;
}

/** What the trailer of a gzip member says: CRC-32, and the size modulo 2^32. */
export function gzipTrailer(source: ByteSource, offset: number): { crc: number; size: number } | null {
  const bytes = source.read(offset, trailerSize);
  if (bytes.length < trailerSize) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, trailerSize);
  return { crc: view.getUint32(0, true), size: view.getUint32(4, true) };
}

/** Where the next byte that is not zero stands; zeros are common padding after the last member. */
export function skipZeros(source: ByteSource, offset: number): number {
  for (let at = offset; at < source.size; ) {
    const bytes = source.read(at, 65_536);
    const found = bytes.findIndex((byte) => byte !== 0);
    if (found >= 0) return at + found;
    at += bytes.length;
  }
  return source.size;
}
