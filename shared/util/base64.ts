/** Base64 (RFC 4648 §4 and §5), hexadecimal and UTF-8. Undefined for what is none. */

const standard = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const url = `${standard.slice(0, 62)}-_`;

function encode(bytes: Uint8Array, alphabet: string, padding: boolean): string {
  let text = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const [first = 0, second, third] = [bytes[index], bytes[index + 1], bytes[index + 2]];
    const bits = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    text += alphabet[bits >> 18] ?? '';
    text += alphabet[(bits >> 12) & 63] ?? '';
    if (second !== undefined) text += alphabet[(bits >> 6) & 63] ?? '';
    if (third !== undefined) text += alphabet[bits & 63] ?? '';
    if (padding && third === undefined) text += second === undefined ? '==' : '=';
  }
  return text;
}

function decode(text: string, alphabet: string): Uint8Array | undefined {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const character of text) {
    const value = alphabet.indexOf(character);
    if (value === -1) return undefined;
    bits = (bits << 6) | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push((bits >> count) & 255);
      bits &= (1 << count) - 1;
    }
  }
  return text.length % 4 === 1 ? undefined : Uint8Array.from(bytes);
}

export function base64Text(bytes: Uint8Array): string {
  return encode(bytes, standard, true);
}

/** Padding is required; line breaks are skipped, as Go's `encoding/base64` does. */
export function base64Bytes(text: string): Uint8Array | undefined {
  const plain = text.replaceAll(/[\r\n]/g, '');
  if (plain.length % 4 !== 0) return undefined;
  const bare = plain.replace(/={1,2}$/, '');
  return bare.includes('=') ? undefined : decode(bare, standard);
}

/** As files that people handle hold it: padding may be left out, blanks may stand anywhere. */
export function looseBase64Bytes(text: string): Uint8Array | undefined {
  return decode(text.replaceAll(/\s/g, '').replace(/={1,2}$/, ''), standard);
}

export function base64UrlText(bytes: Uint8Array, padding: boolean): string {
  return encode(bytes, url, padding);
}

/** Padding may be left out. */
export function base64UrlBytes(text: string): Uint8Array | undefined {
  const plain = text.replaceAll(/[\r\n]/g, '');
  const bare = plain.replace(/={1,2}$/, '');
  if (bare.length !== plain.length && plain.length % 4 !== 0) return undefined;
  return bare.includes('=') ? undefined : decode(bare, url);
}

export function hexText(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function hexBytes(text: string): Uint8Array | undefined {
  if (!/^(?:[0-9A-Fa-f]{2})*$/.test(text)) return undefined;
  return Uint8Array.from({ length: text.length / 2 }, (_, index) =>
    Number.parseInt(text.slice(index * 2, index * 2 + 2), 16),
  );
}

/** Bytes as UTF-8 text; undefined where they are none. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  let escaped = '';
  for (const byte of bytes) escaped += `%${byte.toString(16).padStart(2, '0')}`;
  try {
    return decodeURIComponent(escaped);
  } catch {
    return undefined;
  }
}
