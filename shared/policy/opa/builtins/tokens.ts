import type { BuiltinFunction } from '../evaluate/context.ts';
import { BuiltinProblem, refuse } from '../evaluate/problems.ts';
import { JsonProblem, parseJson } from '../value/json.ts';
import { textOfUtf8, utf8Bytes } from '../value/text.ts';
import { RegoObject, type Value } from '../value/value.ts';
import { base64UrlBytes, hexText } from './base64.ts';
import { type Digest, hmac, sha256, sha384, sha512 } from './digests.ts';
import { text } from './operands.ts';

/** A JSON Web Token in compact form (RFC 7515). */
interface Token {
  readonly header: RegoObject;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  readonly signed: string;
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
  if (parts.length !== 3)
    throw new BuiltinProblem('encoded JWT must have 3 sections, found ' + String(parts.length));
  const fields = json(bytesOf(header));
  if (!(fields instanceof RegoObject)) throw new BuiltinProblem('JWT header is no object');
  if (fields.has('enc')) throw new BuiltinProblem('JWT is a JWE object, which is not supported');
  return {
    header: fields,
    payload: bytesOf(payload),
    signature: bytesOf(signature),
    signed: `${header}.${payload}`,
  };
}

function decode(args: readonly Value[]): Value {
  const token = readToken(text(args, 0));
  if (token.header.get('cty') === 'JWT') throw refuse('io.jwt.decode of a nested token');
  const payload = json(token.payload);
  if (!(payload instanceof RegoObject)) throw new BuiltinProblem('JWT payload is no object');
  return [token.header, payload, hexText(token.signature)];
}

function verify(digest: Digest, block: 64 | 128): BuiltinFunction {
  return (args) => {
    const { signed, signature } = readToken(text(args, 0));
    const expected = hmac(digest, block, utf8Bytes(text(args, 1)), utf8Bytes(signed));
    return expected.length === signature.length && expected.every((byte, index) => byte === signature[index]);
  };
}

export const tokenBuiltins: Readonly<Record<string, BuiltinFunction>> = {
  'io.jwt.decode': decode,
  'io.jwt.verify_hs256': verify(sha256, 64),
  'io.jwt.verify_hs384': verify(sha384, 128),
  'io.jwt.verify_hs512': verify(sha512, 128),
};
