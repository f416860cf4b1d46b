import type { BuiltinFunction } from '../evaluate/context.ts';
import { utf8Bytes } from '../value/text.ts';
import { hexText } from '#shared/util/base64.ts';
import { type Digest, hmac, md5, sha1, sha256, sha512 } from '../signatures/digests.ts';
import { text } from './operands.ts';

function digestOf(digest: Digest): BuiltinFunction {
  return (args) => hexText(digest(utf8Bytes(text(args, 0))));
}

function hmacOf(digest: Digest, block: 64 | 128): BuiltinFunction {
  return (args) => hexText(hmac(digest, block, utf8Bytes(text(args, 1)), utf8Bytes(text(args, 0))));
}

export const cryptoBuiltins: Readonly<Record<string, BuiltinFunction>> = {
  'crypto.md5': digestOf(md5),
  'crypto.sha1': digestOf(sha1),
  'crypto.sha256': digestOf(sha256),
  'crypto.hmac.md5': hmacOf(md5, 64),
  'crypto.hmac.sha1': hmacOf(sha1, 64),
  'crypto.hmac.sha256': hmacOf(sha256, 64),
  'crypto.hmac.sha512': hmacOf(sha512, 128),
  'crypto.hmac.equal': (args) => text(args, 0) === text(args, 1),
};
