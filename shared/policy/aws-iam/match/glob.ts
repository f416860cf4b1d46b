/** A text with wildcards that are wildcards and wildcards that are text told apart. */
export type Piece = string | typeof star | typeof anyCharacter;
export const star = Symbol('*');
export const anyCharacter = Symbol('?');

/** Between two stars: text in which some places may be any character. */
interface Chunk {
  readonly text: string;
  /** Places of `?` within the text; null where there are none. */
  readonly free: readonly number[] | null;
}

/**
 * Matches a whole text against a pattern with `*` (any characters, also none) and `?` (one character). No regular
 * expressions and no backtracking: each chunk is looked for once, from left to right.
 */
export class Glob {
  readonly #chunks: readonly Chunk[];
  readonly #ignoreCase: boolean;

  constructor(pieces: readonly Piece[], ignoreCase = false) {
    this.#ignoreCase = ignoreCase;
    this.#chunks = chunksOf(pieces, ignoreCase);
  }

  matches(text: string): boolean {
    const subject = this.#ignoreCase ? text.toLowerCase() : text;
    const chunks = this.#chunks;
    const first = chunks[0];
    if (first === undefined) return subject === '';
    if (chunks.length === 1) return subject.length === first.text.length && fits(first, subject, 0);
    if (!fits(first, subject, 0)) return false;
    const last = chunks[chunks.length - 1] ?? first;
    const end = subject.length - last.text.length;
    let position = first.text.length;
    for (let index = 1; index < chunks.length - 1; index++) {
      const chunk = chunks[index] ?? first;
      const found = find(chunk, subject, position, end);
      if (found < 0) return false;
      position = found + chunk.text.length;
    }
    return end >= position && fits(last, subject, end);
  }
}

function chunksOf(pieces: readonly Piece[], ignoreCase: boolean): Chunk[] {
  const chunks: Chunk[] = [];
  let text = '';
  let free: number[] | null = null;
  const close = (): void => {
    chunks.push({ text, free });
    text = '';
    free = null;
  };
  for (const piece of pieces) {
    if (piece === star) {
      close();
    } else if (piece === anyCharacter) {
      free = [...(free ?? []), text.length];
      text += '?';
    } else {
      text += ignoreCase ? piece.toLowerCase() : piece;
    }
  }
  close();
  // Stars side by side are one star.
  return chunks.filter((chunk, index) => chunk.text !== '' || index === 0 || index === chunks.length - 1);
}

function fits(chunk: Chunk, subject: string, at: number): boolean {
  if (chunk.free === null) return subject.startsWith(chunk.text, at);
  if (at + chunk.text.length > subject.length) return false;
  let from = 0;
  for (const place of chunk.free) {
    if (!subject.startsWith(chunk.text.slice(from, place), at + from)) return false;
    from = place + 1;
  }
  return subject.startsWith(chunk.text.slice(from), at + from);
}

/** The first place at or after `from` where the chunk fits and ends at or before `end`; -1 where there is none. */
function find(chunk: Chunk, subject: string, from: number, end: number): number {
  if (chunk.free === null) {
    const found = subject.indexOf(chunk.text, from);
    return found >= 0 && found + chunk.text.length <= end ? found : -1;
  }
  for (let at = from; at + chunk.text.length <= end; at++) if (fits(chunk, subject, at)) return at;
  return -1;
}

/** The pieces of a text in which `*` and `?` are wildcards. */
export function wildcardPieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code !== 42 && code !== 63) continue;
    if (index > from) pieces.push(text.slice(from, index));
    pieces.push(code === 42 ? star : anyCharacter);
    from = index + 1;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}
