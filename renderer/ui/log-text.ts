import { hiddenCharacters } from '#shared/util/hidden-characters.ts';

/** A stretch of text from a log: as it is, or one character that is shown by its code instead. */
export interface Stretch {
  readonly text: string;
  readonly escaped: boolean;
}

/** Splits text so that nothing in it can hide or reorder what is beside it. */
export function stretchesOf(text: string): Stretch[] {
  // Nearly every text is only itself.
  if (text !== '' && text.search(hiddenCharacters) === -1) return [{ text, escaped: false }];
  const stretches: Stretch[] = [];
  let start = 0;
  for (const match of text.matchAll(hiddenCharacters)) {
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
