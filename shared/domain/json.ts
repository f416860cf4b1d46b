/** A parsed JSON value. Records come from outside: every access is checked. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object at `key`, or undefined where it is missing or something else. */
export function objectAt(value: JsonObject | undefined, key: string): JsonObject | undefined {
  const found = value?.[key];
  return isObject(found) ? found : undefined;
}

/** The array at `key`, or an empty one. */
export function arrayAt(value: JsonObject | undefined, key: string): readonly Json[] {
  const found = value?.[key];
  return Array.isArray(found) ? found : [];
}

/** The non-empty string at `key`; a number is given as its text; anything else is null. */
export function textAt(value: JsonObject | undefined, key: string): string | null {
  const found = value?.[key];
  if (typeof found === 'string') return found === '' ? null : found;
  return typeof found === 'number' ? String(found) : null;
}
