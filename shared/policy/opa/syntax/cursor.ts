import type { Literal, RegoVersion, Term, With } from './ast.ts';
import { SyntaxProblem, type Token } from './lexer.ts';

const alwaysReserved = new Set([
  'package',
  'import',
  'as',
  'default',
  'else',
  'with',
  'not',
  'null',
  'true',
  'false',
  'some',
]);
export const laterKeywords = ['if', 'contains', 'in', 'every'] as const;
/** Keywords that only an import of their own activates. */
export const logicalKeywords = ['and', 'or'] as const;
/** Changes what `not` means, which has been a keyword from the beginning. */
export const improvedNot = 'not (improved)';

const greatestDepth = 200;
/** Reading an ambiguous text twice may double at every level: the steps are counted over the whole file. */
const stepsPerToken = 20;
const leastSteps = 100_000;

/** Where several terms stand in a list, `a, b in c` means two of them. */
export type Place = 'list' | 'alone';

/** The parts of the grammar that contain each other. */
export interface Grammar {
  term(cursor: Cursor): Term;
  /** `head` is a term that was read already and that operators may follow. */
  infix(cursor: Cursor, place?: Place, head?: Term): Term;
  list(cursor: Cursor, end: string): Term[];
  body(cursor: Cursor, end: string): Literal[];
  modifiers(cursor: Cursor): With[];
}

/** Walks over tokens. Positions can be taken up again where two readings of a text must be tried. */
export class Cursor {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly version: RegoVersion;
  readonly grammar: Grammar;
  /** `if`, `contains`, `in`, `every`: keywords in Rego v1, names in v0 until they are imported. */
  readonly keywords: Set<string>;
  #at = 0;
  #depth = 0;
  readonly #counters: { steps: number; wildcards: number };

  constructor(
    text: string,
    tokens: readonly Token[],
    version: RegoVersion,
    grammar: Grammar,
    parent?: Cursor,
  ) {
    this.text = text;
    this.tokens = tokens;
    this.version = version;
    this.grammar = grammar;
    this.keywords = parent?.keywords ?? new Set(version === 1 ? laterKeywords : []);
    this.#counters = parent === undefined ? { steps: 0, wildcards: 0 } : parent.#counters;
  }

  /** A cursor over other tokens of the same text. */
  within(tokens: readonly Token[]): Cursor {
    return new Cursor(this.text, tokens, this.version, this.grammar, this);
  }

  get token(): Token {
    return this.tokens[this.#at] as Token;
  }

  /** The end of the token before. */
  get lastEnd(): number {
    return this.tokens[this.#at - 1]?.end ?? this.token.start;
  }

  get mark(): number {
    return this.#at;
  }

  set mark(at: number) {
    this.#at = at;
  }

  /** `and` or `or` stands before the token of that mark. */
  followsLogical(mark: number): boolean {
    const before = this.tokens[mark - 1];
    return before?.kind === 'name' && logicalKeywords.some((word) => word === before.text);
  }

  peek(offset = 1): Token {
    return this.tokens[Math.min(this.#at + offset, this.tokens.length - 1)] as Token;
  }

  next(): Token {
    const token = this.token;
    if (++this.#counters.steps > leastSteps + stepsPerToken * this.tokens.length) {
      throw new SyntaxProblem('too complicated to read', token.start, true);
    }
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  isOperator(text: string, token = this.token): boolean {
    return token.kind === 'operator' && token.text === text;
  }

  isKeyword(word: string): boolean {
    return this.token.kind === 'name' && this.token.text === word && this.isReserved;
  }

  /** The current token is a keyword; with a `.` right behind it, it is a name like any other. */
  get isReserved(): boolean {
    const { text } = this.token;
    if (!alwaysReserved.has(text) && !this.keywords.has(text)) return false;
    const next = this.peek();
    return !(this.isOperator('.', next) && !next.spaced);
  }

  takeOperator(text: string): boolean {
    if (!this.isOperator(text)) return false;
    this.next();
    return true;
  }

  takeKeyword(word: string): boolean {
    if (!this.isKeyword(word)) return false;
    this.next();
    return true;
  }

  expectOperator(text: string): Token {
    if (!this.isOperator(text)) throw this.problem(`"${text}" expected`);
    return this.next();
  }

  problem(expected: string, token = this.token): SyntaxProblem {
    const found =
      token.kind === 'end' ? 'the text ends' : `found "${this.text.slice(token.start, token.end)}"`;
    return new SyntaxProblem(`${expected}, ${found}`, token.start);
  }

  /** The name of one more `_`. */
  wildcard(): string {
    return `$${++this.#counters.wildcards}`;
  }

  nested<Result>(read: () => Result): Result {
    if (++this.#depth > greatestDepth) throw new SyntaxProblem('nested too deeply', this.token.start, true);
    const result = read();
    this.#depth--;
    return result;
  }

  /** What `read` gives, or undefined and the old position where it fails. */
  attempt<Result>(read: () => Result): Result | undefined {
    const at = this.#at;
    const depth = this.#depth;
    try {
      return read();
    } catch (problem) {
      if (!(problem instanceof SyntaxProblem) || problem.final) throw problem;
      this.#at = at;
      this.#depth = depth;
      return undefined;
    }
  }
}
