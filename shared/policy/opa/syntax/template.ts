import type { Template, Term } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { SyntaxProblem, tokenize, unescape } from './lexer.ts';

/** `$"text {term} text"`: text and terms by turns. `\{` is a brace of the text. */
export function parseTemplate(cursor: Cursor): Template {
  const token = cursor.next();
  const parts: (string | Term)[] = [];
  const end = token.end - 1;
  let start = token.start + 2;
  let at = start;
  const flush = (): void => {
    if (at > start) parts.push(textPart(cursor.text.slice(start, at), token.raw, start));
  };
  while (at < end) {
    const character = cursor.text[at];
    if (character === '\\') at += 2;
    else if (character === '{') {
      flush();
      const [term, after] = termAt(cursor, at + 1, end);
      parts.push(term);
      at = after;
      start = at;
    } else at++;
  }
  flush();
  return { kind: 'template', parts, start: token.start, end: token.end };
}

function textPart(text: string, raw: boolean, offset: number): string {
  if (raw) return text.replaceAll('\\{', '{').replaceAll('\r', '');
  return unescape(
    text.replace(/\\(.)/gs, (whole, character: string) => (character === '{' ? '{' : whole)),
    offset,
  );
}

function termAt(cursor: Cursor, from: number, to: number): [term: Term, after: number] {
  // The closing brace is found by reading: tokens up to the template's end may be none, so shorter texts are tried.
  for (
    let end = cursor.text.indexOf('}', from);
    end !== -1 && end <= to;
    end = cursor.text.indexOf('}', end + 1)
  ) {
    const term = cursor.attempt(() => {
      const { tokens } = tokenize(cursor.text, from, end);
      const inner = cursor.within(tokens);
      const found = inner.grammar.infix(inner);
      if (inner.token.kind !== 'end') throw inner.problem('"}" expected');
      return found;
    });
    if (term !== undefined) return [term, end + 1];
  }
  throw new SyntaxProblem('an expression of a template string cannot be read', from);
}
