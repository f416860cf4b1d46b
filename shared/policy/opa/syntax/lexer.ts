/** Splits Rego into tokens. */

export type TokenKind = 'name' | 'number' | 'string' | 'template' | 'operator' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** The name, the operator, the string's value, the number as written, the template's raw inside. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** A blank or comment stands before it. */
  readonly spaced: boolean;
  /** A line break stands before it. */
  readonly newLine: boolean;
  /** Written with backquotes. */
  readonly raw: boolean;
}

export interface Comment {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Nothing but blanks before it on its line. */
  readonly alone: boolean;
}

export class SyntaxProblem extends Error {
  readonly offset: number;
  /** No other reading of the text can help. */
  readonly final: boolean;

  constructor(message: string, offset: number, final = false) {
    super(message);
    this.offset = offset;
    this.final = final;
  }
}

const blanks = /[ \t\r\n]+/y;
const name = /[A-Za-z_][A-Za-z0-9_]*/y;
const number = /(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const operators = [':=', '==', '!=', '<=', '>=', ...Array.from('=<>+-*/%&|{}[]().,;:')];

export interface Tokens {
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
}

/** The tokens of a text, from `from` up to `to`; positions are in the whole text. Throws `SyntaxProblem`. */
export function tokenize(text: string, from = 0, to = text.length): Tokens {
  const source = to === text.length ? text : text.slice(0, to);
  const tokens: Token[] = [];
  const comments: Comment[] = [];
  let at = from;
  let spaced = false;
  let newLine = true;
  const match = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0] ?? '';
  };
  const push = (kind: TokenKind, value: string, end: number, raw = false): void => {
    tokens.push({ kind, text: value, start: at, end, spaced, newLine, raw });
    at = end;
    spaced = false;
    newLine = false;
  };
  while (at < source.length) {
    const character = source[at] ?? '';
    const space = match(blanks);
    if (space !== '') {
      spaced = true;
      newLine ||= space.includes('\n');
      at += space.length;
    } else if (character === '#') {
      const end = source.indexOf('\n', at) === -1 ? source.length : source.indexOf('\n', at);
      comments.push({ text: source.slice(at + 1, end).replace(/\r$/, ''), start: at, end, alone: newLine });
      spaced = true;
      at = end;
    } else if (character === '"') push('string', ...stringAt(source, at));
    else if (character === '`') {
      const end = source.indexOf('`', at + 1);
      if (end === -1) throw new SyntaxProblem('the raw string does not end', at);
      push('string', source.slice(at + 1, end).replaceAll('\r', ''), end + 1, true);
    } else if (character === '$' && (source[at + 1] === '"' || source[at + 1] === '`')) {
      const end = templateEnd(source, at + 1);
      push('template', source.slice(at + 2, end - 1), end, source[at + 1] === '`');
    } else {
      const word = match(name);
      const digits = word === '' ? match(number) : '';
      const operator = operators.find((candidate) => source.startsWith(candidate, at));
      if (word !== '') push('name', word, at + word.length);
      else if (digits !== '') {
        const next = source[at + digits.length] ?? '';
        if (/[0-9A-Za-z_]/.test(next)) throw new SyntaxProblem('illegal number format', at);
        push('number', digits, at + digits.length);
      } else if (operator !== undefined) push('operator', operator, at + operator.length);
      else throw new SyntaxProblem('illegal token', at);
    }
  }
  tokens.push({ kind: 'end', text: '', start: to, end: to, spaced, newLine: true, raw: false });
  return { tokens, comments };
}

function stringAt(source: string, start: number): [value: string, end: number] {
  let end = start + 1;
  while (source[end] !== '"') {
    const character = source[end];
    if (character === undefined || character === '\n') {
      throw new SyntaxProblem('non-terminated string', start);
    }
    end += character === '\\' ? 2 : 1;
  }
  return [unescape(source.slice(start + 1, end), start), end + 1];
}

/** What a quoted string stands for: JSON's escapes. */
export function unescape(inside: string, offset: number): string {
  if (!inside.includes('\\') && !/\p{Cc}/u.test(inside)) return inside;
  try {
    return JSON.parse(`"${inside.replaceAll('\t', '\\t')}"`) as string;
  } catch {
    throw new SyntaxProblem('illegal string escape sequence', offset);
  }
}

/** The end of a template string whose quote stands at `start`: `{…}` inside may hold strings of its own. */
function templateEnd(source: string, start: number): number {
  const quote = source[start];
  let depth = 0;
  let at = start + 1;
  while (at < source.length) {
    const character = source[at];
    if (depth === 0 && character === quote) return at + 1;
    if (character === '\\') at += 2;
    else if (depth > 0 && character === '$' && isQuote(source[at + 1])) at = templateEnd(source, at + 1);
    else if (depth > 0 && isQuote(character)) at = inner(source, at);
    else {
      if (character === '{') depth++;
      if (character === '}' && depth > 0) depth--;
      at++;
    }
  }
  throw new SyntaxProblem('the template string does not end', start);
}

function isQuote(character: string | undefined): boolean {
  return character === '"' || character === '`';
}

function inner(source: string, start: number): number {
  if (source[start] === '"') return stringAt(source, start)[1];
  const end = source.indexOf('`', start + 1);
  if (end === -1) throw new SyntaxProblem('the raw string does not end', start);
  return end + 1;
}
