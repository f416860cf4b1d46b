import { isObject, type Json, type JsonObject } from '../../domain/json.ts';

/** No field is longer than this: a hostile record may carry megabytes, and dictionaries hold every distinct text. */
const longestField = 4096;

/** The non-empty text at `key`, cut to a bounded length; numbers as their text; anything else is null. */
export function boundedText(value: JsonObject | undefined, key: string): string | null {
  return bounded(value?.[key]);
}

/** A scalar as non-empty text of bounded length, else null. */
export function bounded(value: Json | undefined): string | null {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || value === '') return null;
  return value.length > longestField ? `${value.slice(0, longestField)}…` : value;
}

/** The first element of a list as text; a plain text counts as a list of one. */
export function firstText(value: Json | undefined): string | null {
  return bounded(Array.isArray(value) ? value[0] : value);
}

/**
 * The value at a key with dots and slashes, such as `authorization.k8s.io/decision`. Log shippers that cannot store
 * such keys write `_` for the dot (Elastic's dedot) or `_slash_` for the slash.
 */
export function dottedValue(object: JsonObject | undefined, key: string): Json | undefined {
  if (object === undefined) return undefined;
  const exact = object[key];
  if (exact !== undefined) return exact;
  return object[key.replaceAll('.', '_')] ?? object[key.replaceAll('.', '_').replaceAll('/', '_slash_')];
}

/** An object, also where it stands as JSON text (table cells, wrapped messages). Undefined for anything else. */
export function objectOf(value: Json | undefined): JsonObject | undefined {
  if (isObject(value)) return value;
  if (typeof value !== 'string') return undefined;
  const parsed = parseJson(value);
  return isObject(parsed) ? parsed : undefined;
}

/** The parsed text, or undefined where it is no JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
