import type { Json } from '../../domain/json.ts';

/** What newer engines have of JSON, and the declarations of the language do not list yet. */
interface ExactJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context?: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
}

/**
 * Parses JSON and keeps whole numbers that a JavaScript number cannot hold: Cedar's `Long` has 64 bits. Such a
 * number becomes a value that `JSON.stringify`, which the Cedar engine uses, writes out digit by digit.
 * Throws where the text is no JSON.
 */
export function parseExactJson(text: string): Json {
  const exact = JSON as unknown as ExactJson;
  return exact.parse(text, (_key, value, context) =>
    typeof value === 'number' &&
    !Number.isSafeInteger(value) &&
    context?.source !== undefined &&
    /^-?\d+$/.test(context.source)
      ? exact.rawJSON(context.source)
      : value,
  ) as Json;
}
