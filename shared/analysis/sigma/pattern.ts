/**
 * Sigma's strings: `*` any text, `?` any one character, `\*`, `\?` and `\\` the characters themselves; a backslash
 * before anything else stands for itself (Sigma specification, "Escaping").
 */
interface Wild {
  readonly wild: '*' | '?';
}

export interface Pattern {
  readonly parts: readonly (string | Wild)[];
  /** The text where there is no wildcard. */
  readonly literal: string | null;
}

export function readPattern(text: string): Pattern {
  const parts: (string | Wild)[] = [];
  let literal = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    const next = text[at + 1];
    if (character === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next;
      at++;
    } else if (character === '*' || character === '?') {
      if (literal !== '') parts.push(literal);
      literal = '';
      parts.push({ wild: character });
    } else literal += character;
  }
  if (literal !== '') parts.push(literal);
  return {
    parts,
    literal: parts.every((part) => typeof part === 'string') ? parts.join('') : null,
  };
}

export type Placing = 'whole' | 'contains' | 'startswith' | 'endswith';

/** A test of whole texts. Linear in the text for each star: no regular expression of foreign making. */
export function compilePattern(text: string, placing: Placing, cased: boolean): (value: string) => boolean {
  const fold = cased ? (value: string) => value : (value: string) => value.toLowerCase();
  const { parts, literal } = readPattern(text);
  if (literal !== null) {
    const wanted = fold(literal);
    switch (placing) {
      case 'whole':
        return (value) => fold(value) === wanted;
      case 'contains':
        return (value) => fold(value).includes(wanted);
      case 'startswith':
        return (value) => fold(value).startsWith(wanted);
      case 'endswith':
        return (value) => fold(value).endsWith(wanted);
    }
  }
  const any: Wild = { wild: '*' };
  const atoms: (string | Wild)[] = [
    ...(placing === 'contains' || placing === 'endswith' ? [any] : []),
    ...parts.flatMap((part): (string | Wild)[] =>
      typeof part === 'string' ? Array.from(fold(part)) : [part],
    ),
    ...(placing === 'contains' || placing === 'startswith' ? [any] : []),
  ];
  return (value) => matchAtoms(atoms, Array.from(fold(value)));
}

function matchAtoms(atoms: readonly (string | Wild)[], text: readonly string[]): boolean {
  let [at, position, star, resume] = [0, 0, -1, 0];
  while (position < text.length) {
    const atom = atoms[at];
    if (typeof atom === 'object' && atom.wild === '*') {
      star = at++;
      resume = position;
    } else if (atom !== undefined && (typeof atom === 'object' || atom === text[position])) {
      at++;
      position++;
    } else if (star >= 0) {
      at = star + 1;
      position = ++resume;
    } else return false;
  }
  while (isStar(atoms[at])) at++;
  return at === atoms.length;
}

function isStar(atom: string | Wild | undefined): boolean {
  return typeof atom === 'object' && atom.wild === '*';
}
