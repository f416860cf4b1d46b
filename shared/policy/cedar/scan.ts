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

const deepestBrackets = 100;
const longestChain = 250;
const mostConditions = 1_000;
const chained = new Set(['.', '+', '-', '*', '!', 'if']);
const dividing = new Set([
  ',',
  ';',
  '&',
  '|',
  '=',
  '<',
  '>',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  'in',
  'has',
  'like',
  'is',
]);

/**
 * Whether a policy nests so deep that reading it would break the engine, which has a small stack and no answer
 * after that, not for other policies either.
 */
export function nestsTooDeep(text: string): boolean {
  let depth = 0;
  let chain = 0;
  let conditions = 0;
  for (const [found] of text.matchAll(token)) {
    if ('([{'.includes(found)) depth++;
    else if (')]}'.includes(found)) depth--;
    if (found === '&' || found === '|') conditions++;
    // A call divides nothing: `a.b().c()` is one chain.
    if (chained.has(found)) chain++;
    else if (dividing.has(found) && found !== '(' && found !== ')') chain = 0;
    if (depth > deepestBrackets || chain > longestChain || conditions > 2 * mostConditions) return true;
  }
  return false;
}
