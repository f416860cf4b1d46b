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

function readToken(token: string): Token {
  const parts = token.split('.');
  const [header = '', payload = '', signature = ''] = parts;
  if (parts.length !== 3) {
    throw new BuiltinProblem(`encoded JWT must have 3 sections, found ${parts.length}`);
  }
  const fields = json(bytesOf(header));
  if (!(fields instanceof RegoObject)) throw new BuiltinProblem('JWT header is no object');
  if (fields.has('enc')) throw new BuiltinProblem('JWT is a JWE object, which is not supported');
  const signed = utf8Bytes(`${header}.${payload}`);
  return { header: fields, payload: bytesOf(payload), signature: bytesOf(signature), signed };
}

function claimsOf(token: Token): RegoObject {
  if (token.header.get('cty') === 'JWT') throw refuse('a token within a token');
  const payload = json(token.payload);
  if (!(payload instanceof RegoObject)) throw new BuiltinProblem('JWT payload is no object');
  return payload;
}

function publicKeys(written: string): readonly PublicKey[] {
  const keys = readPublicKeys(written);
  if (keys === undefined) throw refuse('a key that is no RSA or NIST curve key in PEM or as JSON Web Key');
  return keys;
}

function isSigned(token: Token, algorithm: string, keys: readonly PublicKey[]): boolean {
  const id = token.header.get('kid');
  const named = typeof id === 'string' ? keys.filter((key) => key.id === id) : [];
  const candidates = named.length > 0 ? named : keys;
  return candidates.some((key) => verifyPublic(algorithm, key, token.signed, token.signature));
}

function verify(algorithm: string): BuiltinFunction {
  return (args) => {
    const token = readToken(text(args, 0));
    const key = text(args, 1);
    return isSymmetric(algorithm)
      ? verifySymmetric(algorithm, utf8Bytes(key), token.signed, token.signature)
      : isSigned(token, algorithm, publicKeys(key));
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
    return value;
  };
  const [certificate, secret, algorithm] = [named('cert'), named('secret'), named('alg')];
  if ((certificate === undefined) === (secret === undefined)) {
    throw new BuiltinProblem(certificate === undefined ? 'no verification key' : 'duplicate key constraints');
  }
  const token = readToken(text(args, 0));
  const stated = token.header.get('alg');
  if (typeof stated !== 'string' || token.header.has('crit')) return invalid;
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
  if (audience === undefined) return false;
  return isArray(stated) ? stated.includes(audience) : stated === audience;
}

/** A claim in seconds as nanoseconds. */
function moment(claim: Value, name: string): RegoNumber {
  if (!isNumber(claim)) throw new BuiltinProblem(`${name} value must be a number`);
  return multiply(claim, 1_000_000_000);
}

function timesHold(claims: RegoObject, constraints: RegoObject, run: Run): boolean {
  const [expires, begins] = [claims.get('exp'), claims.get('nbf')];
  if (expires === undefined && begins === undefined) return true;
  const given = constraints.get('time');
  if (given !== undefined && !isNumber(given)) throw new BuiltinProblem('token time must be a number');
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
