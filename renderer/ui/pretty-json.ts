/** A piece of JSON text with its role. */
export interface JsonToken {
  readonly kind: 'key' | 'string' | 'number' | 'word' | 'mark';
  readonly text: string;
  /** Line breaks and indentation before it. */
  readonly before: string;
}

const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[A-Za-z]+|[{}[\],:]|\s+|[^]/gy;

/**
 * JSON text laid out anew without being parsed: every string, number and key stays as it is written, also those that
 * a parser would round, join or drop. Null where the brackets do not match: then only the text itself is right.
 */
export function layOutJson(text: string): JsonToken[] | null {
  const tokens: JsonToken[] = [];
  const open: string[] = [];
  let before = '';
  const put = (kind: JsonToken['kind'], piece: string): void => {
    tokens.push({ kind, text: piece, before });
    before = '';
  };
  const lineBreak = (): string => `\n${'  '.repeat(open.length)}`;
  for (const [piece] of text.matchAll(token)) {
    if (/^\s/.test(piece)) continue;
    if (piece === '{' || piece === '[') {
      put('mark', piece);
      open.push(piece);
      before = lineBreak();
    } else if (piece === '}' || piece === ']') {
      if (open.pop() !== (piece === '}' ? '{' : '[')) return null;
      const last = tokens.at(-1);
      const isEmpty = last?.kind === 'mark' && (last.text === '{' || last.text === '[');
      before = isEmpty ? '' : lineBreak();
      put('mark', piece);
    } else if (piece === ',') {
      put('mark', piece);
      before = lineBreak();
    } else if (piece === ':') {
      const key = tokens.pop();
      if (key === undefined) return null;
      tokens.push({ ...key, kind: 'key' });
      put('mark', piece);
      before = ' ';
    } else if (piece.startsWith('"')) put('string', piece);
    else if (/^[-\d]/.test(piece)) put('number', piece);
    else if (/^[A-Za-z]/.test(piece)) put('word', piece);
    else return null;
  }
  return open.length === 0 && tokens.length > 0 ? tokens : null;
}
