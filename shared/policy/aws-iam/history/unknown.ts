import { isObject, type Json, textAt } from '../../../domain/json.ts';

/**
 * In a bundle that was rebuilt from a log a document whose content is not known stands as `{"UnknownBecause": …}`,
 * so that it can be read where the policy is looked up; what a user, group or role has that was taken for granted
 * stands in `AssumedBecause` beside it.
 */
export function unknownDocument(why: string): Json {
  return { UnknownBecause: why };
}

/** Why the content of a document is not known; null for any other document. */
export function unknownBecause(document: Json): string | null {
  return isObject(document) ? textAt(document, 'UnknownBecause') : null;
}
