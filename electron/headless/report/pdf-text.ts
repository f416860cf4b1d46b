/** Characters of Windows code page 1252 beyond Latin-1, from byte 0x80 on; a blank where a byte means nothing. */
const beyondLatin = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

/**
 * The text in characters that WinAnsiEncoding has (ISO 32000-1, annex D), one byte each; any other as `\u{…}`, as the
 * console shows what it cannot print.
 */
export function shownInPdf(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const isLatin = (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= 0xff);
    if (isLatin || beyondLatin.includes(character)) return character;
    return `\\u{${code.toString(16)}}`;
  }).join('');
}

/** The bytes of such a text. */
export function encodePdf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    return code <= 0xff ? code : 0x80 + beyondLatin.indexOf(character);
  });
}
