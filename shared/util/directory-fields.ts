import type { Alias, AliasKind } from '../domain/directory.ts';
import { type Json, type JsonObject, isObject } from '../domain/json.ts';
import { formatInstant, parseInstant } from './instant.ts';
import { bounded } from './record-fields.ts';

/** Reading fields of directory exports. */

/** A time as RFC 3339 in UTC; null for anything else, also for the year 1 or 1601 that stand for “never”. */
export function timeOf(value: Json | undefined): string | null {
  if (typeof value !== 'string') return null;
  const instant = parseInstant(value.trim());
  if (instant === null || instant.micros <= 0) return null;
  return formatInstant(instant);
}

/** `true`, `TRUE`, `Yes`, `1`; null for what is none of these nor their opposites. */
export function booleanOf(value: Json | undefined): boolean | null {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (['true', 'yes', '1', 'enrolled', 'enforced', 'on'].includes(text)) return true;
  return ['false', 'no', '0', 'not enrolled', 'not enforced', 'off'].includes(text) ? false : null;
}

export function alias(kind: AliasKind, value: Json | undefined, verified = true): Alias[] {
  const text = bounded(value)?.trim() ?? '';
  return text === '' ? [] : [{ kind, value: text, verified }];
}

/** An alias as a mail where it looks like one, else as a login. */
export function loginAlias(value: Json | undefined, verified = true): Alias[] {
  return alias('login', value, verified);
}

/** All texts of a list; a single text is a list of one. */
export function textsOf(value: Json | undefined): string[] {
  const list = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return list.flatMap((item) => bounded(item) ?? []);
}

/** All objects of a list. */
export function objectsOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value)
    ? (value as readonly Json[]).filter((item): item is JsonObject => isObject(item))
    : [];
}

/** Whether a text is `local@domain`, the local part a dot-atom (RFC 5322 §3.2.3). */
export function isMail(text: string): boolean {
  return /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z\d-]+(?:\.[a-z\d-]+)+$/i.test(text);
}

/** The latest of some RFC 3339 times. */
export function latest(times: Iterable<string | null>): string | null {
  let found: { readonly text: string; readonly micros: number } | null = null;
  for (const text of times) {
    const instant = text === null ? null : parseInstant(text);
    if (text !== null && instant !== null && (found === null || instant.micros > found.micros)) {
      found = { text, micros: instant.micros };
    }
  }
  return found?.text ?? null;
}
