import { createHash, createPublicKey, verify } from 'node:crypto';

/** Signed notes and Merkle roots for verifiers: a copy of the rules of their own, on purpose. */

export function sha256(...parts: (Uint8Array | string)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** RFC 6962, 2.1: the hash of a leaf. */
export function leafOf(line: string): Buffer {
  return sha256(Buffer.of(0), line);
}

export interface Note {
  readonly origin: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  readonly time: string;
  readonly signed: boolean;
}

const form = /^([^\n]+)\n(\d+)\n([A-Za-z0-9+/=]{44})\ntime ([^\n]+)\n$/;
const signatureForm = /^((?:[^\n]+\n)+)\n\u2014 (\S+) ([A-Za-z0-9+/=]+)\n\n$/;

/** A checkpoint (C2SP tlog-checkpoint in a signed note), checked against verifier keys; null where it is none. */
export function readNote(text: string, keys: readonly string[]): Note | null {
  const body = signatureForm.exec(text)?.[1] ?? '';
  const match = form.exec(body);
  if (match === null) return null;
  const [, origin = '', size = '', root = '', time = ''] = match;
  return { origin, size: Number(size), root, time, signed: readSigned(text, keys) !== null };
}

/** The text of a signed note, where one of the keys has signed it; else null. */
export function readSigned(text: string, keys: readonly string[]): string | null {
  const [, body = '', name = '', encoded = ''] = signatureForm.exec(text) ?? [];
  const signature = Buffer.from(encoded, 'base64');
  // Base64 has idle bits at its end; a signature that uses them is not as it was written.
  if (encoded === '' || signature.toString('base64') !== encoded) return null;
  return keys.some((key) => isSignedBy(key, name, body, signature)) ? body : null;
}

/** C2SP signed-note: `name+id+key`, the id the start of SHA-256(name LF key), the key beginning with 1 for Ed25519. */
function isSignedBy(verifierKey: string, name: string, body: string, signature: Buffer): boolean {
  const [keyName = '', id = '', ...rest] = verifierKey.split('+');
  const key = Buffer.from(rest.join('+'), 'base64');
  const expected = sha256(`${keyName}\n`, key).subarray(0, 4);
  if (keyName !== name || id !== expected.toString('hex') || key.length !== 33 || key[0] !== 1) return false;
  if (signature.length !== 68 || !signature.subarray(0, 4).equals(expected)) return false;
  return isSignature(key.subarray(1), Buffer.from(body), signature.subarray(4));
}

/** Ed25519 (RFC 8032) by a raw public key. */
export function isSignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') };
    return verify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), signature);
  } catch {
    return false;
  }
}

/** The root of a growing tree, base64. */
export class Root {
  #size = 0;
  readonly #subtrees: Buffer[] = [];

  append(leaf: Buffer): void {
    let hash = leaf;
    for (let odd = this.#size; odd % 2 === 1; odd = (odd - 1) / 2) {
      hash = sha256(Buffer.of(1), this.#subtrees.pop() ?? hash, hash);
    }
    this.#subtrees.push(hash);
    this.#size += 1;
  }

  value(): string {
    const root = this.#subtrees.reduceRight<Buffer | null>(
      (right, left) => (right === null ? left : sha256(Buffer.of(1), left, right)),
      null,
    );
    return (root ?? sha256()).toString('base64');
  }
}
