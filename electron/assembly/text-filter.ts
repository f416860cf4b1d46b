// AssemblyScript, compiled to WebAssembly by `npm run assemble`: what electron/store/segments/text-filter.ts tells of
// its `textFilter`, from UTF-8.

const filterAt: usize = 0x8000;
const filterBytes: usize = 0x2000;
const textAt: usize = 0x1_0000;
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
  memory.fill(filterAt, 0, filterBytes);
  units = 0;
  let window: u32 = 0;
  let length: u32 = 0;
  for (let at: u32 = 0; at < bytes; at++) {
    let code = load<u8>(textAt + at) as u32;
    if (code >= 0x80) {
      // A character of four bytes is two units; what follows a first byte is none.
      if ((code & 0xc0) != 0x80) units += code >= 0xf0 ? 2 : 1;
      // Two characters beyond ASCII have a lower case within: the Kelvin sign, and I with a dot above.
      const next = at + 1 < bytes ? (load<u8>(textAt + at, 1) as u32) : 0;
      if (code == 0xc4 && next == 0xb0) code = 0x69;
      else if (code == 0xe2 && next == 0x84 && at + 2 < bytes && load<u8>(textAt + at, 2) == 0xaa) {
        code = 0x6b;
        at += 2;
      } else {
        length = 0;
        continue;
      }
    } else {
      units++;
      if (code - 0x41 < 26) code |= 0x20;
    }
    window = ((window << 8) | code) & 0xff_ffff;
    if (++length < 3) continue;
    const bit = (window * spread) >>> 16;
    const byte = filterAt + (bit >> 3);
    store<u8>(byte, load<u8>(byte) | ((1 as u8) << ((bit & 7) as u8)));
  }
}
