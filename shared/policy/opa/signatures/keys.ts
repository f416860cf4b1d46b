import { isObject, type JsonObject, textAt } from '../../../domain/json.ts';
import { base64Bytes, base64UrlBytes } from '#shared/util/base64.ts';
import { bigIntOf, derNodes, derSequence, derTags } from './der.ts';
import { curves, type EcKey } from './ecdsa.ts';
import type { RsaKey } from './rsa.ts';

export type PublicKey = (
  | { readonly kind: 'rsa'; readonly key: RsaKey; readonly id: string | null }
  | { readonly kind: 'ec'; readonly key: EcKey; readonly id: string | null }
  | { readonly kind: 'ed25519'; readonly key: Uint8Array; readonly id: string | null }
) & {
  /** The only algorithm that a JSON Web Key is for, where it says so. */
  readonly algorithm?: string;
};

const oids = {
  rsa: '2a864886f70d010101',
  ec: '2a8648ce3d0201',
  'P-256': '2a8648ce3d030107',
  'P-384': '2b81040022',
  'P-521': '2b81040023',
  ed25519: '2b6570',
} as const;

/**
 * Public keys from PEM (certificates, public keys) or a JSON Web Key or key set. Undefined where the text is neither,
 * or a key is of a kind that is not known here.
 */
export function readPublicKeys(text: string): readonly PublicKey[] | undefined {
  if (text.trimStart().startsWith('{')) return readJsonKeys(text);
  const keys: PublicKey[] = [];
  const blocks = text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/g);
  for (const [, label, body = ''] of blocks) {
    const bytes = base64Bytes(body.replaceAll(/\s/g, ''));
    const key = bytes === undefined ? undefined : readDer(label ?? '', bytes);
    if (key === undefined) return undefined;
    keys.push(key);
  }
  return keys.length === 0 ? undefined : keys;
}

function readDer(label: string, bytes: Uint8Array): PublicKey | undefined {
  if (label === 'RSA PUBLIC KEY') return rsaOf(bytes);
  if (label === 'PUBLIC KEY') return readKeyInfo(bytes);
  if (label !== 'CERTIFICATE') return undefined;
  const [certificate] = derSequence(bytes) ?? [];
  const fields = certificate === undefined ? undefined : derNodes(certificate.content);
  // The version is tagged and may be missing; the key follows five fields after it.
  const start = fields?.[0]?.tag === 0xa0 ? 1 : 0;
  const info = fields?.[start + 5];
  return info === undefined ? undefined : readInfoNodes(info.content);
}

function readKeyInfo(bytes: Uint8Array): PublicKey | undefined {
  const [info] = derNodes(bytes) ?? [];
  return info === undefined ? undefined : readInfoNodes(info.content);
}

function hexOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** SubjectPublicKeyInfo: algorithm and key. */
function readInfoNodes(content: Uint8Array): PublicKey | undefined {
  const [algorithm, key] = derNodes(content) ?? [];
  if (algorithm === undefined || key?.tag !== derTags.bitString) return undefined;
  const [name, parameters] = derNodes(algorithm.content) ?? [];
  const bits = key.content.slice(1);
  if (hexOf(name?.content) === oids.rsa) return rsaOf(bits);
  if (hexOf(name?.content) === oids.ed25519) {
    return bits.length === 32 ? { kind: 'ed25519', key: bits, id: null } : undefined;
  }
  if (hexOf(name?.content) !== oids.ec || bits[0] !== 4) return undefined;
  const curveOid = hexOf(parameters?.content);
  for (const curveName of ['P-256', 'P-384', 'P-521'] as const) {
    const curve = curves[curveName];
    if (oids[curveName] !== curveOid || bits.length !== 1 + 2 * curve.bytes) continue;
    const x = bigIntOf(bits.slice(1, 1 + curve.bytes));
    return { kind: 'ec', key: { curve, x, y: bigIntOf(bits.slice(1 + curve.bytes)) }, id: null };
  }
  return undefined;
}

function rsaOf(bytes: Uint8Array): PublicKey | undefined {
  const [modulus, exponent] = derSequence(bytes) ?? [];
  if (modulus?.tag !== derTags.integer || exponent?.tag !== derTags.integer) return undefined;
  const key = { modulus: bigIntOf(modulus.content), exponent: bigIntOf(exponent.content) };
  return key.modulus === 0n ? undefined : { kind: 'rsa', key, id: null };
}

function readJsonKeys(text: string): PublicKey[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(json)) return undefined;
  const { keys } = json;
  const list: readonly unknown[] = Array.isArray(keys) ? keys : [json];
  const found: PublicKey[] = [];
  for (const entry of list) {
    const key = isObject(entry) ? readJsonKey(entry) : undefined;
    if (key === undefined) return undefined;
    const algorithm = textAt(entry as JsonObject, 'alg');
    found.push(algorithm === null ? key : { ...key, algorithm });
  }
  return found;
}

/** RFC 7518, section 6. */
function readJsonKey(json: JsonObject): PublicKey | undefined {
  const number = (name: string): bigint | undefined => {
    const bytes = base64UrlBytes(textAt(json, name) ?? '');
    return bytes === undefined || bytes.length === 0 ? undefined : bigIntOf(bytes);
  };
  const id = textAt(json, 'kid');
  if (json['kty'] === 'RSA') {
    const [modulus, exponent] = [number('n'), number('e')];
    return modulus === undefined || exponent === undefined
      ? undefined
      : { kind: 'rsa', key: { modulus, exponent }, id };
  }
  if (json['kty'] === 'OKP') {
    const key = base64UrlBytes(textAt(json, 'x') ?? '');
    const usable = json['crv'] === 'Ed25519' && key?.length === 32;
    return usable ? { kind: 'ed25519', key, id } : undefined;
  }
  const [x, y] = [number('x'), number('y')];
  const name = json['crv'];
  if (json['kty'] !== 'EC' || x === undefined || y === undefined) return undefined;
  if (name !== 'P-256' && name !== 'P-384' && name !== 'P-521') return undefined;
  return { kind: 'ec', key: { curve: curves[name], x, y }, id };
}
