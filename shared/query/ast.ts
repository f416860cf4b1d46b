import type { FieldName } from '../domain/dimensions.ts';

/**
 * A parsed query. `and` and `or` hold two parts or more and are never nested in their own kind, `not` is never
 * nested in `not`: the same meaning written with other parentheses gives the same tree.
 */
export type Query =
  | { readonly kind: 'all' }
  | { readonly kind: 'and'; readonly parts: readonly Query[] }
  | { readonly kind: 'or'; readonly parts: readonly Query[] }
  | { readonly kind: 'not'; readonly part: Query }
  /** Free text: anywhere in any dictionary field, or the whole of an id. */
  | { readonly kind: 'text'; readonly glob: Glob }
  | { readonly kind: 'field'; readonly field: FieldName; readonly test: FieldTest };

export type FieldTest =
  | { readonly kind: 'exists' }
  /** The whole value, letter case aside; a time never comes as glob. */
  | { readonly kind: 'glob'; readonly glob: Glob }
  /** CIDR, `ip` only. */
  | { readonly kind: 'network'; readonly network: string }
  /** Times stand for the whole span that they name; one of the bounds may be open. */
  | { readonly kind: 'range'; readonly from: Bound | null; readonly to: Bound | null };

export interface Bound {
  readonly text: string;
  readonly inclusive: boolean;
}

/** Literal text with wildcards: `*` any text, `?` one character. Neighbouring literals are one part. */
export type Glob = readonly GlobPart[];
export type GlobPart = '*' | '?' | { readonly text: string };

/** The text of a glob without wildcards, else null. */
export function literalOf(glob: Glob): string | null {
  if (glob.length === 0) return '';
  const [part] = glob;
  return glob.length === 1 && typeof part === 'object' ? part.text : null;
}

export function literalGlob(text: string): Glob {
  return text === '' ? [] : [{ text }];
}

/** Joins queries in normal form; none at all is `all` for `and`. */
export function join(kind: 'and' | 'or', queries: readonly Query[]): Query {
  const parts = queries.flatMap((query) => (query.kind === kind ? query.parts : [query]));
  const [first] = parts;
  if (first === undefined) return { kind: 'all' };
  return parts.length === 1 ? first : { kind, parts };
}

export function negate(query: Query): Query {
  return query.kind === 'not' ? query.part : { kind: 'not', part: query };
}

export type ParseResult = { readonly ast: Query } | { readonly problem: QueryProblem };

export interface QueryProblem {
  /** What is wrong and how to write it instead. */
  readonly message: string;
  /** Characters of the text that it is about, `to` exclusive. */
  readonly from: number;
  readonly to: number;
}
