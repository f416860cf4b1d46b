/** One policy or template of a Cedar text, as it stands there. */
export interface PolicyPiece {
  readonly text: string;
  /** Index of its first character. */
  readonly start: number;
  readonly end: number;
  /** It has a slot (`?principal`, `?resource`). */
  readonly template: boolean;
  /** Null where neither word is found: it is no policy that Cedar knows. */
  readonly effect: 'permit' | 'forbid' | null;
}

// A string, a comment, the end of a policy, a slot, an annotation's name, a word.
const token =
  /"(?:[^"\\]|\\[^])*"?|\/\/[^\n]*|;|\?(?:principal|resource)\b|@\s*[A-Za-z_]\w*|[A-Za-z_]\w*|\S/g;

/**
 * Cuts a text into its policies: each ends with a `;` outside strings and comments (Cedar grammar,
 * https://docs.cedarpolicy.com/policies/syntax-grammar.html). Comments before a policy stay out of it.
 */
export function splitPolicies(text: string): readonly PolicyPiece[] {
  const pieces: PolicyPiece[] = [];
  let open: { start: number; end: number; template: boolean; effect: PolicyPiece['effect'] } | null = null;
  for (const match of text.matchAll(token)) {
    const [found] = match;
    if (found.startsWith('//')) continue;
    open ??= { start: match.index, end: match.index, template: false, effect: null };
    open.end = match.index + found.length;
    if (found.startsWith('?')) open.template = true;
    if (open.effect === null && (found === 'permit' || found === 'forbid')) open.effect = found;
    if (found !== ';') continue;
    pieces.push({ ...open, text: text.slice(open.start, open.end) });
    open = null;
  }
  if (open !== null) pieces.push({ ...open, text: text.slice(open.start, open.end) });
  return pieces;
}
