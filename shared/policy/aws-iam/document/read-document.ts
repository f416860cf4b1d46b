import type { Json } from '../../../domain/json.ts';

/** Reads a document that may be an object, JSON text, or URL-encoded JSON text as the IAM API gives it. */
export function readDocument(value: Json): { readonly document: Json; readonly encoded: boolean } | null {
  if (typeof value !== 'string') return { document: value, encoded: false };
  for (const text of [value, decoded(value)]) {
    if (text === null) continue;
    try {
      return { document: JSON.parse(text) as Json, encoded: true };
    } catch {
      // Not JSON in this form; the other one may be.
    }
  }
  return null;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
