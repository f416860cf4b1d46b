import { type KeyObject, createHash, createPublicKey, sign } from 'node:crypto';
import { approvalPayloadType, type Statement } from '#shared/respond/approval.ts';
import type { Envelope } from '#shared/respond/plan.ts';
import { canonicalText } from '../canonical.ts';
import { isSignature } from '../verify/note.ts';

/** DSSE v1 pre-authentication encoding: type and body with their lengths, so that neither can pass for the other. */
export function preAuthentication(payloadType: string, payload: Uint8Array): Buffer {
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `),
    payload,
  ]);
}

/** Signs a statement. */
export function signStatement<P>(statement: Statement<P>, key: KeyObject): Envelope {
  const payload = Buffer.from(canonicalText(statement));
  return {
    payloadType: approvalPayloadType,
    payload: payload.toString('base64'),
    signatures: [signatureOf(payload, key)],
  };
}

/** Adds a signature to an envelope; one by the same key stays as it is. */
export function countersign(envelope: Envelope, key: KeyObject): Envelope {
  const added = signatureOf(Buffer.from(envelope.payload, 'base64'), key);
  if (envelope.signatures.some(({ keyid }) => keyid === added.keyid)) return envelope;
  return { ...envelope, signatures: [...envelope.signatures, added] };
}

function signatureOf(payload: Buffer, key: KeyObject): { keyid: string; sig: string } {
  const sig = sign(null, preAuthentication(approvalPayloadType, payload), key);
  return { keyid: keyIdOf(publicKeyOf(key)), sig: sig.toString('base64') };
}

/** Those public keys (base64) that have signed an envelope. */
export function signersOf(envelope: Envelope, publicKeys: Iterable<string>): string[] {
  const payload = Buffer.from(envelope.payload, 'base64');
  const message = preAuthentication(envelope.payloadType, payload);
  return [...new Set(publicKeys)].filter((publicKey) => {
    const keyid = keyIdOf(publicKey);
    return envelope.signatures.some(
      (signature) =>
        signature.keyid === keyid &&
        isSignature(Buffer.from(publicKey, 'base64'), message, Buffer.from(signature.sig, 'base64')),
    );
  });
}

/** The content of an envelope with our payload type, of whatever shape; null for another one. Says nothing about signatures. */
export function statementOf(envelope: Envelope): unknown {
  if (envelope.payloadType !== approvalPayloadType) return null;
  try {
    return JSON.parse(Buffer.from(envelope.payload, 'base64').toString('utf8'));
  } catch {
    return null;
  }
}

/** Raw public key of an Ed25519 key, base64. */
export function publicKeyOf(key: KeyObject): string {
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  return Buffer.from(x ?? '', 'base64url').toString('base64');
}

/** SHA-256 of the raw public key, hex, shortened as names of keys are. */
export function keyIdOf(publicKey: string): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex').slice(0, 16);
}
