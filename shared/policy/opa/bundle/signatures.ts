import { arrayAt, isObject, type JsonObject, textAt } from '../../../domain/json.ts';
import type { BundleProblem, BundleSignature, PolicyFile } from '../../../domain/policy-system.ts';
import { isKnownAlgorithm, isSymmetric, verifyPublic, verifySymmetric } from '../signatures/algorithms.ts';
import { base64UrlBytes, hexText } from '#shared/util/base64.ts';
import { sha256 } from '../signatures/digests.ts';
import { readPublicKeys } from '../signatures/keys.ts';
import { compareText, textOfUtf8, utf8Bytes } from '../value/text.ts';
import { rawJson, type RawJson } from './raw-json.ts';

const signaturesName = '.signatures.json';

/**
 * Compares a signed bundle with what its signature says of each file, and the signature with the key where the user
 * has given one (https://www.openpolicyagent.org/docs/management-bundles#signing).
 */
export function checkSignatures(files: readonly PolicyFile[], key: string | null): BundleProblem[] {
  const file = files.find(({ path }) => path === signaturesName);
  if (file === undefined) return [];
  const token = readToken(file.text ?? '');
  if (token === undefined) return [problem('error', file.path, 'the signature cannot be read')];
  const problems: BundleProblem[] = [];
  if (key === null) {
    problems.push(problem('warning', file.path, 'the signature itself is not checked: no key is known'));
  } else if (!isSignedWith(token, key)) {
    problems.push(problem('error', file.path, 'the signature does not fit the key'));
  }
  const listed = new Map<string, JsonObject>();
  for (const entry of arrayAt(token.payload, 'files')) {
    if (isObject(entry)) listed.set((textAt(entry, 'name') ?? '').replace(/^\/+/, ''), entry);
  }
  for (const { path, bytes, text } of files) {
    if (path === signaturesName) continue;
    const entry = listed.get(path);
    listed.delete(path);
    if (entry === undefined) problems.push(problem('error', path, 'the file is not in the signature'));
    else if (textAt(entry, 'algorithm') !== 'SHA-256') {
      problems.push(
        problem('warning', path, 'the file is hashed with an algorithm that is not checked here'),
      );
    } else if (
      fileHash(path, bytes.length === 0 && text !== null ? utf8Bytes(text) : bytes) !== textAt(entry, 'hash')
    ) {
      problems.push(problem('error', path, 'the file is not the one that was signed'));
    }
  }
  for (const name of listed.keys()) problems.push(problem('error', name, 'the signed file is missing'));
  return problems;
}

/** What the signature of a bundle comes to. */
export function signatureOf(files: readonly PolicyFile[], key: string | null): BundleSignature {
  const problems = checkSignatures(files, key);
  if (files.every(({ path }) => path !== signaturesName)) return { state: null, problems };
  if (problems.some(({ severity }) => severity === 'error')) return { state: 'wrong', problems };
  // A file that is hashed in a way that is not checked is not verified.
  return { state: problems.length > 0 ? 'not-verified' : 'verified', problems };
}

function problem(severity: BundleProblem['severity'], path: string, message: string): BundleProblem {
  return { severity, path, locator: '', message };
}

interface SignedToken {
  readonly algorithm: string;
  readonly payload: JsonObject;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

function readToken(text: string): SignedToken | undefined {
  const json = parsed(text);
  const [jwt] = isObject(json) ? arrayAt(json, 'signatures') : [];
  const parts = typeof jwt === 'string' ? jwt.split('.') : [];
  const [header, payload, signature] = parts.map(base64UrlBytes);
  if (parts.length !== 3 || header === undefined || payload === undefined || signature === undefined) {
    return undefined;
  }
  const [fields, content] = [parsed(textOfUtf8(header)), parsed(textOfUtf8(payload))];
  if (!isObject(fields) || !isObject(content)) return undefined;
  const signed = utf8Bytes(`${parts[0] ?? ''}.${parts[1] ?? ''}`);
  return { algorithm: textAt(fields, 'alg') ?? '', payload: content, signed, signature };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isSignedWith({ algorithm, signed, signature }: SignedToken, key: string): boolean {
  if (!isKnownAlgorithm(algorithm)) return false;
  if (isSymmetric(algorithm)) return verifySymmetric(algorithm, utf8Bytes(key), signed, signature);
  return (readPublicKeys(key) ?? []).some((candidate) =>
    verifyPublic(algorithm, candidate, signed, signature),
  );
}

const structured = /(?:^|\/)(?:data\.json|\.manifest)$/;

/** The SHA-256 of a file in hexadecimal: JSON is hashed by its structure, everything else by its bytes. */
function fileHash(path: string, bytes: Uint8Array): string {
  const json = structured.test(path) ? rawJson(textOfUtf8(bytes)) : undefined;
  return hexText(sha256(json === undefined ? bytes : utf8Bytes(structureOf(json))));
}

/** The document without blanks, members in the order of their names, numbers as they are written. */
function structureOf(json: RawJson): string {
  if (typeof json === 'string') return json;
  if (Array.isArray(json)) return `[${(json as readonly RawJson[]).map(structureOf).join(',')}]`;
  const members = [...(json as ReadonlyMap<string, RawJson>)].toSorted(([first], [second]) =>
    compareText(first, second),
  );
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${structureOf(member)}`).join(',')}}`;
}
