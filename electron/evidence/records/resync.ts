import * as scan from './scan.ts';

/**
 * The next place in (`at`, `end`) where a record begins as `start` does, the way records of this list begin. A value
 * of a member (it follows a colon) is none. Null where there is no such place.
 */
export function nextLike(bytes: Buffer, start: Buffer, at: number, end: number): number | null {
  const within = bytes.subarray(0, end);
  let found = within.indexOf(start, at + 1);
  while (found !== -1) {
    if (bytes[trimBlanks(bytes, at, found) - 1] !== scan.colon) return found;
    found = within.indexOf(start, found + 1);
  }
  return null;
}

/** The next place in (`at`, `end`) where an object follows another one in a list: after `},`. */
export function nextInList(bytes: Buffer, at: number, end: number): number | null {
  const within = bytes.subarray(0, end);
  let comma = within.indexOf('},', at + 1);
  while (comma !== -1) {
    const next = scan.skipBlanks(within, comma + 2);
    if (within[next] === scan.openBrace) return next;
    comma = within.indexOf('},', comma + 2);
  }
  return null;
}

/** The next line in (`at`, `end`) that begins with an object. */
export function nextObjectLine(bytes: Buffer, at: number, end: number): number | null {
  const lineFeed = bytes.subarray(0, end).indexOf('\n{', at);
  return lineFeed === -1 ? null : lineFeed + 1;
}

/** Position after the last byte in [`from`, `to`) that is not blank. */
export function trimBlanks(bytes: Buffer, from: number, to: number): number {
  let end = to;
  while (end > from && scan.isBlank(bytes[end - 1])) end--;
  return end;
}

/** The same, also without the comma that parts records. */
export function trimSeparators(bytes: Buffer, from: number, to: number): number {
  const end = trimBlanks(bytes, from, to);
  return end > from + 1 && bytes[end - 1] === scan.comma ? trimBlanks(bytes, from, end - 1) : end;
}
