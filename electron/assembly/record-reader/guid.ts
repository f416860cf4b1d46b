// GUIDs as text (RFC 9562, section 4): 32 hex digits in groups of 8, 4, 4, 4 and 12.

const guidSize: u32 = 36;
const dash: u32 = 0x2d;

/** Stores a GUID's 128 bits at `target` as four words, the first digits first; false where the text is none. */
export function readGuid(at: usize, size: u32, target: usize): bool {
  if (size != guidSize) return false;
  if (load<u8>(at, 8) != dash || load<u8>(at, 13) != dash) return false;
  if (load<u8>(at, 18) != dash || load<u8>(at, 23) != dash) return false;
  const head = v128.load(at);
  const middle = v128.load(at, 16);
  const tail = v128.load(at, 20);
  // The digits before and after the first three of the fourth group, without dashes.
  const one = i8x16.shuffle(head, middle, 0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17);
  const other = i8x16.shuffle(middle, tail, 3, 16, 17, 18, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
  if (!i8x16.all_true(v128.and(areHex(one), areHex(other)))) return false;
  const bytes = i8x16.narrow_i16x8_u(pairs(one), pairs(other));
  v128.store(target, i8x16.shuffle(bytes, bytes, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
  return true;
}

function areHex(text: v128): v128 {
  const letters = v128.or(text, i8x16.splat(0x20));
  return v128.or(areDigits(text), i8x16.le_u(i8x16.sub(letters, i8x16.splat(0x61)), i8x16.splat(5)));
}

function areDigits(text: v128): v128 {
  return i8x16.le_u(i8x16.sub(text, i8x16.splat(0x30)), i8x16.splat(9));
}

/** Two hex digits each as a number of 16 bits. */
function pairs(text: v128): v128 {
  const letters = i8x16.sub(v128.or(text, i8x16.splat(0x20)), i8x16.splat(0x57));
  const digits = v128.bitselect(i8x16.sub(text, i8x16.splat(0x30)), letters, areDigits(text));
  // The first digit lies in the lower byte, and is the higher one.
  return v128.and(v128.or(i16x8.shl(digits, 4), i16x8.shr_u(digits, 8)), i16x8.splat(0xff));
}
