/** MD5 (RFC 1321), SHA-1, SHA-256 and SHA-512 (FIPS 180-4), HMAC (RFC 2104), written out because `shared` has no crypto. */

export type Digest = (bytes: Uint8Array) => Uint8Array;

function padded(bytes: Uint8Array, block: 64 | 128, littleEndian: boolean): DataView {
  const lengthSize = block / 8;
  const total = Math.ceil((bytes.length + 1 + lengthSize) / block) * block;
  const view = new DataView(new ArrayBuffer(total));
  new Uint8Array(view.buffer).set(bytes);
  view.setUint8(bytes.length, 0x80);
  const bits = BigInt(bytes.length) * 8n;
  view.setBigUint64(total - 8, bits, littleEndian);
  return view;
}

function rotateLeft(value: number, count: number): number {
  return (value << count) | (value >>> (32 - count));
}

const md5Shifts = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];
const md5Constants = Array.from(
  { length: 64 },
  (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32) | 0,
);

export const md5: Digest = (bytes) => {
  const view = padded(bytes, 64, true);
  const state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let start = 0; start < view.byteLength; start += 64) {
    let [a = 0, b = 0, c = 0, d = 0] = state;
    for (let index = 0; index < 64; index++) {
      const round = index >> 4;
      const mixes = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)];
      const words = [index, (5 * index + 1) % 16, (3 * index + 5) % 16, (7 * index) % 16];
      const word = view.getInt32(start + 4 * (words[round] ?? 0), true);
      const sum = (a + (mixes[round] ?? 0) + (md5Constants[index] ?? 0) + word) | 0;
      [a, d, c, b] = [d, c, b, (b + rotateLeft(sum, md5Shifts[round]?.[index % 4] ?? 0)) | 0];
    }
    for (const [index, value] of [a, b, c, d].entries()) state[index] = ((state[index] ?? 0) + value) | 0;
  }
  return wordBytes(state, true);
};

function wordBytes(words: readonly number[], littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(words.length * 4));
  for (const [index, word] of words.entries()) view.setInt32(index * 4, word, littleEndian);
  return new Uint8Array(view.buffer);
}

export const sha1: Digest = (bytes) => {
  const view = padded(bytes, 64, false);
  const state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0];
  const words = new Int32Array(80);
  for (let start = 0; start < view.byteLength; start += 64) {
    for (let index = 0; index < 80; index++) {
      words[index] =
        index < 16
          ? view.getInt32(start + index * 4)
          : rotateLeft(
              (words[index - 3] ?? 0) ^
                (words[index - 8] ?? 0) ^
                (words[index - 14] ?? 0) ^
                (words[index - 16] ?? 0),
              1,
            );
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
    for (let index = 0; index < 80; index++) {
      const round = Math.floor(index / 20);
      const mix = round === 0 ? (b & c) | (~b & d) : round === 2 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
      const constant = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][round] ?? 0;
      const next = (rotateLeft(a, 5) + mix + e + constant + (words[index] ?? 0)) | 0;
      [e, d, c, b, a] = [d, c, rotateLeft(b, 30), a, next];
    }
    for (const [index, value] of [a, b, c, d, e].entries()) state[index] = ((state[index] ?? 0) + value) | 0;
  }
  return wordBytes(state, false);
};

/** The first primes, whose roots give the constants of SHA-2. */
function primes(count: number): number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate++) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  }
  return found;
}

/** The first 64 bits of the fractional part of the root of a prime. */
function rootFraction(prime: number, degree: 2n | 3n): bigint {
  const target = BigInt(prime) << (64n * degree);
  let low = 0n;
  let high = 1n << 70n;
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** degree <= target) low = middle;
    else high = middle - 1n;
  }
  return low & ((1n << 64n) - 1n);
}

const cubeRoots = primes(80).map((prime) => rootFraction(prime, 3n));
const squareRoots = primes(8).map((prime) => rootFraction(prime, 2n));

