import { createPublicKey, verify } from 'node:crypto';

/**
 * CloudTrail's own integrity files (AWS CloudTrail User Guide, "CloudTrail digest file structure" and "Custom
 * implementations of CloudTrail log file integrity validation"). `hashValue` and `previousDigestHashValue` are the
 * SHA-256 of the *uncompressed* files. The signature of a digest is metadata of its object in S3, which a download
 * does not carry; the digest that follows repeats it.
 */
interface Digest {
  readonly digestEndTime: string;
  readonly digestS3Bucket: string;
  readonly digestS3Object: string;
  readonly digestPublicKeyFingerprint: string;
  readonly previousDigestS3Object: string | null;
  readonly previousDigestHashValue: string | null;
  readonly previousDigestSignature: string | null;
  readonly logFiles: readonly { readonly s3Object: string; readonly hashValue: string }[];
}

/** A file of the case with the SHA-256 of its uncompressed bytes; `text` where it may be a digest or a list of keys. */
export interface DigestCandidate {
  readonly path: string;
  readonly plainHash: string;
  readonly text: string | null;
}

export interface DigestVerdict {
  readonly path: string;
  /** Null where nothing contradicts the digest, but its signature could not be checked. */
  readonly ok: boolean | null;
  readonly message: string;
}

/** What the digests among the files say of the others. */
export function checkDigests(files: readonly DigestCandidate[]): DigestVerdict[] {
  const hashes = new Set(files.map(({ plainHash }) => plainHash));
  const byName = new Map<string, string[]>();
  for (const { path, plainHash } of files) {
    const name = lastSegment(path);
    byName.set(name, [...(byName.get(name) ?? []), plainHash]);
  }
  const digests = files.flatMap((file) => {
    const digest = file.text === null ? null : parseDigest(file.text);
    return digest === null ? [] : [{ file, digest }];
  });
  if (digests.length === 0) return [];
  const keys = publicKeys(files);
  // The signature of each digest, as the one that follows it repeats it.
  const signatures = new Map<string, string>();
  for (const { digest } of digests) {
    const { previousDigestS3Object, previousDigestSignature } = digest;
    if (previousDigestS3Object !== null && previousDigestSignature !== null) {
      signatures.set(previousDigestS3Object, previousDigestSignature);
    }
  }
  return digests.map(({ file, digest }) => {
    const logs = digest.logFiles.map((log) => stateOf(log.s3Object, log.hashValue, hashes, byName));
    const { previousDigestS3Object: previous, previousDigestHashValue: previousHash } = digest;
    const chain =
      previous === null || previousHash === null ? null : stateOf(previous, previousHash, hashes, byName);
    const changed = digest.logFiles
      .filter((_, index) => logs[index] === 'differs')
      .map(({ s3Object }) => lastSegment(s3Object));
    const signature = checkSignature(digest, file.plainHash, signatures.get(digest.digestS3Object), keys);
    const parts = [
      `${count(logs, 'fits')} of ${logs.length} log files are in the case and fit their hashes`,
      count(logs, 'missing') > 0 ? `${count(logs, 'missing')} are not in the case` : '',
      changed.length > 0 ? `changed: ${changed.slice(0, 5).join(', ')}` : '',
      chainMessage(chain),
      signature.message,
    ];
    const isContradicted = changed.length > 0 || chain === 'differs' || signature.ok === false;
    return {
      path: file.path,
      ok: isContradicted ? false : signature.ok,
      message: `${parts.filter((part) => part !== '').join('; ')}.`,
    };
  });
}

type State = 'fits' | 'differs' | 'missing';

function stateOf(
  s3Object: string,
  hash: string,
  hashes: ReadonlySet<string>,
  byName: ReadonlyMap<string, readonly string[]>,
): State {
  if (hashes.has(hash)) return 'fits';
  const name = lastSegment(s3Object);
  // A download may have been unpacked on the way.
  return byName.has(name) || byName.has(name.replace(/\.gz$/, '')) ? 'differs' : 'missing';
}

function count(states: readonly State[], wanted: State): number {
  return states.filter((state) => state === wanted).length;
}

function chainMessage(chain: State | null): string {
  if (chain === null) return 'it is the first of its chain';
  if (chain === 'fits') return 'the digest before it is in the case and fits';
  return chain === 'differs' ? 'the digest before it was changed' : 'the digest before it is not in the case';
}

function checkSignature(
  digest: Digest,
  plainHash: string,
  signature: string | undefined,
  keys: ReadonlyMap<string, string>,
): { ok: boolean | null; message: string } {
  const key = keys.get(digest.digestPublicKeyFingerprint);
  if (signature === undefined || key === undefined) {
    const lacking = [
      signature === undefined
        ? 'the signature (metadata of the object in S3, or the digest that follows)'
        : '',
      key === undefined ? 'the public key (output of "aws cloudtrail list-public-keys")' : '',
    ];
    const missing = lacking.filter((part) => part !== '').join(' and ');
    return {
      ok: null,
      message: `the RSA signature cannot be checked offline: the case does not hold ${missing}`,
    };
  }
  const { digestEndTime, digestS3Bucket, digestS3Object, previousDigestSignature } = digest;
  const signed = [
    digestEndTime,
    `${digestS3Bucket}/${digestS3Object}`,
    plainHash,
    previousDigestSignature ?? 'null',
  ];
  try {
    const publicKey = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'pkcs1' });
    const ok = verify('sha256', Buffer.from(signed.join('\n')), publicKey, Buffer.from(signature, 'hex'));
    return {
      ok,
      message: ok ? 'its signature fits the public key in the case' : 'its signature does not fit',
    };
  } catch {
    return { ok: null, message: 'the public key in the case cannot be read' };
  }
}

/** Keys by fingerprint in answers of `ListPublicKeys`. */
function publicKeys(files: readonly DigestCandidate[]): Map<string, string> {
  const keys = new Map<string, string>();
  for (const { text } of files) {
    if (text === null || !text.includes('PublicKeyList')) continue;
    const list = parseObject(text)?.['PublicKeyList'];
    for (const item of Array.isArray(list) ? (list as unknown[]) : []) {
      const { Fingerprint, Value } = (item ?? {}) as { Fingerprint?: unknown; Value?: unknown };
      if (typeof Fingerprint === 'string' && typeof Value === 'string') keys.set(Fingerprint, Value);
    }
  }
  return keys;
}

function parseDigest(text: string): Digest | null {
  const value = parseObject(text);
  if (value === null || !Array.isArray(value['logFiles'])) return null;
  const field = (name: string): string | null => {
    const found = value[name];
    return typeof found === 'string' ? found : null;
  };
  const digestS3Object = field('digestS3Object');
  const digestEndTime = field('digestEndTime');
  if (digestS3Object === null || digestEndTime === null) return null;
  const logFiles = (value['logFiles'] as unknown[]).flatMap((item) => {
    const { s3Object, hashValue } = (item ?? {}) as { s3Object?: unknown; hashValue?: unknown };
    return typeof s3Object === 'string' && typeof hashValue === 'string' ? [{ s3Object, hashValue }] : [];
  });
  return {
    digestEndTime,
    digestS3Bucket: field('digestS3Bucket') ?? '',
    digestS3Object,
    digestPublicKeyFingerprint: field('digestPublicKeyFingerprint') ?? '',
    previousDigestS3Object: field('previousDigestS3Object'),
    previousDigestHashValue: field('previousDigestHashValue'),
    previousDigestSignature: field('previousDigestSignature'),
    logFiles,
  };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function lastSegment(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('!'), path.lastIndexOf('\\')) + 1);
}
