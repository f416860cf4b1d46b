import type { Value } from '../value/value.ts';

/** The syntax tree of Rego (https://www.openpolicyagent.org/docs/policy-reference#grammar). */

/** Character offsets in the file, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Scalar extends Span {
  readonly kind: 'scalar';
  readonly value: Value;
}
export interface Variable extends Span {
  readonly kind: 'variable';
  /** `_` in the source becomes a name of its own, `$1`. */
  readonly name: string;
}
export interface Ref extends Span {
  readonly kind: 'ref';
  readonly head: Term;
  /** `a.b` and `a["b"]` are the same. Never empty. */
  readonly path: readonly Term[];
}
export interface Call extends Span {
  readonly kind: 'call';
  /** Dotted name of the function; operators bear their builtin's name, e.g. `plus`. */
  readonly name: string;
  readonly function: Variable | Ref | null;
  readonly args: readonly Term[];
}
export interface ArrayTerm extends Span {
  readonly kind: 'array';
  readonly items: readonly Term[];
}
export interface SetTerm extends Span {
  readonly kind: 'set';
  readonly items: readonly Term[];
}
export interface ObjectTerm extends Span {
  readonly kind: 'object';
  readonly entries: readonly (readonly [key: Term, value: Term])[];
}
export interface Comprehension extends Span {
  readonly kind: 'comprehension';
  readonly of: 'array' | 'set' | 'object';
  readonly key: Term | null;
  readonly value: Term;
  readonly body: readonly Literal[];
}
/** `$"text {term}"`: each term gives a variable of the template's own its value, where it is defined. */
export interface Template extends Span {
  readonly kind: 'template';
  readonly parts: readonly (string | { readonly name: string; readonly literal: Literal })[];
}
export type Term =
  | Scalar
  | Variable
  | Ref
  | Call
  | ArrayTerm
  | SetTerm
  | ObjectTerm
  | Comprehension
  | Template;

export interface With extends Span {
  readonly target: Term;
  readonly value: Term;
}

export type Expression =
  | { readonly kind: 'term'; readonly term: Term }
  | { readonly kind: 'unify' | 'assign'; readonly left: Term; readonly right: Term }
  | { readonly kind: 'some'; readonly names: readonly Variable[] }
  | { readonly kind: 'some-in'; readonly key: Term | null; readonly value: Term; readonly domain: Term }
  /** `{…}` after `not` or beside `and` and `or`. */
  | { readonly kind: 'body'; readonly body: readonly Literal[] }
  | {
      readonly kind: 'logical';
      readonly operator: 'and' | 'or';
      readonly left: Literal;
      readonly right: Literal;
    }
  | {
      readonly kind: 'every';
      readonly key: Variable | null;
      readonly value: Variable;
      readonly domain: Term;
      readonly body: readonly Literal[];
    };

/**
 * How an expression is negated: `expression` as ever, where parts that are references or calls are evaluated outside
 * of the negation; `whole` with `import future.keywords.not`, where they are inside.
 */
export type Negation = 'none' | 'expression' | 'whole';

/** One expression of a body with its modifiers. */
export interface Literal extends Span {
  readonly negation: Negation;
  readonly expression: Expression;
  readonly modifiers: readonly With[];
}

export interface RuleHead extends Span {
  /** `p.q[x]`: the first part is the name. */
  readonly name: Variable;
  readonly path: readonly Term[];
  readonly args: readonly Term[] | null;
  /** `contains key`, also `p[key]` in Rego v0. */
  readonly contains: Term | null;
  readonly value: Term | null;
  readonly assigned: boolean;
}

export interface Rule extends Span {
  readonly isDefault: boolean;
  readonly head: RuleHead;
  /** Null where there is none: the rule always holds. */
  readonly body: readonly Literal[] | null;
  /** `else` branches in order: each the same head with another value and body. */
  readonly otherwise: readonly ElseBranch[];
}

export interface ElseBranch extends Span {
  readonly value: Term | null;
  readonly body: readonly Literal[] | null;
}

export interface Import extends Span {
  readonly path: readonly string[];
  readonly alias: string | null;
}

export interface Module {
  readonly path: string;
  readonly text: string;
  /** Without `data`. */
  readonly package: readonly string[];
  readonly packageSpan: Span;
  readonly imports: readonly Import[];
  readonly rules: readonly Rule[];
  readonly version: RegoVersion;
  /** `# METADATA` blocks: comments as YAML, with the offset of what they annotate. */
  readonly annotations: readonly Annotation[];
}

export interface Annotation extends Span {
  readonly yaml: string;
}

export type RegoVersion = 0 | 1;
