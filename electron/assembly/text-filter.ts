// AssemblyScript, compiled to WebAssembly by `npm run assemble`: what electron/store/segments/text-filter.ts tells of
// its `textFilter`, from UTF-8.

const filterAt: usize = 0x8000;
/** While the text is gone through, each bit is a byte, which is written without being read. */
const marksAt: usize = 0x1_0000;
const marks: usize = 0x1_0000;
const textAt: usize = 0x2_0000;
const spread: u32 = 0x9e3779b1;
let units: u32 = 0;

export function filterAddress(): usize {
  return filterAt;
}

/** Makes room for a text of so many bytes, to be written to the address that is answered. */
export function prepare(bytes: u32): usize {
  const pages = (((textAt as u64) + bytes + 0x1_0000) >> 16) as i32;
  if (pages > memory.size() && memory.grow(pages - memory.size()) < 0) unreachable();
  return textAt;
}

/** Length of the last text in UTF-16, as JavaScript counts it. */
export function characters(): u32 {
  return units;
}

/** Makes the filter of the text at hand. */
export function mark(bytes: u32): void {
  memory.fill(marksAt, 0, marks);
  if (lowerCase(bytes)) markAscii(bytes);
  else markAny(bytes);
  for (let at: usize = 0; at < marks; at += 16) {
    store<u16>(filterAt + (at >> 3), i8x16.bitmask(v128.load(marksAt + at)) as u16);
  }
}

/** Turns the ASCII letters of the text to lower case; true where it holds nothing but ASCII. */
function lowerCase(bytes: u32): bool {
  const below = i8x16.splat(0x40);
  const above = i8x16.splat(0x5b);
  const bit = i8x16.splat(0x20);
  let all = i8x16.splat(0);
  // What lies behind the text is not of this one.
  memory.fill(textAt + bytes, 0, 16);
  for (let at = textAt; at < textAt + bytes; at += 16) {
    const text = v128.load(at);
    // Bytes beyond ASCII are negative, and no letters.
    const isUpper = v128.and(i8x16.gt_s(text, below), i8x16.lt_s(text, above));
    all = v128.or(all, text);
    v128.store(at, v128.or(text, v128.and(isUpper, bit)));
  }
  return i8x16.bitmask(all) == 0;
}

function markAscii(bytes: u32): void {
  units = bytes;
  if (bytes < 3) return;
  const end = textAt + bytes;
  let at = textAt;
  // Twelve triples of sixteen characters at a time, each in a number of its own, the first character on top.
  const none = i8x16.splat(0);
  for (; at + 16 <= end; at += 12) {
    const text = v128.load(at);
    markFour(v128.shuffle<u8>(text, none, 2, 1, 0, 16, 3, 2, 1, 16, 4, 3, 2, 16, 5, 4, 3, 16));
    markFour(v128.shuffle<u8>(text, none, 6, 5, 4, 16, 7, 6, 5, 16, 8, 7, 6, 16, 9, 8, 7, 16));
    markFour(v128.shuffle<u8>(text, none, 10, 9, 8, 16, 11, 10, 9, 16, 12, 11, 10, 16, 13, 12, 11, 16));
  }
  for (; at + 3 <= end; at++) {
    const window = ((load<u8>(at) as u32) << 16) | ((load<u8>(at, 1) as u32) << 8) | load<u8>(at, 2);
    store<u8>(marksAt + ((window * spread) >>> 16), 0xff);
  }
}

function markFour(windows: v128): void {
  const bits = i32x4.shr_u(i32x4.mul(windows, i32x4.splat(spread)), 16);
  store<u8>(marksAt + i32x4.extract_lane(bits, 0), 0xff);
  store<u8>(marksAt + i32x4.extract_lane(bits, 1), 0xff);
  store<u8>(marksAt + i32x4.extract_lane(bits, 2), 0xff);
  store<u8>(marksAt + i32x4.extract_lane(bits, 3), 0xff);
}

function markAny(bytes: u32): void {
  units = 0;
  let window: u32 = 0;
  let length: u32 = 0;
  for (let at: u32 = 0; at < bytes; at++) {
    let code = load<u8>(textAt + at) as u32;
    if (code < 0x80) units++;
    else {
      // A character of four bytes is two units; what follows a first byte is none.
      if ((code & 0xc0) != 0x80) units += code >= 0xf0 ? 2 : 1;
      // Two characters beyond ASCII have a lower case within: the Kelvin sign, and I with a dot above.
      const next = load<u8>(textAt + at, 1) as u32;
      if (code == 0xc4 && next == 0xb0) code = 0x69;
      else if (code == 0xe2 && next == 0x84 && load<u8>(textAt + at, 2) == 0xaa) {
        code = 0x6b;
        at += 2;
      } else {
        length = 0;
        continue;
      }
    }
    window = ((window << 8) | code) & 0xff_ffff;
    if (++length >= 3) store<u8>(marksAt + ((window * spread) >>> 16), 0xff);
  }
}
