const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Map(Array.from(alphabet, (letter, value) => [letter, value]));

/** Bytes of base64 (RFC 4648 §4, padding optional, blanks between allowed); null where it is none. */
export function base64Bytes(text: string): Uint8Array | null {
  const plain = text.replaceAll(/\s/g, '').replace(/={1,2}$/, '');
  if (plain.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((plain.length * 3) / 4));
  let [buffer, bits, at] = [0, 0, 0];
  for (const letter of plain) {
    const value = values.get(letter);
    if (value === undefined) return null;
    buffer = ((buffer << 6) | value) & 0xff_ff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (buffer >> bits) & 0xff;
  }
  return bytes;
}

/** Bytes as UTF-8 text; null where they are none. */
export function utf8Text(bytes: Uint8Array): string | null {
  let escaped = '';
  for (const byte of bytes) escaped += `%${byte.toString(16).padStart(2, '0')}`;
  try {
    return decodeURIComponent(escaped);
  } catch {
    return null;
  }
}

/** ASCII text as base64. */
export function base64Text(text: string): string {
  let encoded = '';
  for (let at = 0; at < text.length; at += 3) {
    const [one, two, three] = [text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2)];
    const bits = (one << 16) | ((two || 0) << 8) | (three || 0);
    encoded += `${alphabet[bits >> 18]}${alphabet[(bits >> 12) & 63]}`;
    encoded += `${Number.isNaN(two) ? '=' : alphabet[(bits >> 6) & 63]}${Number.isNaN(three) ? '=' : alphabet[bits & 63]}`;
  }
  return encoded;
}
