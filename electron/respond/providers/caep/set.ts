import { type KeyObject, createPrivateKey, sign } from 'node:crypto';
import type { JsonObject } from '#shared/domain/json.ts';
import { ProviderError } from '../../provider.ts';

const algorithms: Readonly<Record<string, string>> = { rsa: 'RS256', ec: 'ES256', ed25519: 'EdDSA' };

/** The key out of PEM, with its JWS algorithm (RFC 7518, RFC 8037). Throws without quoting the key. */
export function signingKey(pem: string): { readonly key: KeyObject; readonly algorithm: string } {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new ProviderError('rejected', 'The private key cannot be read: it has to be in PEM.');
  }
  const type = key.asymmetricKeyType ?? '';
  const isWrongCurve = type === 'ec' && key.asymmetricKeyDetails?.namedCurve !== 'prime256v1';
  const algorithm = algorithms[type];
  if (algorithm === undefined || isWrongCurve) {
    throw new ProviderError('rejected', 'The private key has to be RSA, EC on P-256, or Ed25519.');
  }
  return { key, algorithm };
}

/** A security event token (RFC 8417): explicitly typed (section 2.3), with neither `exp` nor `sub`. */
export function signToken(claims: JsonObject, pem: string, keyId: string): string {
  const { key, algorithm } = signingKey(pem);
  const header = { typ: 'secevent+jwt', alg: algorithm, ...(keyId === '' ? {} : { kid: keyId }) };
  const signed = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const bytes = Buffer.from(signed);
  // ECDSA in the form of JWS: both numbers, one after the other (RFC 7518, 3.4).
  const signature =
    algorithm === 'EdDSA'
      ? sign(null, bytes, key)
      : sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}
