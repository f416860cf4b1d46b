import { type Piece, wildcardPieces } from './glob.ts';

/** A policy variable, e.g. `${aws:username, 'nobody'}`. */
export interface Variable {
  /** As written, without the braces. */
  readonly name: string;
  /** In lower case: names of context keys ignore case. */
  readonly key: string;
  readonly fallback: string | null;
}

export type TemplatePiece = Piece | Variable;

export function isVariable(piece: TemplatePiece): piece is Variable {
  return typeof piece === 'object';
}

/**
 * Splits a value of a policy into text, wildcards and variables. `${*}`, `${?}` and `${$}` are the characters
 * themselves (IAM User Guide, "IAM policy elements: Variables and tags").
 */
export function parseTemplate(text: string, wildcards: boolean, variables: boolean): TemplatePiece[] {
  const plain = (part: string): TemplatePiece[] =>
    part === '' ? [] : wildcards ? wildcardPieces(part) : [part];
  if (!variables || !text.includes('${')) return plain(text);
  const pieces: TemplatePiece[] = [];
  let from = 0;
  for (;;) {
    const start = text.indexOf('${', from);
    const end = start < 0 ? -1 : text.indexOf('}', start);
    if (end < 0) break;
    pieces.push(...plain(text.slice(from, start)), variableOf(text.slice(start + 2, end)));
    from = end + 1;
  }
  pieces.push(...plain(text.slice(from)));
  return pieces;
}

function variableOf(content: string): Variable | string {
  if (content === '*' || content === '?' || content === '$') return content;
  const comma = content.indexOf(',');
  const name = (comma < 0 ? content : content.slice(0, comma)).trim();
  const rest = comma < 0 ? '' : content.slice(comma + 1).trim();
  const quoted = rest.length >= 2 && rest.startsWith("'") && rest.endsWith("'");
  return { name, key: name.toLowerCase(), fallback: quoted ? rest.slice(1, -1) : null };
}

export interface Filled {
  readonly state: 'filled';
  readonly pieces: readonly Piece[];
  readonly text: string;
}
export type FillResult = Filled | { readonly state: 'missing' | 'unknown'; readonly variable: Variable };

/**
 * Puts values in the place of variables; `valueOf` gives null where there certainly is none and undefined where it
 * is not known. `*` and `?` in a value are text.
 */
export function fill(
  pieces: readonly TemplatePiece[],
  valueOf: (key: string) => string | null | undefined,
): FillResult {
  const filled: Piece[] = [];
  let text = '';
  let unknown: Variable | null = null;
  for (const piece of pieces) {
    if (!isVariable(piece)) {
      filled.push(piece);
      text += typeof piece === 'string' ? piece : (piece.description ?? '');
      continue;
    }
    const found = valueOf(piece.key);
    if (found === undefined) {
      unknown ??= piece;
      continue;
    }
    const value = found ?? piece.fallback;
    if (value === null) return { state: 'missing', variable: piece };
    filled.push(value);
    text += value;
  }
  return unknown === null
    ? { state: 'filled', pieces: filled, text }
    : { state: 'unknown', variable: unknown };
}
