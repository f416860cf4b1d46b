/** A condition as it is written, cut at `&&`, `||`, `!( … )` and parentheses. Leaves are numbered from 0. */
export type ConditionTree =
  | { readonly op: 'all' | 'any'; readonly expr: string; readonly children: readonly ConditionTree[] }
  | { readonly op: 'not'; readonly expr: string; readonly children: readonly [ConditionTree] }
  | { readonly op: 'leaf'; readonly expr: string; readonly leaf: number };

export interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const token = /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'|\/\/[^\n]*|&&|\|\||\w+|\S/g;
/** Beyond this an expression stays one leaf. */
const mostLeaves = 256;

/** Words, operators, strings and brackets of an expression; `//` comments are left out. */
export function tokensOf(text: string): Token[] {
  return [...text.matchAll(token)]
    .map(({ 0: found, index }) => ({ text: found, start: index, end: index + found.length }))
    .filter(({ text: found }) => !found.startsWith('//'));
}

/** Index of the token that closes the bracket at `open`. */
export function closingOf(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    const text = tokens[at]?.text ?? '';
    if ('({['.includes(text)) depth += 1;
    else if (')}]'.includes(text)) depth -= 1;
    if (depth === 0) return at;
  }
  return tokens.length;
}

/** Cuts expressions in which `||` binds less than `&&`, and a conditional (`if …`, `… ? … : …`) less than both. */
export class BooleanCutter {
  /** Text of each leaf. */
  readonly leaves: string[] = [];
  readonly #source: string;
  readonly #tokens: readonly Token[];

  constructor(source: string, tokens: readonly Token[] = tokensOf(source)) {
    this.#source = source;
    this.#tokens = tokens;
  }

  cut(from = 0, to = this.#tokens.length): ConditionTree {
    const first = this.#tokens[from]?.text;
    if (first === '(' && closingOf(this.#tokens, from) === to - 1) return this.cut(from + 1, to - 1);
    const conditional = first === 'if' || this.#operands('?', from, to).length > 1;
    if (conditional || this.leaves.length >= mostLeaves) return this.#leaf(from, to);
    for (const [operator, op] of [
      ['||', 'any'],
      ['&&', 'all'],
    ] as const) {
      const parts = this.#operands(operator, from, to);
      if (parts.length === 1) continue;
      const children = parts.map(([start, end]) => this.cut(start, end));
      return { op, expr: this.text(from, to), children };
    }
    if (first === '!' && this.#tokens[from + 1]?.text === '(' && closingOf(this.#tokens, from + 1) === to - 1)
      return { op: 'not', expr: this.text(from, to), children: [this.cut(from + 2, to - 1)] };
    return this.#leaf(from, to);
  }

  /** The source from one token up to another, the end exclusive. */
  text(from: number, to: number): string {
    return this.#source.slice(this.#tokens[from]?.start ?? 0, this.#tokens[to - 1]?.end ?? 0);
  }

  #operands(operator: string, from: number, to: number): [number, number][] {
    const parts: [number, number][] = [];
    let start = from;
    for (let at = from; at < to; at += 1) {
      const text = this.#tokens[at]?.text ?? '';
      if (text.length === 1 && '({['.includes(text)) at = closingOf(this.#tokens, at);
      else if (text === operator) {
        parts.push([start, at]);
        start = at + 1;
      }
    }
    parts.push([start, to]);
    return parts;
  }

  #leaf(from: number, to: number): ConditionTree {
    const expr = this.text(from, to);
    this.leaves.push(expr);
    return { op: 'leaf', expr, leaf: this.leaves.length - 1 };
  }
}
