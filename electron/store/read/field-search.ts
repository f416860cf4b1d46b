import type { Query } from '#shared/query/ast.ts';
import { fieldNamed } from '#shared/query/fields.ts';
import type { Dictionary } from './dictionary.ts';

/** Shorter texts stand nearly everywhere: an index of the values serves better. */
const leastCharacters = 3;

/**
 * A text in lower case that stands in every value which a test of a field lets pass, by which the values are searched;
 * null where they are looked up in an index, which is there already or serves better.
 */
export function searchedFor(
  { field, test }: Extract<Query, { kind: 'field' }>,
  dictionary: Dictionary,
): string | null {
  if (test.kind !== 'glob' || fieldNamed(field)?.kind !== 'text' || dictionary.hasField(field)) return null;
  let longest = '';
  for (const part of test.glob) {
    if (typeof part === 'object' && part.text.length > longest.length) longest = part.text;
  }
  return longest.length < leastCharacters ? null : longest.toLowerCase();
}
