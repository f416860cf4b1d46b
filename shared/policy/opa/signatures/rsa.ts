import { bigIntOf, bytesOf } from './der.ts';
import type { Digest } from './digests.ts';

/** RSA signatures: PKCS #1 v1.5 and PSS (RFC 8017). Public operations only need no secrecy of timing. */
export interface RsaKey {
  readonly modulus: bigint;
  readonly exponent: bigint;
}

/** A digest with the name that a signature gives it: the DER prefix of its `DigestInfo`. */
export interface NamedDigest {
  readonly digest: Digest;
  readonly length: number;
  readonly prefix: readonly number[];
}

const largestModulus = 8192;

export function modularPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let power = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * power) % modulus;
    power = (power * power) % modulus;
  }
  return result;
}

/** The bytes that a signature was made of; undefined where it cannot be one of this key. */
function opened(key: RsaKey, signature: Uint8Array): Uint8Array | undefined {
  const bits = key.modulus.toString(2).length;
  const length = Math.ceil(bits / 8);
  const value = bigIntOf(signature);
  if (bits > largestModulus || signature.length !== length || value >= key.modulus) return undefined;
  return bytesOf(modularPower(value, key.exponent, key.modulus), length);
}

/** `00 01 FF … FF 00 DigestInfo` */
export function pkcs1Encoding(
  hash: NamedDigest,
  message: Uint8Array,
  length: number,
): Uint8Array | undefined {
  const info = [...hash.prefix, ...hash.digest(message)];
  const padding = length - info.length - 3;
  if (padding < 8) return undefined;
  return Uint8Array.from([0, 1, ...Array.from({ length: padding }, () => 0xff), 0, ...info]);
}

export function verifyPkcs1(
  key: RsaKey,
  hash: NamedDigest,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const found = opened(key, signature);
  const expected = found === undefined ? undefined : pkcs1Encoding(hash, message, found.length);
  return expected !== undefined && found !== undefined && sameBytes(found, expected);
}

export function verifyPss(
  key: RsaKey,
  hash: NamedDigest,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const bits = key.modulus.toString(2).length - 1;
  const found = opened(key, signature);
  const length = Math.ceil(bits / 8);
  if (found === undefined) return false;
  const encoded = found.slice(found.length - length);
  const maskLength = length - hash.length - 1;
  if (maskLength < 0 || encoded.at(-1) !== 0xbc) return false;
  const masked = encoded.slice(0, maskLength);
  const digest = encoded.slice(maskLength, maskLength + hash.length);
  const mask = maskOf(hash, digest, maskLength);
  const data = masked.map((byte, index) => byte ^ (mask[index] ?? 0));
  data[0] = (data[0] ?? 0) & (0xff >> (8 * length - bits));
  const one = data.findIndex((byte) => byte !== 0);
  if (one === -1 || data[one] !== 1) return false;
  const salt = data.slice(one + 1);
  const expected = hash.digest(Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, ...hash.digest(message), ...salt]));
  return sameBytes(digest, expected);
}

/** MGF1 */
function maskOf(hash: NamedDigest, seed: Uint8Array, length: number): Uint8Array {
  const mask: number[] = [];
  for (let counter = 0; mask.length < length; counter++) {
    mask.push(...hash.digest(Uint8Array.from([...seed, ...bytesOf(BigInt(counter), 4)])));
  }
  return Uint8Array.from(mask.slice(0, length));
}

export function sameBytes(first: Uint8Array, second: Uint8Array): boolean {
  return first.length === second.length && first.every((byte, index) => byte === second[index]);
}
