import { isObject, type Json, type JsonObject } from '../domain/json.ts';

/** Reading fields of records that come from outside: what every format's extractor needs. */

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
