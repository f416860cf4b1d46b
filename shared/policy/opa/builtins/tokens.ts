import type { BuiltinFunction, Run } from '../evaluate/context.ts';
import { BuiltinProblem, refuse } from '../evaluate/problems.ts';
import {
  digests,
  isKnownAlgorithm,
  isSymmetric,
  verifyPublic,
  verifySymmetric,
} from '../signatures/algorithms.ts';
import { base64UrlBytes, base64UrlText, hexText } from '#shared/util/base64.ts';
import { hmac } from '../signatures/digests.ts';
import { type PublicKey, readPublicKeys } from '../signatures/keys.ts';
import { JsonProblem, jsonText, parseJson } from '../value/json.ts';
import { compareNumbers, type RegoNumber, wholeNumber } from '../value/number.ts';
import { multiply } from '../value/arithmetic.ts';
import { textOfUtf8, utf8Bytes } from '../value/text.ts';
import { emptyObject, isArray, isNumber, RegoObject, type Value } from '../value/value.ts';
import { object, text } from './operands.ts';

/** JSON Web Tokens (RFC 7519) in compact form. */
interface Token {
  readonly header: RegoObject;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  readonly signed: Uint8Array;
}

function bytesOf(part: string): Uint8Array {
  const bytes = base64UrlBytes(part);
  if (bytes === undefined) throw new BuiltinProblem('JWT had invalid encoding');
  return bytes;
}

function json(bytes: Uint8Array): Value {
  try {
    return parseJson(textOfUtf8(bytes));
  } catch (problem) {
    if (problem instanceof JsonProblem) throw new BuiltinProblem(problem.message);
    throw problem;
  }
}

/** The parts of a token, of which only the signature is read. */
function readParts(
  token: string,
): Pick<Token, 'signature' | 'signed'> & { readonly parts: readonly string[] } {
  const parts = token.split('.');
  const [header = '', payload = '', signature = ''] = parts;
  if (parts.length !== 3) {
    throw new BuiltinProblem(`encoded JWT must have 3 sections, found ${parts.length}`);
  }
  return { parts, signature: bytesOf(signature), signed: utf8Bytes(`${header}.${payload}`) };
}

function readToken(token: string): Token {
  const { parts, signature, signed } = readParts(token);
  const [header = '', payload = ''] = parts;
  const fields = json(bytesOf(header));
  if (!(fields instanceof RegoObject)) throw new BuiltinProblem('JWT header is no object');
  if (fields.has('enc')) throw new BuiltinProblem('JWT is a JWE object, which is not supported');
  return { header: fields, payload: bytesOf(payload), signature, signed };
}

/** A field of the header that is text where it is there. */
function headerText(header: RegoObject, name: string): string | undefined {
  const value = header.get(name);
  if (value !== undefined && typeof value !== 'string') throw new BuiltinProblem(`${name}: must be a string`);
  return value;
}

const knownFields = new Set(['alg', 'kid', 'typ', 'cty', 'crit']);

/** False where the token asks for what OPA does not know, or names no algorithm (RFC 7515, section 4.1). */
function isValidHeader(header: RegoObject): boolean {
  for (const name of ['kid', 'typ', 'cty']) headerText(header, name);
  const critical = header.get('crit');
  if (critical !== undefined && (!isArray(critical) || critical.length === 0))
    throw new BuiltinProblem('crit: must be a nonempty list');
  const asked = isArray(critical) ? critical : [];
  const unknown = header.entries.filter(([name]) => typeof name === 'string' && !knownFields.has(name));
  return (headerText(header, 'alg') ?? '') !== '' && !unknown.some(([name]) => asked.includes(name));
}

function claimsOf(token: Token): RegoObject {
  if (headerText(token.header, 'cty')?.toUpperCase() === 'JWT') throw refuse('a token within a token');
  const payload = json(token.payload);
  if (!(payload instanceof RegoObject)) throw new BuiltinProblem('JWT payload is no object');
  return payload;
}

function publicKeys(written: string): readonly PublicKey[] {
  const keys = readPublicKeys(written);
  if (keys === undefined) throw refuse('a key that is no RSA or NIST curve key in PEM or as JSON Web Key');
  return keys.filter((key) => key.algorithm === undefined || isKnownAlgorithm(key.algorithm));
}

/** The key that the token names, or any that is not for another algorithm than the token's. */
function isSigned(token: Token, algorithm: string, keys: readonly PublicKey[]): boolean {
  const id = headerText(token.header, 'kid');
  const named = id === undefined || id === '' ? undefined : keys.find((key) => key.id === id);
  const stated = token.header.get('alg');
  const candidates =
    named === undefined
      ? keys.filter((key) => key.algorithm === undefined || key.algorithm === stated)
      : [named];
  return candidates.some((key) => verifyPublic(algorithm, key, token.signed, token.signature));
}

function verify(algorithm: string): BuiltinFunction {
  return (args) => {
    const [written, key] = [text(args, 0), text(args, 1)];
    if (!isSymmetric(algorithm)) return isSigned(readToken(written), algorithm, publicKeys(key));
    const { signed, signature } = readParts(written);
    return verifySymmetric(algorithm, utf8Bytes(key), signed, signature);
  };
}

