import { bigIntOf } from './der.ts';

/** Verification of ECDSA on the curves of NIST (FIPS 186-5, SP 800-186). */
export interface Curve {
  readonly bytes: number;
  readonly prime: bigint;
  readonly b: bigint;
  readonly order: bigint;
  readonly generator: Point;
}
type Point = readonly [x: bigint, y: bigint] | null;
export interface EcKey {
  readonly curve: Curve;
  readonly x: bigint;
  readonly y: bigint;
}

const hex = (text: string): bigint => BigInt(`0x${text.replaceAll(' ', '')}`);

export const curves: Readonly<Record<'P-256' | 'P-384' | 'P-521', Curve>> = {
  'P-256': {
    bytes: 32,
    prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: hex('5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b'),
    order: hex('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'),
    generator: [
      hex('6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296'),
      hex('4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5'),
    ],
  },
  'P-384': {
    bytes: 48,
    prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: hex(
      'b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef',
    ),
    order: hex(
      'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
    ),
    generator: [
      hex('aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7'),
      hex('3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f'),
    ],
  },
  'P-521': {
    bytes: 66,
    prime: 2n ** 521n - 1n,
    b: hex(
      '0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00',
    ),
    order: hex(`1${'f'.repeat(65)}a51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409`),
    generator: [
      hex(
        '00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66',
      ),
      hex(
        '011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650',
      ),
    ],
  },
};

function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [modulo(value, modulus), modulus, 1n, 0n];
  while (a > 1n) {
    const quotient = a / b;
    [a, b, x, y] = [b, a % b, y, x - quotient * y];
  }
  return modulo(x, modulus);
}

function add(first: Point, second: Point, { prime }: Curve): Point {
  if (first === null) return second;
  if (second === null) return first;
  const [x1, y1] = first;
  const [x2, y2] = second;
  if (x1 === x2 && modulo(y1 + y2, prime) === 0n) return null;
  const slope =
    x1 === x2 ? (3n * x1 * x1 - 3n) * inverse(2n * y1, prime) : (y2 - y1) * inverse(x2 - x1, prime);
  const x = modulo(slope * slope - x1 - x2, prime);
  return [x, modulo(slope * (x1 - x) - y1, prime)];
}

function multiply(point: Point, times: bigint, curve: Curve): Point {
  let result: Point = null;
  let power = point;
  for (let rest = times; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = add(result, power, curve);
    power = add(power, power, curve);
  }
  return result;
}

export function isOnCurve({ curve, x, y }: EcKey): boolean {
  return (
    x < curve.prime && y < curve.prime && modulo(y * y - (x * x * x - 3n * x + curve.b), curve.prime) === 0n
  );
}

/** `signature` is r and s one after the other, as JSON Web Signatures have it (RFC 7518, section 3.4). */
export function verifyEcdsa(key: EcKey, digest: Uint8Array, signature: Uint8Array): boolean {
  const { curve } = key;
  if (signature.length !== 2 * curve.bytes || !isOnCurve(key)) return false;
  const [r, s] = [bigIntOf(signature.slice(0, curve.bytes)), bigIntOf(signature.slice(curve.bytes))];
  if (r < 1n || s < 1n || r >= curve.order || s >= curve.order) return false;
  const excess = BigInt(Math.max(0, digest.length * 8 - curve.order.toString(2).length));
  const hash = bigIntOf(digest) >> excess;
  const factor = inverse(s, curve.order);
  const point = add(
    multiply(curve.generator, modulo(hash * factor, curve.order), curve),
    multiply([key.x, key.y], modulo(r * factor, curve.order), curve),
    curve,
  );
  return point !== null && modulo(point[0], curve.order) === r;
}
