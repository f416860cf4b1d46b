import type { Charset } from '#shared/domain/batch.ts';

export interface CharsetFinding {
  readonly charset: Charset;
  /** Bytes of the byte order mark, to be passed over. */
  readonly markLength: number;
}

/**
 * The charset of a text by its byte order mark, or for UTF-16 without one by the zero bytes that ASCII leaves in
 * every other place (what Excel and PowerShell write). Everything else is read as UTF-8.
 */
export function detectCharset(head: Uint8Array): CharsetFinding {
  const [first, second, third] = head;
  if (first === 0xef && second === 0xbb && third === 0xbf) return { charset: 'utf-8', markLength: 3 };
  if (first === 0xff && second === 0xfe) return { charset: 'utf-16le', markLength: 2 };
  if (first === 0xfe && second === 0xff) return { charset: 'utf-16be', markLength: 2 };
  const sample = head.subarray(0, 512);
  let [even, odd] = [0, 0];
  for (let index = 0; index + 1 < sample.length; index += 2) {
    if (sample[index] === 0) even++;
    if (sample[index + 1] === 0) odd++;
  }
  const pairs = sample.length >> 1;
  if (pairs >= 2 && odd > pairs * 0.7 && even < pairs * 0.1) return { charset: 'utf-16le', markLength: 0 };
  if (pairs >= 2 && even > pairs * 0.7 && odd < pairs * 0.1) return { charset: 'utf-16be', markLength: 0 };
  return { charset: 'utf-8', markLength: 0 };
}

/** Bytes of one unit of the charset in which structure (brackets, quotes, line ends) is written. */
export function unitLength(charset: Charset): 1 | 2 {
  return charset === 'utf-8' ? 1 : 2;
}

/**
 * One byte a code unit, for finding structure: ASCII as it is, all else 0xFF, which is no structure. UTF-8 serves as
 * it stands, since its multi-byte sequences hold no ASCII byte.
 */
export function narrow(bytes: Buffer, charset: Charset): Buffer {
  if (charset === 'utf-8') return bytes;
  const low = charset === 'utf-16le' ? 0 : 1;
  const units = Buffer.allocUnsafe(bytes.length >> 1);
  for (let index = 0; index < units.length; index++) {
    const byte = bytes[index * 2 + low] as number;
    units[index] = bytes[index * 2 + 1 - low] === 0 && byte < 0x80 ? byte : 0xff;
  }
  return units;
}

/** The text of a record's bytes; invalid sequences become U+FFFD. */
export function decodeText(bytes: Buffer, charset: Charset): string {
  if (charset === 'utf-8') return bytes.toString('utf8');
  if (charset === 'utf-16le') return bytes.toString('utf16le');
  const even = bytes.subarray(0, bytes.length & ~1);
  return Buffer.from(even).swap16().toString('utf16le');
}
