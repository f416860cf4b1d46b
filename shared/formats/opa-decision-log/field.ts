import { type Json, type JsonObject, isObject } from '../../domain/json.ts';
import { digitsOf } from '../../util/exact-json.ts';
import { bounded } from '../../util/record-fields.ts';

/** A scalar as text of bounded length, a number with all its digits; null for anything else. */
export function scalarText(value: Json | undefined): string | null {
  return bounded(digitsOf(value) ?? value);
}

/** The object at a path of members; undefined where there is none. */
export function objectIn(value: Json | undefined, ...path: readonly string[]): JsonObject | undefined {
  let found: Json | undefined = value;
  for (const key of path) {
    if (!isObject(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return isObject(found) && digitsOf(found) === undefined ? found : undefined;
}

/** The scalar at a path of members as text; null where there is none. */
export function textIn(value: Json | undefined, ...path: readonly [...string[], string]): string | null {
  const key = path[path.length - 1] ?? '';
  const object = objectIn(value, ...path.slice(0, -1));
  return object !== undefined && Object.hasOwn(object, key) ? scalarText(object[key]) : null;
}

/** The first of these members that is a scalar, as text. */
export function firstTextOf(object: JsonObject | undefined, keys: readonly string[]): string | null {
  for (const key of keys) {
    const text = textIn(object, key);
    if (text !== null) return text;
  }
  return null;
}
