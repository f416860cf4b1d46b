import { isObject, type Json } from '../domain/json.ts';

/** The tokens of a JSON Pointer (RFC 6901); null where the text is none. */
export function pointerTokens(pointer: string): string[] | null {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) return null;
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value without what lies at a path; places of an array keep their numbers, so that a removed one is null. */
export function withoutPath(value: Json | undefined, tokens: readonly string[]): Json | undefined {
  const [token, ...rest] = tokens;
  if (token === undefined || value === undefined) return undefined;
  if (Array.isArray(value)) {
    const items: readonly Json[] = value;
    return /^(?:0|[1-9]\d*)$/.test(token)
      ? items.map((item, index) => (index === Number(token) ? (withoutPath(item, rest) ?? null) : item))
      : value;
  }
  if (!isObject(value) || !Object.hasOwn(value, token)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const kept = key === token ? withoutPath(item, rest) : item;
      return kept === undefined ? [] : [[key, kept] as const];
    }),
  );
}
