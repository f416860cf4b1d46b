import type { Json, JsonObject } from '../../domain/json.ts';
import { bounded } from '../../util/record-fields.ts';

export { bounded, boundedText, objectOf, parseJson } from '../../util/record-fields.ts';

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
