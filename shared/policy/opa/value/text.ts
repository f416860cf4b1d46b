/** The characters (code points) of a text, as OPA counts positions. */
export function characters(text: string): string[] {
  return Array.from(text);
}

/** Order of two texts by code point, as UTF-8 bytes compare. */
export function compareText(first: string, second: string): number {
  if (first === second) return 0;
  const length = Math.min(first.length, second.length);
  for (let index = 0; index < length; index++) {
    const left = first.charCodeAt(index);
    const right = second.charCodeAt(index);
    if (left === right) continue;
    // Surrogates stand for code points above every other unit.
    const leftHigh = left >= 0xd800 && left <= 0xdfff;
    const rightHigh = right >= 0xd800 && right <= 0xdfff;
    return leftHigh === rightHigh ? left - right : leftHigh ? 1 : -1;
  }
  return first.length - second.length;
}

/** The text as UTF-8. A lone surrogate becomes U+FFFD, as everywhere. */
export function utf8Bytes(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    let code = character.codePointAt(0) ?? 0;
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else {
      bytes.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      );
    }
  }
  return Uint8Array.from(bytes);
}

/** The text of UTF-8 bytes; a byte that begins no character becomes U+FFFD. */
export function textOfUtf8(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index < bytes.length; ) {
    const [code, size] = decodeAt(bytes, index);
    text += String.fromCodePoint(code);
    index += size;
  }
  return text;
}

function decodeAt(bytes: Uint8Array, index: number): [code: number, size: number] {
  const first = bytes[index] ?? 0;
  if (first < 0x80) return [first, 1];
  const size = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
  if (size === 1 || first >= 0xf5 || index + size > bytes.length) return [0xfffd, 1];
  let code = first & (size === 2 ? 0x1f : size === 3 ? 0x0f : 0x07);
  for (let offset = 1; offset < size; offset++) {
    const next = bytes[index + offset] ?? 0;
    if ((next & 0xc0) !== 0x80) return [0xfffd, 1];
    code = (code << 6) | (next & 63);
  }
  const least = size === 2 ? 0x80 : size === 3 ? 0x800 : 0x10000;
  const surrogate = code >= 0xd800 && code <= 0xdfff;
  return code < least || code > 0x10ffff || surrogate ? [0xfffd, 1] : [code, size];
}
