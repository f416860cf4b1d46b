import { hmac, sha256, sha384, sha512 } from './digests.ts';
import { verifyEcdsa } from './ecdsa.ts';
import { verifyEd25519 } from './ed25519.ts';
import type { PublicKey } from './keys.ts';
import { type NamedDigest, sameBytes, verifyPkcs1, verifyPss } from './rsa.ts';

/** Signature algorithms of JSON Web Signatures (RFC 7518, section 3.1). */

const info = (last: number, length: number): number[] => [
  0x30,
  17 + length,
  0x30,
  0x0d,
  0x06,
  0x09,
  0x60,
  0x86,
  0x48,
  0x01,
  0x65,
  0x03,
  0x04,
  0x02,
  last,
  0x05,
  0x00,
  0x04,
  length,
];

export const digests: Readonly<Record<string, NamedDigest & { readonly block: 64 | 128 }>> = {
  '256': { digest: sha256, length: 32, prefix: info(1, 32), block: 64 },
  '384': { digest: sha384, length: 48, prefix: info(2, 48), block: 128 },
  '512': { digest: sha512, length: 64, prefix: info(3, 64), block: 128 },
};
const curveOf: Readonly<Record<string, number>> = { '256': 32, '384': 48, '512': 66 };

export function isSymmetric(algorithm: string): boolean {
  return algorithm.startsWith('HS');
}

/** Whether an algorithm of that name is known here. */
export function isKnownAlgorithm(algorithm: string): boolean {
  return algorithm === 'EdDSA' || /^(?:HS|RS|PS|ES)(?:256|384|512)$/.test(algorithm);
}

export function verifySymmetric(
  algorithm: string,
  secret: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const hash = digests[algorithm.slice(2)];
  return hash !== undefined && sameBytes(hmac(hash.digest, hash.block, secret, message), signature);
}

export function verifyPublic(
  algorithm: string,
  key: PublicKey,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (algorithm === 'EdDSA' || key.kind === 'ed25519') {
    return algorithm === 'EdDSA' && key.kind === 'ed25519' && verifyEd25519(key.key, message, signature);
  }
  const hash = digests[algorithm.slice(2)];
  if (hash === undefined) return false;
  const family = algorithm.slice(0, 2);
  if (key.kind === 'rsa') {
    if (family === 'RS') return verifyPkcs1(key.key, hash, message, signature);
    return family === 'PS' && verifyPss(key.key, hash, message, signature);
  }
  if (family !== 'ES' || key.key.curve.bytes !== curveOf[algorithm.slice(2)]) return false;
  return verifyEcdsa(key.key, hash.digest(message), signature);
}
