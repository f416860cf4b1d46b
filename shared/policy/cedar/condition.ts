/** A condition as it is written, cut at `&&`, `||`, `!( … )` and parentheses. Leaves are numbered from 0. */
export type ConditionTree =
  | { readonly op: 'all' | 'any'; readonly expr: string; readonly children: readonly ConditionTree[] }
  | { readonly op: 'not'; readonly expr: string; readonly children: readonly [ConditionTree] }
  | { readonly op: 'leaf'; readonly expr: string; readonly leaf: number };

export interface PolicyParts {
  /** From the effect to the closing parenthesis of the scope, without annotations. */
  readonly scope: string;
  /** Null where there is no condition. */
  readonly condition: ConditionTree | null;
  /** Text of each leaf. */
  readonly leaves: readonly string[];
}

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const token = /"(?:[^"\\]|\\[^])*"|\/\/[^\n]*|&&|\|\||\w+|\S/g;
/** Beyond this a clause stays one leaf. */
const mostLeaves = 256;

/**
 * Cuts a policy that Cedar has parsed into its scope and its conditions. Precedence is Cedar's: `if` takes all
 * that follows, `||` binds less than `&&` (https://docs.cedarpolicy.com/policies/syntax-grammar.html).
 */
export function splitPolicy(policy: string): PolicyParts {
  const tokens = [...policy.matchAll(token)]
    .map(({ 0: text, index }) => ({ text, start: index, end: index + text.length }))
    .filter(({ text }) => !text.startsWith('//'));
  const effect = tokens.findIndex(
    ({ text }, index) => (text === 'permit' || text === 'forbid') && tokens[index - 1]?.text !== '@',
  );
  const closing = closingOf(tokens, effect + 1);
  const cutter = new ConditionCutter(policy, tokens);
  const clauses: ConditionTree[] = [];
  for (let at = closing + 1; at < tokens.length - 1; ) {
    const kind = tokens[at]?.text;
    const end = closingOf(tokens, at + 1);
    if (kind === 'when' || kind === 'unless') clauses.push(cutter.clause(kind, at, end));
    at = end + 1;
  }
  return {
    scope: policy.slice(tokens[effect]?.start ?? 0, tokens[closing]?.end ?? 0),
    condition: clauses.length < 2 ? (clauses[0] ?? null) : allOf(clauses),
    leaves: cutter.leaves,
  };
}

function allOf(children: readonly ConditionTree[]): ConditionTree {
  return { op: 'all', expr: children.map(({ expr }) => expr).join(' '), children };
}

/** Index of the token that closes the bracket at `open`. */
function closingOf(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    const text = tokens[at]?.text ?? '';
    if ('({['.includes(text)) depth += 1;
    else if (')}]'.includes(text)) depth -= 1;
    if (depth === 0) return at;
  }
  return tokens.length;
}

class ConditionCutter {
  readonly leaves: string[] = [];
  readonly #policy: string;
  readonly #tokens: readonly Token[];

  constructor(policy: string, tokens: readonly Token[]) {
    this.#policy = policy;
    this.#tokens = tokens;
  }

  /** `when { … }` or `unless { … }`, from the keyword to the closing brace. */
  clause(kind: 'when' | 'unless', from: number, end: number): ConditionTree {
    const body = this.#cut(from + 2, end);
    return kind === 'when' ? body : { op: 'not', expr: this.#text(from, end + 1), children: [body] };
  }

  #cut(from: number, to: number): ConditionTree {
    const first = this.#tokens[from]?.text;
    if (first === '(' && closingOf(this.#tokens, from) === to - 1) return this.#cut(from + 1, to - 1);
    if (first === 'if' || this.leaves.length >= mostLeaves) return this.#leaf(from, to);
    for (const [operator, op] of [
      ['||', 'any'],
      ['&&', 'all'],
    ] as const) {
      const parts = this.#operands(operator, from, to);
      if (parts.length > 1)
        return {
          op,
          expr: this.#text(from, to),
          children: parts.map(([start, end]) => this.#cut(start, end)),
        };
    }
    if (first === '!' && this.#tokens[from + 1]?.text === '(' && closingOf(this.#tokens, from + 1) === to - 1)
      return { op: 'not', expr: this.#text(from, to), children: [this.#cut(from + 2, to - 1)] };
    return this.#leaf(from, to);
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
    const expr = this.#text(from, to);
    this.leaves.push(expr);
    return { op: 'leaf', expr, leaf: this.leaves.length - 1 };
  }

  #text(from: number, to: number): string {
    return this.#policy.slice(this.#tokens[from]?.start ?? 0, this.#tokens[to - 1]?.end ?? 0);
  }
}
