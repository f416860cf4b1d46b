// A strict recogniser of JSON (RFC 8259), 16 bytes a step within strings. The input is followed by zero bytes: no JSON
// value holds one outside of its strings, and no string may hold one, so every walk ends there by itself and no step
// has to look for the end.
import { nameSize } from './layout';

export const deepest: i32 = 32;

export const quote: u32 = 0x22;
export const backslash: u32 = 0x5c;
export const comma: u32 = 0x2c;
export const colon: u32 = 0x3a;
export const openBrace: u32 = 0x7b;
export const closeBrace: u32 = 0x7d;
export const openBracket: u32 = 0x5b;
export const closeBracket: u32 = 0x5d;

/** Beyond this no string is followed. */
let limit: usize = 0;
/** Whether a backslash was met since `startValue`. */
let hasEscape: bool = false;

export function setLimit(at: usize): void {
  limit = at;
}

export function forgetEscapes(): void {
  hasEscape = false;
}

export function sawEscape(): bool {
  return hasEscape;
}

/** Position of the quote that ends a key of plain ASCII; 0 where the key is anything else. */
export function endOfKey(key: usize): usize {
  for (let at = key; at < key + nameSize; at += 16) {
    const bytes = v128.load(at);
    // As signed numbers all that is not ASCII lies below the space too.
    const unusual = v128.or(
      v128.or(i8x16.lt_s(bytes, i8x16.splat(0x20)), i8x16.eq(bytes, i8x16.splat(0x7f))),
      i8x16.eq(bytes, i8x16.splat(0x5c)),
    );
    const ends = i8x16.bitmask(v128.or(unusual, i8x16.eq(bytes, i8x16.splat(0x22))));
    if (ends == 0) continue;
    const end = at + (ctz<i32>(ends) as usize);
    return load<u8>(end) == quote ? end : 0;
  }
  return 0;
}

export function skipBlanks(from: usize): usize {
  let at = from;
  while (true) {
    const byte: u32 = load<u8>(at);
    if (byte > 0x20 || (byte != 0x20 && byte != 0x0a && byte != 0x0d && byte != 0x09)) return at;
    at++;
  }
}

/** Position after the value at `from`; 0 where it is none. */
export function skipValue(from: usize): usize {
  let at = from;
  let depth = 1;
  /** A bit for each container that is open, the innermost lowest: 1 for an object. */
  let objects: u64 = 0;
  while (true) {
    const byte: u32 = load<u8>(at);
    let isOpen = false;
    if (byte == quote) {
      at = skipString(at);
    } else if (byte == openBrace || byte == openBracket) {
      if (++depth > deepest) return 0;
      const isObject = byte == openBrace;
      objects = (objects << 1) | (isObject ? 1 : 0);
      at = skipBlanks(at + 1);
      if (load<u8>(at) == (isObject ? closeBrace : closeBracket)) {
        at++;
        depth--;
        objects >>= 1;
      } else {
        isOpen = true;
        if (isObject) at = skipKey(at);
      }
    } else {
      at = skipScalar(at);
    }
    if (at == 0) return 0;
    if (isOpen) continue;
    // A value has ended, and with it perhaps what it is in.
    while (true) {
      if (depth == 1) return at;
      at = skipBlanks(at);
      if (at > limit) return 0;
      const next: u32 = load<u8>(at);
      const inObject = (objects & 1) != 0;
      if (next == comma) {
        at = skipBlanks(at + 1);
        if (inObject) {
          at = skipKey(at);
          if (at == 0) return 0;
        }
        break;
      }
      if (next != (inObject ? closeBrace : closeBracket)) return 0;
      at++;
      depth--;
      objects >>= 1;
    }
  }
}

/** Position of the value behind the key and colon at `from`; 0 where there are none. */
function skipKey(from: usize): usize {
  if (load<u8>(from) != quote) return 0;
  const end = skipString(from);
  if (end == 0) return 0;
  const at = skipBlanks(end);
  return load<u8>(at) == colon ? skipBlanks(at + 1) : 0;
}

/** Position after the string whose quote is at `from`; 0 where it does not end, or holds what JSON does not allow. */
export function skipString(from: usize): usize {
  let at = from + 1;
  while (true) {
    const bytes = v128.load(at);
    const special = v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x5c))),
      i8x16.le_u(bytes, i8x16.splat(0x1f)),
    );
    const marks = i8x16.bitmask(special);
    if (marks == 0) {
      at += 16;
      if (at > limit) return 0;
      continue;
    }
    at += ctz<i32>(marks) as usize;
    const byte: u32 = load<u8>(at);
    if (byte == quote) return at + 1;
    if (byte != backslash) return 0;
    hasEscape = true;
    const length = escapeLength(at + 1);
    if (length == 0) return 0;
    at += 1 + length;
  }
}

/** Bytes of an escape behind its backslash; 0 where it is none. */
function escapeLength(at: usize): usize {
  switch (load<u8>(at)) {
    case 0x22: // quote
    case 0x5c: // backslash
    case 0x2f: // solidus
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return 1;
    case 0x75: // u and four hex digits
      return isHex(load<u8>(at, 1)) &&
        isHex(load<u8>(at, 2)) &&
        isHex(load<u8>(at, 3)) &&
        isHex(load<u8>(at, 4))
        ? 5
        : 0;
    default:
      return 0;
  }
}

function isHex(byte: u32): bool {
  const letter = byte | 0x20;
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x66);
}

export function isDigit(byte: u32): bool {
  return byte - 0x30 <= 9;
}

/** Position after the number or word at `at`; 0 where it is neither. */
function skipScalar(at: usize): usize {
  const byte: u32 = load<u8>(at);
  return byte == 0x2d || isDigit(byte) ? skipNumber(at) : skipWord(at);
}

/** Position after the word at `at`; 0 where it is none. */
export function skipWord(at: usize): usize {
  switch (load<u8>(at)) {
    case 0x74: // true
      return load<u32>(at) == 0x65_75_72_74 ? at + 4 : 0;
    case 0x6e: // null
      return load<u32>(at) == 0x6c_6c_75_6e ? at + 4 : 0;
    case 0x66: // false
      return load<u32>(at, 1) == 0x65_73_6c_61 ? at + 5 : 0;
    default:
      return 0;
  }
}

/** Position after the number at `from` (`-? int frac? exp?`); 0 where it is none. */
export function skipNumber(from: usize): usize {
  let at = load<u8>(from) == 0x2d ? from + 1 : from;
  const whole = skipDigits(at);
  if (whole == at || (load<u8>(at) == 0x30 && whole > at + 1)) return 0;
  at = whole;
  if (load<u8>(at) == 0x2e) {
    const fraction = skipDigits(at + 1);
    if (fraction == at + 1) return 0;
    at = fraction;
  }
  if ((load<u8>(at) | 0x20) == 0x65) {
    const sign = load<u8>(at, 1);
    const first = sign == 0x2d || sign == 0x2b ? at + 2 : at + 1;
    const exponent = skipDigits(first);
    if (exponent == first) return 0;
    at = exponent;
  }
  return at;
}

function skipDigits(from: usize): usize {
  let at = from;
  while (isDigit(load<u8>(at))) at++;
  return at;
}
