/** Finds where JSON values end in bytes, without parsing them. Structure only: `JSON.parse` has the last word. */

export const quote = 0x22;
export const backslash = 0x5c;
export const comma = 0x2c;
export const colon = 0x3a;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;
export const openBracket = 0x5b;
export const closeBracket = 0x5d;
export const lineFeed = 0x0a;

/** The value does not end within the bytes. */
export const unfinished = -1;

export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

export function skipBlanks(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && isBlank(bytes[at])) at++;
  return at;
}

/** Position after the string that opens at `from`, or `unfinished`. */
export function endOfString(bytes: Buffer, from: number): number {
  let at = from + 1;
  for (;;) {
    const end = bytes.indexOf(quote, at);
    if (end === -1) return unfinished;
    let escapes = 0;
    while (bytes[end - 1 - escapes] === backslash && end - 1 - escapes > from) escapes++;
    if (escapes % 2 === 0) return end + 1;
    at = end + 1;
  }
}

/** Position after the object or array that opens at `from`, or `unfinished`. */
export function endOfContainer(bytes: Buffer, from: number): number {
  let depth = 0;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) {
      const end = endOfString(bytes, at);
      if (end === unfinished) return unfinished;
      at = end - 1;
    } else if (byte === openBrace || byte === openBracket) {
      depth++;
    } else if (byte === closeBrace || byte === closeBracket) {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return unfinished;
}

/** Position after any value that starts at `from`; a bare word ends at the next structure or blank. */
export function endOfValue(bytes: Buffer, from: number): number {
  const byte = bytes[from];
  if (byte === quote) return endOfString(bytes, from);
  if (byte === openBrace || byte === openBracket) return endOfContainer(bytes, from);
  let at = from;
  while (at < bytes.length) {
    const next = bytes[at];
    if (next === comma || next === closeBrace || next === closeBracket || isBlank(next)) return at;
    at++;
  }
  return unfinished;
}

/** The first key of the object that opens at `from`, as it stands in the bytes with its quotes; null if none. */
export function firstKey(bytes: Buffer, from: number): Buffer | null {
  const start = skipBlanks(bytes, from + 1);
  if (bytes[start] !== quote) return null;
  const end = endOfString(bytes, start);
  return end === unfinished ? null : bytes.subarray(start, end);
}

export type MemberScan =
  /** A member whose key is wanted and whose value is an array; `at` is the position after its bracket. */
  | { readonly kind: 'array'; readonly at: number }
  /** The object ended before `at` without one. */
  | { readonly kind: 'end'; readonly at: number }
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'malformed' };

/**
 * Walks the members of an object from `from` (after its brace, or after a member) until one of the wanted keys holds
 * an array.
 */
export function scanMembers(bytes: Buffer, from: number, wanted: ReadonlySet<string>): MemberScan {
  let at = from;
  for (;;) {
    at = skipBlanks(bytes, at);
    if (bytes[at] === comma) at = skipBlanks(bytes, at + 1);
    if (at >= bytes.length) return { kind: 'unfinished' };
    if (bytes[at] === closeBrace) return { kind: 'end', at: at + 1 };
    if (bytes[at] !== quote) return { kind: 'malformed' };
    const keyEnd = endOfString(bytes, at);
    if (keyEnd === unfinished) return { kind: 'unfinished' };
    const key = bytes.toString('latin1', at + 1, keyEnd - 1);
    at = skipBlanks(bytes, keyEnd);
    if (at >= bytes.length) return { kind: 'unfinished' };
    if (bytes[at] !== colon) return { kind: 'malformed' };
    at = skipBlanks(bytes, at + 1);
    if (at >= bytes.length) return { kind: 'unfinished' };
    if (bytes[at] === openBracket && wanted.has(key)) return { kind: 'array', at: at + 1 };
    const end = endOfValue(bytes, at);
    if (end === unfinished) return { kind: 'unfinished' };
    if (end === at) return { kind: 'malformed' };
    at = end;
  }
}
