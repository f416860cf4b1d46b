// SipHash (Aumasson, Bernstein 2012): a hash of short texts that nobody can foresee who does not know its key.

/** The second half of the last `hash128`; the first one is what it returned. */
export let hashHigh: u64 = 0;

const init0: u64 = 0x736f6d6570736575;
const init1: u64 = 0x646f72616e646f6d;
const init2: u64 = 0x6c7967656e657261;
const init3: u64 = 0x7465646279746573;

/** SipHash-2-4 with a result of 128 bits. Seven bytes behind the text are read too, whatever they are. */
export function hash128(key0: u64, key1: u64, at: usize, length: u32): u64 {
  let v0 = init0 ^ key0;
  let v1 = init1 ^ key1 ^ 0xee;
  let v2 = init2 ^ key0;
  let v3 = init3 ^ key1;
  const last = at + ((length & ~7) as usize);
  for (let from = at; from < last; from += 8) {
    const word = load<u64>(from);
    v3 ^= word;
    v0 += v1;
    v2 += v3;
    v1 = rotl(v1, 13) ^ v0;
    v3 = rotl(v3, 16) ^ v2;
    v0 = rotl(v0, 32) + v3;
    v2 += v1;
    v3 = rotl(v3, 21) ^ v0;
    v1 = rotl(v1, 17) ^ v2;
    v2 = rotl(v2, 32);
    v0 += v1;
    v2 += v3;
    v1 = rotl(v1, 13) ^ v0;
    v3 = rotl(v3, 16) ^ v2;
    v0 = rotl(v0, 32) + v3;
    v2 += v1;
    v3 = rotl(v3, 21) ^ v0;
    v1 = rotl(v1, 17) ^ v2;
    v2 = rotl(v2, 32);
    v0 ^= word;
  }
  // The last word, with the length; then the two halves of the result.
  let word = (load<u64>(last) & (((1 as u64) << ((length & 7) << 3)) - 1)) | ((length as u64) << 56);
  let low: u64 = 0;
  for (let step = 0; step < 3; step++) {
    if (step == 0) v3 ^= word;
    else if (step == 1) v2 ^= 0xee;
    else v1 ^= 0xdd;
    for (let rounds = step == 0 ? 2 : 4; rounds > 0; rounds--) {
      v0 += v1;
      v2 += v3;
      v1 = rotl(v1, 13) ^ v0;
      v3 = rotl(v3, 16) ^ v2;
      v0 = rotl(v0, 32) + v3;
      v2 += v1;
      v3 = rotl(v3, 21) ^ v0;
      v1 = rotl(v1, 17) ^ v2;
      v2 = rotl(v2, 32);
    }
    if (step == 0) v0 ^= word;
    else if (step == 1) low = v0 ^ v1 ^ v2 ^ v3;
  }
  hashHigh = v0 ^ v1 ^ v2 ^ v3;
  return low;
}

/** SipHash-1-3 of two words, without their length, which is always the same. */
export function hashOfWords(key0: u64, key1: u64, first: u64, second: u64): u64 {
  let v0 = init0 ^ key0;
  let v1 = init1 ^ key1;
  let v2 = init2 ^ key0;
  let v3 = init3 ^ key1;
  let word = first;
  for (let step = 0; step < 5; step++) {
    v3 ^= word;
    v0 += v1;
    v2 += v3;
    v1 = rotl(v1, 13) ^ v0;
    v3 = rotl(v3, 16) ^ v2;
    v0 = rotl(v0, 32) + v3;
    v2 += v1;
    v3 = rotl(v3, 21) ^ v0;
    v1 = rotl(v1, 17) ^ v2;
    v2 = rotl(v2, 32);
    v0 ^= word;
    word = 0;
    if (step == 0) word = second;
    else if (step == 1) v2 ^= 0xff;
  }
  return v0 ^ v1 ^ v2 ^ v3;
}
