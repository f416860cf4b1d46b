import { type Glob, type GlobPart, literalGlob } from './ast.ts';
import { ProblemError } from './problem.ts';

/** A value as it was written. */
export interface Value {
  readonly glob: Glob;
  readonly quoted: boolean;
  readonly from: number;
  readonly to: number;
}

const blank = /\s/;
const wordEnds = new Set(['(', ')', '"']);
const rangeEnds = new Set(['(', ')', '"', ']', '}']);
const fieldName = /[A-Za-z_][A-Za-z0-9_.]*:/y;

/** Reads the text of a query from left to right. */
export class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  skipBlanks(): void {
    while (!this.isAtEnd && blank.test(this.text[this.at] as string)) this.at++;
  }

  /** The next character without taking it; empty at the end. */
  peek(): string {
    return this.text[this.at] ?? '';
  }

  /** Takes the text if it comes next. */
  take(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** Takes an operator if it comes next as a word of its own. */
  takeWord(word: string): boolean {
    const after = this.text[this.at + word.length] ?? ' ';
    if (!this.text.startsWith(word, this.at) || !(blank.test(after) || wordEnds.has(after))) return false;
    this.at += word.length;
    return true;
  }

  isBlankOrEndNext(): boolean {
    return this.isAtEnd || blank.test(this.peek());
  }

  /** Takes a field's name and its colon if they come next. */
  takeFieldName(): string | null {
    fieldName.lastIndex = this.at;
    const [found] = fieldName.exec(this.text) ?? [];
    if (found === undefined) return null;
    this.at += found.length;
    return found.slice(0, -1);
  }

  /** Reads a quoted or bare value; null where none stands here. */
  readValue(within: 'query' | 'range'): Value | null {
    return this.peek() === '"'
      ? this.#readQuoted()
      : this.#readBare(within === 'range' ? rangeEnds : wordEnds);
  }

  #readQuoted(): Value {
    const from = this.at++;
    let text = '';
    while (this.peek() !== '"') {
      if (this.peek() === '\\') this.at++;
      if (this.isAtEnd)
        throw new ProblemError('This quote is not closed: add " at its end.', from, this.text.length);
      text += this.peek();
      this.at++;
    }
    this.at++;
    return { glob: literalGlob(text), quoted: true, from, to: this.at };
  }

  #readBare(ends: ReadonlySet<string>): Value | null {
    const from = this.at;
    const parts: GlobPart[] = [];
    let literal = '';
    const finish = (): void => {
      if (literal !== '') parts.push({ text: literal });
      literal = '';
    };
    for (; !this.isAtEnd; this.at++) {
      const character = this.peek();
      if (blank.test(character) || ends.has(character)) break;
      if (character === '*' || character === '?') {
        finish();
        if (character !== '*' || parts.at(-1) !== '*') parts.push(character);
      } else if (character === '\\') {
        this.at++;
        if (this.isAtEnd) throw new ProblemError('A character is missing after \\.', this.at - 1, this.at);
        literal += this.peek();
      } else literal += character;
    }
    finish();
    if (this.at === from) return null;
    if (this.peek() === '"' || this.peek() === '(') {
      throw new ProblemError(
        `${this.peek()} stands within a word: put the whole value in quotes, or write \\${this.peek()}.`,
        from,
        this.at + 1,
      );
    }
    return { glob: parts, quoted: false, from, to: this.at };
  }
}
