import { createHash, createSign, generateKeyPairSync } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CustodyJournal } from '#electron/custody/journal.ts';
import { acquireBuffer } from '#electron/evidence/files/acquire.ts';
import { evidencePaths } from '#electron/evidence/files/layout.ts';
import { type VerifyEvidence, verifyCase } from '#electron/store/read/verify.ts';
import type { VerifyReport } from '#shared/ipc/views.ts';
import { logText, sha256, temporaryFolder } from './samples.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Case {
  readonly evidence: VerifyEvidence[];
  /** Of every line of every log: evidence, offset, length. */
  readonly positions: [number, number, number][];
}

/** A case folder with these files; a name that ends with `skipped` is kept without events. */
function makeCase(files: Readonly<Record<string, Buffer>>): Case {
  const evidence: VerifyEvidence[] = [];
  const positions: [number, number, number][] = [];
  const journal = CustodyJournal.open(join(folder, 'journal'), join(folder, 'config'));
  for (const [path, bytes] of Object.entries(files)) {
    const acquired = acquireBuffer({ evidenceFolder: join(folder, 'evidence') }, bytes);
    const { sha256, encoding } = acquired;
    const isLog = path.startsWith('logs/');
    const id = evidence.length + 1;
    evidence.push({
      id,
      sha256,
      path,
      bytes: bytes.length,
      encoding,
      location: { kind: 'file' },
      status: isLog ? 'complete' : 'skipped',
    });
    journal.append([{ type: 'evidence-acquired', data: { sha256, path, bytes: bytes.length } }]);
    journal.append([{ type: isLog ? 'evidence-imported' : 'evidence-skipped', data: { sha256, path } }]);
    if (!isLog) continue;
    const plain = encoding === 'gzip' ? gunzipSync(bytes) : bytes;
    for (let at = 0, end = plain.indexOf(10); end >= 0; at = end + 1, end = plain.indexOf(10, at)) {
      positions.push([id, at, end - at]);
    }
  }
  journal.checkpoint();
  journal.close();
  return { evidence, positions };
}

async function verify({ evidence, positions }: Case): Promise<VerifyReport> {
  return verifyCase(
    {
      evidenceFolder: join(folder, 'evidence'),
      journalFolder: join(folder, 'journal'),
      bundlesFolder: join(folder, 'bundles'),
      bundles: [],
      evidence,
      events: [
        {
          count: positions.length,
          evidenceIds: positions.map(([id]) => id),
          offsets: positions.map(([, offset]) => offset),
          lengths: positions.map(([, , length]) => length),
        },
      ],
    },
    { signal: new AbortController().signal, emit: () => undefined },
  );
}

const plain = logText(400_000, 1);
const large = logText(6_000_000, 2);

test('a case as it was written holds', async () => {
  const made = makeCase({
    'logs/a.json': plain,
    'logs/b.json.gz': gzipSync(large),
    'notes.txt': Buffer.from('x'),
  });
  const report = await verify(made);
  expect(report).toMatchObject({
    ok: true,
    evidence: { files: 3, bytes: plain.length + gzipSync(large).length + 1 },
    offsets: { events: made.positions.length },
    custody: { entries: 6, checkpoints: 1 },
    problems: [],
  });
});

test('a changed, shortened or missing file, and events beyond its end, are named', async () => {
  const made = makeCase({ 'logs/a.json': plain, 'logs/b.json.gz': gzipSync(large) });
  const { original } = evidencePaths(join(folder, 'evidence'), made.evidence[1]!.sha256);
  const bytes = readFileSync(original);
  const changed = Buffer.from(bytes);
  changed[20_000]! ^= 1;
  writeFileSync(original, changed);
  expect((await verify(made)).problems).toMatchObject([{ what: 'logs/b.json.gz', message: /was changed/ }]);
  writeFileSync(original, bytes.subarray(0, -1));
  expect((await verify(made)).problems).toMatchObject([{ what: 'logs/b.json.gz', message: /were taken in/ }]);
  rmSync(original);
  expect((await verify(made)).problems).toMatchObject([{ what: 'logs/b.json.gz', message: /ENOENT/ }]);
  writeFileSync(original, bytes);
  const beyond: Case = { ...made, positions: [...made.positions, [1, plain.length - 5, 10], [9, 0, 1]] };
  expect((await verify(beyond)).problems).toMatchObject([
    { what: 'events', message: /evidence 9/ },
    { what: 'logs/a.json', message: /reach to byte/ },
  ]);
});

