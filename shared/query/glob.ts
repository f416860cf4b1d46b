import { type Glob, literalOf } from './ast.ts';

/** A test of lower-case text. */
export type TextTest = (lower: string) => boolean;

/**
 * Compiles a glob to a test of the whole lower-case text. No regular expression: the time is at most the product of the
 * lengths, whatever the pattern.
 */
export function compileGlob(glob: Glob): TextTest {
  const parts = lowerParts(glob);
  const literal = literalOf(parts);
  if (literal !== null) return (text) => text === literal;
  const inner = betweenStars(parts);
  if (inner !== null) return (text) => text.includes(inner);
  return (text) => matchParts(parts, text);
}

/** Compiles a glob to a test whether it stands anywhere in the lower-case text. */
export function compileContains(glob: Glob): TextTest {
  const literal = literalOf(lowerParts(glob));
  if (literal !== null) return (text) => text.includes(literal);
  return compileGlob(['*', ...glob, '*']);
}

function lowerParts(glob: Glob): Glob {
  return glob.map((part) => (typeof part === 'object' ? { text: part.text.toLowerCase() } : part));
}

/** The text of `*text*`, else null. */
function betweenStars(glob: Glob): string | null {
  const [first, middle, last] = glob;
  if (glob.length !== 3 || first !== '*' || last !== '*' || typeof middle !== 'object') return null;
  return middle.text;
}

/** Greedy match that returns to the last `*` alone: earlier ones never need to be tried again. */
function matchParts(parts: Glob, text: string): boolean {
  let part = 0;
  let at = 0;
  let starPart = -1;
  let starAt = 0;
  for (;;) {
    const current = parts[part];
    if (current === undefined && at === text.length) return true;
    if (current === '*') {
      starPart = part++;
      starAt = at;
      continue;
    }
    if (current === '?' && at < text.length) {
      part++;
      at++;
      continue;
    }
    if (typeof current === 'object' && text.startsWith(current.text, at)) {
      part++;
      at += current.text.length;
      continue;
    }
    if (starPart === -1 || starAt >= text.length) return false;
    starAt++;
    at = starAt;
    part = starPart + 1;
  }
}