const constraintNames = new Set(['cert', 'secret', 'alg', 'iss', 'aud', 'time']);
const invalid: Value = [false, emptyObject, emptyObject];

/** Checks signature and claims: `[valid, header, payload]`. */
function decodeVerify(args: readonly Value[], run: Run): Value {
  const constraints = object(args, 1);
  for (const [name] of constraints.entries) {
    if (typeof name !== 'string' || !constraintNames.has(name)) {
      throw new BuiltinProblem(`unexpected constraint: ${typeof name === 'string' ? name : jsonText(name)}`);
    }
  }
  const named = (name: string): string | undefined => {
    const value = constraints.get(name);
    if (value !== undefined && typeof value !== 'string')
      throw new BuiltinProblem(`${name}: must be a string`);
    // An empty text constrains nothing.
    return value === '' ? undefined : value;
  };
  const [certificate, secret, algorithm] = [named('cert'), named('secret'), named('alg')];
  if ((certificate === undefined) === (secret === undefined)) {
    throw new BuiltinProblem(certificate === undefined ? 'no key constraint' : 'duplicate key constraints');
  }
  const token = readToken(text(args, 0));
  if (!isValidHeader(token.header)) return invalid;
  const stated = headerText(token.header, 'alg') ?? '';
  if (algorithm !== undefined && algorithm !== stated) return invalid;
  if (!isKnownAlgorithm(stated)) return invalid;
  const signed =
    secret === undefined
      ? !isSymmetric(stated) && isSigned(token, stated, publicKeys(certificate ?? ''))
      : isSymmetric(stated) && verifySymmetric(stated, utf8Bytes(secret), token.signed, token.signature);
  if (!signed) return invalid;
  const claims = claimsOf(token);
  const holds =
    issuerHolds(claims, named('iss')) &&
    audienceHolds(claims, named('aud')) &&
    timesHold(claims, constraints, run);
  return holds ? [true, token.header, claims] : invalid;
}

function issuerHolds(claims: RegoObject, issuer: string | undefined): boolean {
  return issuer === undefined || claims.get('iss') === issuer;
}

/** A token for somebody is only valid where that somebody is named, and the other way round. */
function audienceHolds(claims: RegoObject, audience: string | undefined): boolean {
  const stated = claims.get('aud');
  if (stated === undefined) return audience === undefined;
  return isArray(stated) ? stated.includes(audience ?? '') : stated === (audience ?? '');
}

/** A claim in seconds as nanoseconds. */
function moment(claim: Value, name: string): RegoNumber {
  if (!isNumber(claim)) throw new BuiltinProblem(`${name} value must be a number`);
  return multiply(claim, 1_000_000_000);
}

function timesHold(claims: RegoObject, constraints: RegoObject, run: Run): boolean {
  const [expires, begins] = [claims.get('exp'), claims.get('nbf')];
  const given = constraints.get('time');
  if (given !== undefined && !isNumber(given)) throw new BuiltinProblem('token time must be a number');
  if (expires === undefined && begins === undefined) return true;
  if (expires !== undefined) moment(expires, 'exp');
  if (given === undefined && run.nowNanoseconds === null)
    throw refuse('the time of the decision is not known');
  const now = given ?? wholeNumber(run.nowNanoseconds ?? 0n);
  if (expires !== undefined && compareNumbers(now, moment(expires, 'exp')) >= 0) return false;
  return begins === undefined || compareNumbers(now, moment(begins, 'nbf')) >= 0;
}

/** Signs with a symmetric JSON Web Key; other signatures are random or need a private key. */
function sign(header: string, payload: string, key: Value): string {
  const fields = json(utf8Bytes(header));
  const algorithm = fields instanceof RegoObject ? fields.get('alg') : undefined;
  const secret = key instanceof RegoObject && key.get('kty') === 'oct' ? key.get('k') : undefined;
  const hash =
    typeof algorithm === 'string' && isSymmetric(algorithm) ? digests[algorithm.slice(2)] : undefined;
  if (typeof secret !== 'string' || hash === undefined) throw refuse('signatures with a private key');
  const signed = `${base64UrlText(utf8Bytes(header), false)}.${base64UrlText(utf8Bytes(payload), false)}`;
  const signature = hmac(hash.digest, hash.block, bytesOf(secret), utf8Bytes(signed));
  return `${signed}.${base64UrlText(signature, false)}`;
}

const verifiers = [
  'EdDSA',
  ...['HS', 'RS', 'PS', 'ES'].flatMap((family) => ['256', '384', '512'].map((size) => `${family}${size}`)),
];

export const tokenBuiltins: Readonly<Record<string, BuiltinFunction>> = {
  ...Object.fromEntries(
    verifiers.map((algorithm) => [`io.jwt.verify_${algorithm.toLowerCase()}`, verify(algorithm)] as const),
  ),
  'io.jwt.decode': (args) => {
    const token = readToken(text(args, 0));
    return [token.header, claimsOf(token), hexText(token.signature)];
  },
  'io.jwt.decode_verify': decodeVerify,
  'io.jwt.encode_sign': (args) => sign(jsonText(object(args, 0)), jsonText(object(args, 1)), object(args, 2)),
  'io.jwt.encode_sign_raw': (args) => sign(text(args, 0), text(args, 1), json(utf8Bytes(text(args, 2)))),
};
