import { isObject, type Json } from '../domain/json.ts';

/** What newer engines have of JSON, and the declarations of the language do not list yet. */
interface ExactJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context?: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
}

const exact = JSON as unknown as ExactJson;

/**
 * Parses JSON and keeps whole numbers that a JavaScript number cannot hold, and numbers too large for any: such a
 * number becomes a value that `JSON.stringify` writes out digit by digit. Throws where the text is no JSON.
 */
export function parseExactJson(text: string): Json {
  // Shorter numbers lose nothing, and the plain parser is several times faster. Digits within texts follow a quote.
  if (!/(?:^|[:,[\s])-?(?:\d{16}|\d[\d.]*[eE]\+?\d{3})/.test(text)) return JSON.parse(text) as Json;
  return exact.parse(text, (_key, value, context) =>
    typeof value === 'number' && context?.source !== undefined && isLost(value, context.source)
      ? exact.rawJSON(context.source)
      : value,
  ) as Json;
}

/** Whether a number's text is more than the JavaScript number that was made of it. */
function isLost(value: number, source: string): boolean {
  return !Number.isFinite(value) || (!Number.isSafeInteger(value) && /^-?\d+$/.test(source));
}

/** A number's digits, as `JSON.stringify` writes them out. They must be a JSON number. */
export function exactNumber(digits: string): unknown {
  return exact.rawJSON(digits);
}

/** The digits of such a number; undefined for any other value. */
export function digitsOf(value: unknown): string | undefined {
  return exact.isRawJSON(value) ? value.rawJSON : undefined;
}

/** The same value with the nearest JavaScript numbers, for those who know no others. */
export function withPlainNumbers<T extends Json>(value: T): T {
  return plain(value) as T;
}

function plain(value: Json): Json {
  if (exact.isRawJSON(value)) return Number(value.rawJSON);
  if (Array.isArray(value)) return value.map((item: Json) => plain(item));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item ?? null)]));
}

/**
 * The same value with the digits of such numbers as texts, for those who show them and know no others. `tell` gets the
 * path of each. Members that are undefined are left out.
 */
export function withDigitTexts<T>(value: T, tell: (path: readonly string[]) => void = () => undefined): T {
  const shown = (part: unknown, path: readonly string[]): unknown => {
    if (exact.isRawJSON(part)) {
      tell(path);
      return part.rawJSON;
    }
    if (Array.isArray(part)) return part.map((item, index) => shown(item, [...path, String(index)]));
    if (!isObject(part)) return part;
    return Object.fromEntries(
      Object.entries(part).flatMap(([key, item]) =>
        item === undefined ? [] : [[key, shown(item, [...path, key])] as const],
      ),
    );
  };
  return shown(value, []) as T;
}
