let seed: u64 = 0;

const first: u64 = 0x9e37_79b9_7f4a_7c15;
const second: u64 = 0xc2b2_ae3d_27d4_eb4f;
const third: u64 = 0x1656_67b1_9e37_79f9;

/** Whoever writes a log chooses its values: places in tables are spread by a number that nobody can know. */
export function setSeed(value: u64): void {
  seed = value;
}

/** Up to eight bytes, the others zero. */
export function word(at: usize, length: u32): u64 {
  return length >= 8 ? load<u64>(at) : load<u64>(at) & (((1 as u64) << (length << 3)) - 1);
}

/** A keyed hash; what does not fill a step is covered by one that reaches back. */
export function hashOf(start: usize, length: u32): u32 {
  let one = seed ^ (length as u64);
  let other = ~seed;
  if (length > 16) {
    let at = start;
    const last = start + (length as usize) - 16;
    // What is multiplied apart from the two sums does not have to wait for them.
    for (; at + 16 < last; at += 32) {
      one = rotl<u64>((one ^ load<u64>(at) ^ rotl<u64>(load<u64>(at, 16) * third, 32)) * first, 29);
      other = rotl<u64>((other ^ load<u64>(at, 8) ^ rotl<u64>(load<u64>(at, 24) * third, 32)) * second, 31);
    }
    if (at < last) {
      one = rotl<u64>((one ^ load<u64>(at)) * first, 29);
      other = rotl<u64>((other ^ load<u64>(at, 8)) * second, 31);
    }
    one = (one ^ load<u64>(last)) * first;
    other = (other ^ load<u64>(last, 8)) * second;
  } else if (length >= 8) {
    one = (one ^ load<u64>(start)) * first;
    other = (other ^ load<u64>(start + (length as usize) - 8)) * second;
  } else {
    one = (one ^ word(start, length)) * first;
  }
  const mixed = one ^ rotl<u64>(other, 32);
  return (((mixed ^ (mixed >> 32)) * third) >> 32) as u32;
}

export function isSame(one: usize, other: usize, length: u32): bool {
  if (length < 8) return word(one, length) == word(other, length);
  if (length < 16) {
    const last = (length as usize) - 8;
    return load<u64>(one) == load<u64>(other) && load<u64>(one + last) == load<u64>(other + last);
  }
  const last = (length as usize) - 16;
  for (let at: usize = 0; at < last; at += 16) {
    if (!i8x16.all_true(i8x16.eq(v128.load(one + at), v128.load(other + at)))) return false;
  }
  return i8x16.all_true(i8x16.eq(v128.load(one + last), v128.load(other + last)));
}

/** Spreads a pair of numbers. */
export function hashPair(one: u32, other: u32): u32 {
  const mixed = (((one as u64) << 32) ^ (other as u64) ^ seed) * first;
  return ((mixed ^ (mixed >> 29)) >> 32) as u32;
}
