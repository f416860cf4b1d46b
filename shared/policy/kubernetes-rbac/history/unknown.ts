import { type Json, type JsonObject, objectAt, textAt } from '../../../domain/json.ts';

/** Annotation of an object in a bundle that was rebuilt from a log: why its content is not known. */
const annotation = 'rescind.unknown-because';
/** The role that stands in a binding whose own is not known. */
export const unknownRole = 'unknown';

/** The object, marked. What is kept of it (a binding's role cannot be changed) still holds. */
export function markUnknown(object: JsonObject, why: string): Json {
  const metadata = objectAt(object, 'metadata') ?? {};
  const annotations = { ...objectAt(metadata, 'annotations'), [annotation]: why };
  return { ...object, metadata: { ...metadata, annotations } };
}

/** Why the content of an object is not known; null where it is. */
export function unknownBecause(object: JsonObject): string | null {
  return textAt(objectAt(objectAt(object, 'metadata'), 'annotations'), annotation);
}