test('a list of evidence that does not agree with the journal is found', async () => {
  const made = makeCase({ 'logs/a.json': plain, 'logs/b.json': logText(3000, 9) });
  expect((await verify({ ...made, evidence: [made.evidence[0]!], positions: [] })).problems).toMatchObject([
    { what: 'logs/b.json', message: /it is not in the list/ },
  ]);
  const path = join(folder, 'journal', 'custody.jsonl');
  writeFileSync(path, readFileSync(path, 'utf8').replace('logs/a.json', 'logs/z.json'));
  const report = await verify(made);
  expect(report.ok).toBe(false);
  expect(report.problems[0]).toMatchObject({
    what: 'custody journal',
    message: 'entry 0 differs from what was written',
  });
});

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const fingerprint = '31e8b5433410dfb61a9dc45cc65b22ff';

/** Two digests in a chain as CloudTrail writes them, the second with the signature of the first. */
function digests(logs: Readonly<Record<string, Buffer>>): Record<string, Buffer> {
  const common = {
    awsAccountId: '111122223333',
    digestS3Bucket: 'bucket',
    digestPublicKeyFingerprint: fingerprint,
  };
  const first = Buffer.from(
    JSON.stringify({
      ...common,
      digestStartTime: '2024-05-01T09:00:00Z',
      digestEndTime: '2024-05-01T10:00:00Z',
      digestS3Object: 'AWSLogs/first.json.gz',
      previousDigestS3Object: null,
      previousDigestHashValue: null,
      previousDigestSignature: null,
      logFiles: Object.entries(logs).map(([name, bytes]) => ({
        s3Bucket: 'bucket',
        s3Object: `AWSLogs/${name}`,
        hashValue: sha256(bytes),
        hashAlgorithm: 'SHA-256',
      })),
    }),
  );
  const signed = `2024-05-01T10:00:00Z\nbucket/AWSLogs/first.json.gz\n${createHash('sha256').update(first).digest('hex')}\nnull`;
  const second = {
    ...common,
    digestStartTime: '2024-05-01T10:00:00Z',
    digestEndTime: '2024-05-01T11:00:00Z',
    digestS3Object: 'AWSLogs/second.json.gz',
    previousDigestS3Object: 'AWSLogs/first.json.gz',
    previousDigestHashValue: sha256(first),
    previousDigestSignature: createSign('sha256').update(signed).sign(privateKey, 'hex'),
    logFiles: [],
  };
  return {
    'digest/first.json.gz': gzipSync(first),
    'digest/second.json.gz': gzipSync(JSON.stringify(second)),
  };
}

test('CloudTrail digests: hashes of the uncompressed logs, the chain, and the signature where the key is there', async () => {
  const logs = { 'a.json.gz': plain, 'gone.json.gz': Buffer.from('x') };
  const keys = {
    PublicKeyList: [
      {
        Fingerprint: fingerprint,
        Value: publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64'),
      },
    ],
  };
  const files = { 'logs/a.json.gz': gzipSync(plain), ...digests(logs) };
  const withKey = await verify(makeCase({ ...files, 'keys.json': Buffer.from(JSON.stringify(keys)) }));
  expect(withKey.problems).toEqual([]);
  expect(withKey.sources).toMatchObject([
    {
      path: 'digest/first.json.gz',
      ok: true,
      message: expect.stringMatching(/^1 of 2 log files .*; 1 are not in the case; .*signature fits/),
    },
    {
      path: 'digest/second.json.gz',
      ok: null,
      message: expect.stringMatching(
        /before it is in the case and fits; the RSA signature cannot be checked offline/,
      ),
    },
  ]);
  rmSync(folder, { recursive: true });
  const withoutKey = await verify(makeCase(files));
  expect(withoutKey.sources.map(({ ok }) => ok)).toEqual([null, null]);
  rmSync(folder, { recursive: true });
  const changed = await verify(makeCase({ ...files, 'logs/a.json.gz': gzipSync(logText(400_000, 5)) }));
  expect(changed.ok).toBe(false);
  expect(changed.sources[0]).toMatchObject({
    ok: false,
    message: expect.stringMatching(/changed: a\.json\.gz/),
  });
});
