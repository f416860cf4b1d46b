import { createScanner } from 'jsonc-parser';

/** Tokens as the scanner numbers them (`SyntaxKind`, which is declared for the compiler alone). */
const tokens = { openBrace: 1, closeBrace: 2, openBracket: 3, closeBracket: 4, comma: 5, end: 17 } as const;

/** Where a value stands in a text, in characters. */
export interface TextPlace {
  readonly offset: number;
  readonly length: number;
}

/**
 * Where the value of a JSON Pointer (RFC 6901) stands in a JSON text; null where there is none. Of members with the
 * same name the last counts, as for `JSON.parse`. Linear in the text, and nothing of it is kept.
 */
export function placeOfPointer(text: string, pointer: string): TextPlace | null {
  if (pointer !== '' && !pointer.startsWith('/')) return null;
  const scanner = createScanner(text, true);
  const path = pointer.split('/').slice(1).map(unescaped);
  scanner.scan();

  /** From the first token of a value to the last; its end. */
  const skip = (): number => {
    for (let depth = 0; ; scanner.scan()) {
      const token = scanner.getToken() as number;
      if (token === tokens.end) return scanner.getTokenOffset();
      if (token === tokens.openBrace || token === tokens.openBracket) depth++;
      if (token === tokens.closeBrace || token === tokens.closeBracket) depth--;
      if (depth <= 0) return scanner.getTokenOffset() + scanner.getTokenLength();
    }
  };

  /** Reads a whole value; the place of what the rest of the path leads to in it. */
  const find = (at: number): TextPlace | null => {
    const wanted = path[at];
    const first = scanner.getToken() as number;
    const isList = first === tokens.openBracket;
    if (wanted === undefined) {
      const offset = scanner.getTokenOffset();
      return { offset, length: skip() - offset };
    }
    if (!isList && first !== tokens.openBrace) {
      skip();
      return null;
    }
    const end = isList ? tokens.closeBracket : tokens.closeBrace;
    let found: TextPlace | null = null;
    for (let index = 0; ; index++) {
      const token: number = scanner.scan();
      if (token === end || token === tokens.end) return found;
      let name = String(index);
      if (!isList) {
        name = scanner.getTokenValue();
        scanner.scan();
        scanner.scan();
      }
      if (name === wanted) found = find(at + 1);
      else skip();
      if ((scanner.scan() as number) !== tokens.comma) return found;
    }
  };
  return find(0);
}

function unescaped(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
