import type { Literal, Template } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { SyntaxProblem, tokenize, unescape } from './lexer.ts';

/** `$"text {term} text"`: text and terms by turns. `\{` is a brace of the text. */
export function parseTemplate(cursor: Cursor): Template {
  const token = cursor.next();
  const parts: Template['parts'][number][] = [];
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
      const [literal, after] = literalAt(cursor, at + 1, end);
      parts.push(literal);
      at = after;
      start = at;
    } else at++;
  }
  flush();
  return { kind: 'template', parts, start: token.start, end: token.end };
}

function textPart(text: string, raw: boolean, offset: number): string {
  if (raw) return text.replaceAll(/\\([{}])/g, '$1').replaceAll('\r', '');
  return unescape(
    text.replace(/\\(.)/gs, (whole, character: string) => ('{}'.includes(character) ? character : whole)),
    offset,
  );
}

type Part = Exclude<Template['parts'][number], string>;

function literalAt(cursor: Cursor, from: number, to: number): [part: Part, after: number] {
  // The closing brace is found by reading: tokens up to the template's end may be none, so shorter texts are tried.
  for (
    let end = cursor.text.indexOf('}', from);
    end !== -1 && end <= to;
    end = cursor.text.indexOf('}', end + 1)
  ) {
    const part = cursor.attempt(() => {
      const { tokens } = tokenize(cursor.text, from, end);
      const inner = cursor.within(tokens);
      const right = inner.grammar.infix(inner);
      const modifiers = inner.grammar.modifiers(inner);
      if (inner.token.kind !== 'end') throw inner.problem('"}" expected');
      const name = cursor.wildcard();
      const span = { start: from, end };
      const left = { kind: 'variable' as const, name, ...span };
      const literal: Literal = {
        negation: 'none',
        expression: { kind: 'unify', left, right },
        modifiers,
        ...span,
      };
      return { name, literal };
    });
    if (part !== undefined) return [part, end + 1];
  }
  throw new SyntaxProblem('an expression of a template string cannot be read', from);
}
