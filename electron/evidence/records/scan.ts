/** Finds where JSON values end in bytes, without parsing them. Structure only: `JSON.parse` has the last word. */

export const quote = 0x22;
const backslash = 0x5c;
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
function endOfValue(bytes: Buffer, from: number): number {
  const byte = bytes[from];
  if (byte === quote) return endOfString(bytes, from);
  if (byte === openBrace || byte === openBracket) return endOfContainer(bytes, from);
  for (let at = from; at < bytes.length; at++) {
    const next = bytes[at];
    if (isStructure(next) || isBlank(next)) return at;
  }
  return unfinished;
}

export function isStructure(byte: number | undefined): boolean {
  return (
    byte === comma ||
    byte === quote ||
    byte === openBrace ||
    byte === closeBrace ||
    byte === openBracket ||
    byte === closeBracket
  );
}

/** How the object at `from` begins, up to the end of its first key, blanks included; null where it has none. */
export function objectStart(bytes: Buffer, from: number): Buffer | null {
  const start = skipBlanks(bytes, from + 1);
  if (bytes[start] !== quote) return null;
  const end = endOfString(bytes, start);
  return end === unfinished || end - from > longestStart ? null : bytes.subarray(from, end);
}

const longestStart = 256;

/** Whether an array whose first byte this is may be a list of records (empty lists are): no list of texts or numbers. */
export function isListStart(byte: number | undefined): boolean {
  return byte === openBrace || byte === openBracket || byte === closeBracket;
}

export type MemberScan =
  /**
   * A member whose key is wanted and whose value is an array; `at` is the position after its bracket. `depth`: objects
   * that are open around it, the walked one among them.
   */
  | { readonly kind: 'array'; readonly at: number; readonly depth: number }
  /** The object ended before `at` without one. */
  | { readonly kind: 'end'; readonly at: number }
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'malformed' };

/** The list may lie in an object under a wanted key: `{"hits":{"hits":[…]}}`. */
const deepestList = 2;

/**
 * Walks the members of an object from `from` (after its brace, or after a member) until one of the wanted keys holds
 * a list of records, itself or in an object, or where `isLenient` any array (its first record may be damaged).
 */
export function scanMembers(
  bytes: Buffer,
  from: number,
  wanted: ReadonlySet<string>,
  isLenient = false,
  depth = 1,
): MemberScan {
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
    if (bytes[at] === openBracket && wanted.has(key)) {
      const first = skipBlanks(bytes, at + 1);
      if (first >= bytes.length) return { kind: 'unfinished' };
      if (isLenient || isListStart(bytes[first])) return { kind: 'array', at: at + 1, depth };
    } else if (bytes[at] === openBrace && depth < deepestList && wanted.has(key)) {
      const inner = scanMembers(bytes, at + 1, wanted, isLenient, depth + 1);
      if (inner.kind === 'array' || inner.kind === 'unfinished') return inner;
    }
    const end = endOfValue(bytes, at);
    if (end === unfinished) return { kind: 'unfinished' };
    if (end === at) return { kind: 'malformed' };
    at = end;
  }
}
