/** A stretch of text from a log: as it is, or one character that is shown by its code instead. */
export interface Stretch {
  readonly text: string;
  readonly escaped: boolean;
}

/**
 * Characters that draw nothing, move the cursor or turn the reading direction: controls, format characters (among
 * them the bidirectional controls of Unicode UAX #9), line and paragraph separators, lone surrogates, fillers.
 */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5/gu;

/** Splits text so that nothing in it can hide or reorder what is beside it. */
export function stretchesOf(text: string): Stretch[] {
  const stretches: Stretch[] = [];
  let start = 0;
  for (const match of text.matchAll(hidden)) {
    if (match.index > start) stretches.push({ text: text.slice(start, match.index), escaped: false });
    stretches.push({ text: escapeOf(match[0]), escaped: true });
    start = match.index + match[0].length;
  }
  if (start < text.length) stretches.push({ text: text.slice(start), escaped: false });
  return stretches;
}

/** The same as one string, for tooltips, titles and what is announced. */
export function escapedText(text: string): string {
  return stretchesOf(text)
    .map((stretch) => stretch.text)
    .join('');
}

const names: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0' };

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return names[character] ?? `\\u{${code.toString(16).padStart(4, '0')}}`;
}
