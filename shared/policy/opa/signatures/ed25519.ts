import { bytesOf } from './der.ts';
import { sha512 } from './digests.ts';

/** Verification of Ed25519 signatures (RFC 8032, section 5.1.7). */
type Point = readonly [x: bigint, y: bigint, z: bigint, t: bigint];

const prime = 2n ** 255n - 19n;
const order = 2n ** 252n + 27742317777372353535851937790883648493n;

function modulo(value: bigint): bigint {
  const rest = value % prime;
  return rest < 0n ? rest + prime : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let factor = modulo(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = modulo(result * factor);
    factor = modulo(factor * factor);
  }
  return result;
}

const d = modulo(-121665n * power(121666n, prime - 2n));
const rootOfMinusOne = power(2n, (prime - 1n) / 4n);

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
  return value;
}

/** The point that 32 bytes encode: y, and the lowest bit of x as the highest bit. */
function decoded(bytes: Uint8Array): Point | undefined {
  if (bytes.length !== 32) return undefined;
  const encoded = littleEndian(bytes);
  const y = encoded & (2n ** 255n - 1n);
  const sign = encoded >> 255n;
  if (y >= prime) return undefined;
  const [u, v] = [modulo(y * y - 1n), modulo(d * y * y + 1n)];
  let x = modulo(u * power(v, 3n) * power(u * power(v, 7n), (prime - 5n) / 8n));
  if (modulo(v * x * x) !== u) x = modulo(x * rootOfMinusOne);
  if (modulo(v * x * x) !== u || (x === 0n && sign === 1n)) return undefined;
  if ((x & 1n) !== sign) x = prime - x;
  return [x, y, 1n, modulo(x * y)];
}

function add([x1, y1, z1, t1]: Point, [x2, y2, z2, t2]: Point): Point {
  const a = modulo((y1 - x1) * (y2 - x2));
  const b = modulo((y1 + x1) * (y2 + x2));
  const c = modulo(2n * t1 * t2 * d);
  const e = modulo(2n * z1 * z2);
  const [f, g, h, i] = [b - a, e - c, e + c, b + a];
  return [modulo(f * g), modulo(h * i), modulo(g * h), modulo(f * i)];
}

function multiply(point: Point, times: bigint): Point {
  let result: Point = [0n, 1n, 1n, 0n];
  let factor = point;
  for (let rest = times; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = add(result, factor);
    factor = add(factor, factor);
  }
  return result;
}

function same([x1, y1, z1]: Point, [x2, y2, z2]: Point): boolean {
  return modulo(x1 * z2 - x2 * z1) === 0n && modulo(y1 * z2 - y2 * z1) === 0n;
}

const base = decoded(bytesOf(modulo(4n * power(5n, prime - 2n)), 32).toReversed());

export function verifyEd25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const [point, r] = [decoded(key), decoded(signature.slice(0, 32))];
  const s = littleEndian(signature.slice(32));
  if (base === undefined || point === undefined || r === undefined) return false;
  if (signature.length !== 64 || s >= order) return false;
  const hash = littleEndian(sha512(Uint8Array.from([...signature.slice(0, 32), ...key, ...message]))) % order;
  return same(multiply(base, s), add(r, multiply(point, hash)));
}
