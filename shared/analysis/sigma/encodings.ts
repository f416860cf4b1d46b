/** Texts that a value stands for after the modifiers that change it. */
export function encodings(text: string, modifiers: readonly string[]): string[] {
  let texts = [text];
  for (const name of modifiers) {
    if (name === 'windash') texts = texts.flatMap(dashes);
    else if (name === 'wide' || name === 'utf16le' || name === 'utf16') {
      texts = texts.map((value) => value.replaceAll(/[^]/gu, (character) => `${character}\0`));
    } else if (name === 'base64') texts = texts.map((value) => base64(bytesOf(value)));
    else if (name === 'base64offset') texts = texts.flatMap(base64Offsets);
  }
  return [...new Set(texts)];
}

/** Command line options may begin with other dashes. */
function dashes(text: string): string[] {
  return ['-', '/', '–', '—', '―'].map((dash) => text.replaceAll(/(^|\s)[-/–—―]/g, `$1${dash}`));
}

/** The part of the base64 text that is the same at each of the three places where the text can begin. */
function base64Offsets(text: string): string[] {
  const bytes = bytesOf(text);
  const skipped = [0, 2, 3];
  return [0, 1, 2].map((offset) => {
    const whole = base64([...Array.from({ length: offset }, () => 0), ...bytes]).replaceAll('=', '');
    const rest = (offset + bytes.length) % 3;
    return whole.slice(skipped[offset], rest === 0 ? undefined : whole.length - 1);
  });
}

/** UTF-8. */
function bytesOf(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
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
  return bytes;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** RFC 4648 section 4. */
function base64(bytes: readonly number[]): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second, third] = bytes.slice(at, at + 3);
    const bits = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    text += alphabet.charAt(bits >> 18) + alphabet.charAt((bits >> 12) & 63);
    text += second === undefined ? '=' : alphabet.charAt((bits >> 6) & 63);
    text += third === undefined ? '=' : alphabet.charAt(bits & 63);
  }
  return text;
}