interface Sha2 {
  readonly bits: 32 | 64;
  readonly rounds: number;
  readonly initial: readonly bigint[];
  readonly rotations: readonly (readonly [number, number, number])[];
}

const sha256Parts: Sha2 = {
  bits: 32,
  rounds: 64,
  initial: squareRoots.map((root) => root >> 32n),
  rotations: [
    [7, 18, 3],
    [17, 19, 10],
    [6, 11, 25],
    [2, 13, 22],
  ],
};
const sha512Parts: Sha2 = {
  bits: 64,
  rounds: 80,
  initial: squareRoots,
  rotations: [
    [1, 8, 7],
    [19, 61, 6],
    [14, 18, 41],
    [28, 34, 39],
  ],
};
/** SHA-384 starts from the roots of the ninth to the sixteenth prime. */
const sha384Parts: Sha2 = {
  ...sha512Parts,
  initial: primes(16)
    .slice(8)
    .map((prime) => rootFraction(prime, 2n)),
};

/** SHA-2 in big integers: slow beside a native one, and policies hash short texts. */
function sha2(bytes: Uint8Array, { bits, rounds, initial, rotations }: Sha2): Uint8Array {
  const width = BigInt(bits);
  const mask = (1n << width) - 1n;
  const rotate = (value: bigint, count: number): bigint =>
    (value >> BigInt(count)) | ((value << (width - BigInt(count))) & mask);
  const mix = (value: bigint, which: number, shiftLast: boolean): bigint => {
    const [first, second, third] = rotations[which] ?? [0, 0, 0];
    return (
      rotate(value, first) ^
      rotate(value, second) ^
      (shiftLast ? value >> BigInt(third) : rotate(value, third))
    );
  };
  const view = padded(bytes, bits === 32 ? 64 : 128, false);
  const size = bits / 8;
  const state = [...initial];
  const words: bigint[] = [];
  for (let start = 0; start < view.byteLength; start += size * 16) {
    for (let index = 0; index < rounds; index++) {
      if (index < 16) {
        const at = start + index * size;
        words[index] = bits === 32 ? BigInt(view.getUint32(at)) : view.getBigUint64(at);
      } else {
        const [two = 0n, fifteen = 0n] = [words[index - 2], words[index - 15]];
        words[index] =
          (mix(two, 1, true) + (words[index - 7] ?? 0n) + mix(fifteen, 0, true) + (words[index - 16] ?? 0n)) &
          mask;
      }
    }
    let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = state;
    for (let index = 0; index < rounds; index++) {
      const constant = (cubeRoots[index] ?? 0n) >> (64n - width);
      const first = h + mix(e, 2, false) + ((e & f) ^ (~e & mask & g)) + constant + (words[index] ?? 0n);
      const second = mix(a, 3, false) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) & mask, c, b, a, (first + second) & mask];
    }
    for (const [index, value] of [a, b, c, d, e, f, g, h].entries()) {
      state[index] = ((state[index] ?? 0n) + value) & mask;
    }
  }
  const result = new DataView(new ArrayBuffer(size * 8));
  for (const [index, value] of state.entries()) {
    if (bits === 32) result.setUint32(index * 4, Number(value));
    else result.setBigUint64(index * 8, value);
  }
  return new Uint8Array(result.buffer);
}

export const sha256: Digest = (bytes) => sha2(bytes, sha256Parts);
export const sha512: Digest = (bytes) => sha2(bytes, sha512Parts);
export const sha384: Digest = (bytes) => sha2(bytes, sha384Parts).slice(0, 48);

export function hmac(digest: Digest, block: 64 | 128, key: Uint8Array, message: Uint8Array): Uint8Array {
  const short = key.length > block ? digest(key) : key;
  const pad = (byte: number): Uint8Array =>
    Uint8Array.from({ length: block }, (_, index) => (short[index] ?? 0) ^ byte);
  const inner = digest(Uint8Array.from([...pad(0x36), ...message]));
  return digest(Uint8Array.from([...pad(0x5c), ...inner]));
}
