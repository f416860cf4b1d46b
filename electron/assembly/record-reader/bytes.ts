let seed: u64 = 0;

/** Whoever writes a log chooses its values: places in tables are spread by a number that nobody can know. */
export function setSeed(value: u64): void {
  seed = value;
}

/** Up to eight bytes, the others zero. */
export function word(at: usize, length: u32): u64 {
  return length >= 8 ? load<u64>(at) : load<u64>(at) & (((1 as u64) << (length << 3)) - 1);
}

export function hashOf(start: usize, length: u32): u32 {
  let one = seed ^ (length as u64);
  let other = ~seed;
  let at = start;
  let left = length;
  for (; left >= 16; left -= 16, at += 16) {
    one = rotl<u64>((one ^ load<u64>(at)) * 0x9e37_79b9_7f4a_7c15, 29);
    other = rotl<u64>((other ^ load<u64>(at, 8)) * 0xc2b2_ae3d_27d4_eb4f, 31);
  }
  if (left >= 8) {
    one = rotl<u64>((one ^ load<u64>(at)) * 0x9e37_79b9_7f4a_7c15, 29);
    left -= 8;
    at += 8;
  }
  other = (other ^ word(at, left)) * 0xc2b2_ae3d_27d4_eb4f;
  const mixed = (one ^ rotl<u64>(other, 32)) * 0x9e37_79b9_7f4a_7c15;
  return (mixed >> 32) as u32;
}

export function isSame(first: usize, second: usize, length: u32): bool {
  let left = length;
  let one = first;
  let other = second;
  for (; left >= 16; left -= 16, one += 16, other += 16) {
    if (!i8x16.all_true(i8x16.eq(v128.load(one), v128.load(other)))) return false;
  }
  for (; left >= 8; left -= 8, one += 8, other += 8) if (load<u64>(one) != load<u64>(other)) return false;
  return word(one, left) == word(other, left);
}

/** Spreads a pair of numbers. */
export function hashPair(first: u32, second: u32): u32 {
  const mixed = (((first as u64) << 32) ^ (second as u64) ^ seed) * 0x9e37_79b9_7f4a_7c15;
  return ((mixed ^ (mixed >> 29)) >> 32) as u32;
}
