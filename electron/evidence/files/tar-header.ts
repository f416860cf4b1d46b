/** A header block of a tar archive (POSIX.1-2001 ustar and pax; GNU extensions). */
export interface TarHeader {
  readonly name: string;
  readonly size: number;
  /** The type flag as a character; a file of the oldest format has NUL. */
  readonly type: string;
}

export const blockLength = 512;

/** The header in a block; null where its checksum does not fit. */
export function parseTarHeader(block: Uint8Array): TarHeader | null {
  if (block.length < blockLength) return null;
  let sum = 0;
  for (let index = 0; index < blockLength; index++) {
    sum += index >= 148 && index < 156 ? 32 : (block[index] as number);
  }
  if (sum === 0 || numberAt(block, 148, 8) !== sum) return null;
  const magic = textAt(block, 257, 6);
  const prefix = magic === 'ustar' ? textAt(block, 345, 155) : '';
  const name = textAt(block, 0, 100);
  const size = numberAt(block, 124, 12);
  const type = String.fromCharCode(block[156] as number);
  return size === null ? null : { name: prefix === '' ? name : `${prefix}/${name}`, size, type };
}

export function isZeroBlock(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

/** Records of a pax header: `length key=value\n`. */
export function parsePax(bytes: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  const buffer = Buffer.from(bytes);
  for (let at = 0; at < buffer.length; ) {
    const blank = buffer.indexOf(32, at);
    const length = Number(buffer.toString('latin1', at, Math.max(blank, at)));
    if (blank < 0 || !(length > blank - at) || !Number.isSafeInteger(length)) break;
    const record = buffer.toString('utf8', blank + 1, at + length - 1);
    const equals = record.indexOf('=');
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}

export function textAt(block: Uint8Array, offset: number, length: number): string {
  const field = Buffer.from(block.subarray(offset, offset + length));
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
}

/** Octal digits, or a big-endian number with the top bit set (GNU base-256). */
function numberAt(block: Uint8Array, offset: number, length: number): number | null {
  const first = block[offset] as number;
  if (first === 0x80) {
    let value = 0;
    for (let index = offset + 1; index < offset + length; index++)
      value = value * 256 + (block[index] as number);
    return Number.isSafeInteger(value) ? value : null;
  }
  const text = textAt(block, offset, length).trim();
  if (text === '') return 0;
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : null;
}
