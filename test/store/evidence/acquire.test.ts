import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireFile } from '#electron/evidence/files/acquire.ts';
import { DecodedStream, decodeWhole } from '#electron/evidence/files/decoded.ts';
import { evidencePaths, sweepTemporary } from '#electron/evidence/files/layout.ts';
import { content, gzipLevels, gzipMembers, logText, sha256, temporaryFolder } from './samples.ts';

let folder: string;
let evidenceFolder: string;
beforeEach(() => {
  folder = temporaryFolder();
  evidenceFolder = join(folder, 'evidence');
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const pieces = async function* (bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
};

test('a gzip file is kept as it came, plain text as zstd that gives back the identical bytes', async () => {
  const text = logText(900_000);
  const packed = gzipSync(text);
  expect(await acquireFile({ evidenceFolder, from: put('a.gz', packed) })).toMatchObject({
    sha256: sha256(packed),
    bytes: packed.length,
    encoding: 'gzip',
    known: false,
  });
  expect(readFileSync(evidencePaths(evidenceFolder, sha256(packed)).original)).toEqual(packed);
  const acquired = await acquireFile({ evidenceFolder, from: put('a.json', text) });
  expect(acquired).toMatchObject({ sha256: sha256(text), bytes: text.length, encoding: 'none' });
  expect(acquired.content).toEqual(text);
  const kept = evidencePaths(evidenceFolder, sha256(text)).packed;
  // Any zstd decoder reads it: the seek table is a frame that decoders skip.
  expect(zstdDecompressSync(readFileSync(kept))).toEqual(text);
  expect(statSync(kept).size).toBeLessThan(text.length / 3);
});

test('the same file again is not written again; a damaged copy is replaced', async () => {
  const from = put('a.json', logText(900_000));
  const { sha256: name } = await acquireFile({ evidenceFolder, from });
  const { packed } = evidencePaths(evidenceFolder, name);
  const first = statSync(packed).mtimeMs;
  expect(await acquireFile({ evidenceFolder, from })).toMatchObject({ known: true });
  expect(statSync(packed).mtimeMs).toBe(first);
  truncateSync(packed, 1000);
  expect(await acquireFile({ evidenceFolder, from })).toMatchObject({ known: false });
  expect(sha256(zstdDecompressSync(readFileSync(packed)))).toBe(name);
});

test('standard input in pieces of any size comes to the same as the file', async () => {
  const text = logText(700_000);
  for (const bytes of [text, gzipSync(text), Buffer.alloc(0), Buffer.from('{}')]) {
    for (const size of [1000, 65_536, 300_000]) {
      rmSync(evidenceFolder, { recursive: true, force: true });
      const acquired = await acquireFile({ evidenceFolder, from: pieces(bytes, size) });
      expect(acquired).toMatchObject({ sha256: sha256(bytes), bytes: bytes.length });
      const { encoding } = acquired;
      const stream = new DecodedStream(evidenceFolder, {
        sha256: acquired.sha256,
        encoding,
        location: { kind: 'file' },
      });
      expect(Buffer.concat([...stream])).toEqual(encoding === 'gzip' ? text : bytes);
    }
  }
});

test('folders and files are for the analyst alone', { skip: process.platform === 'win32' }, async () => {
  const { sha256: name } = await acquireFile({ evidenceFolder, from: put('a.gz', gzipSync('x')) });
  const paths = evidencePaths(evidenceFolder, name);
  expect(statSync(paths.original).mode & 0o777).toBe(0o600);
  expect(statSync(paths.folder).mode & 0o777).toBe(0o700);
});

test('what is no file is refused at once; a link that was named is followed', {
  skip: process.platform === 'win32',
}, async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  for (const from of [pipe, folder, '/dev/zero']) {
    await expect(acquireFile({ evidenceFolder, from })).rejects.toThrow(/is no regular file/);
  }
  await expect(acquireFile({ evidenceFolder, from: join(folder, 'missing') })).rejects.toThrow(/ENOENT/);
  const target = put('a.json', Buffer.from('{}'));
  symlinkSync(target, join(folder, 'link'));
  expect(await acquireFile({ evidenceFolder, from: join(folder, 'link') })).toMatchObject({
    sha256: sha256(Buffer.from('{}')),
  });
});

test('a cancelled import and a crash leave nothing behind', async () => {
  const signal = AbortSignal.abort();
  const from = pieces(logText(700_000), 400_000);
  await expect(acquireFile({ evidenceFolder, from, signal })).rejects.toThrow(/cancelled/);
  const incoming = join(evidenceFolder, 'incoming');
  mkdirSync(incoming, { recursive: true });
  writeFileSync(join(incoming, 'half'), 'x');
  expect(sweepTemporary(evidenceFolder)).toBe(1);
  expect(readdirSync(incoming)).toEqual([]);
  expect(sweepTemporary(join(folder, 'nowhere'))).toBe(0);
});

test('whole streams decode as gunzip does, whatever the size in the trailer says', () => {
  fc.assert(
    fc.property(content, gzipLevels, (plain, levels) => {
      const packed = gzipMembers(plain, levels);
      const { bytes, problem } = decodeWhole(packed, 'gzip');
      expect(problem).toBeNull();
      expect(Buffer.from(bytes).equals(gunzipSync(packed))).toBe(true);
    }),
    { numRuns: 25 },
  );
  const zstd = zstdCompressSync(logText(3_000_000));
  expect(Buffer.from(decodeWhole(Buffer.concat([zstd, zstd]), 'zstd').bytes).length).toBe(6_000_000);
});

test('of a truncated or damaged stream everything that can be read is kept, and the position is told', () => {
  const plain = logText(3_000_000);
  const packed = gzipSync(plain);
  fc.assert(
    fc.property(fc.integer({ min: 20, max: packed.length - 1 }), (length) => {
      const { bytes, problem } = decodeWhole(packed.subarray(0, length), 'gzip');
      expect(problem).toMatchObject({
        offset: bytes.length,
        message: 'the file ends in the middle of its compressed data',
      });
      expect(Buffer.from(bytes).equals(plain.subarray(0, bytes.length))).toBe(true);
      expect(bytes.length).toBeGreaterThanOrEqual(
        Math.floor((plain.length * (length - 60_000)) / packed.length),
      );
    }),
    { numRuns: 30 },
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 20, max: packed.length - 9 }),
      fc.integer({ min: 1, max: 255 }),
      (position, flip) => {
        const damaged = Buffer.from(packed);
        damaged[position]! ^= flip;
        const { bytes, problem } = decodeWhole(damaged, 'gzip');
        expect(problem).toMatchObject({ offset: bytes.length });
      },
    ),
    { numRuns: 60 },
  );
});

test('what comes before damage is given out up to the last byte that can be decoded', () => {
  const plain = logText(400_000);
  const good = gzipSync(plain);
  // A block of type 3 does not exist (RFC 1951, 3.2.3): after a whole member's blocks without their end, it is damage.
  const damaged = Buffer.concat([
    good.subarray(0, 10),
    Buffer.of(0, 5, 0, 250, 255),
    Buffer.from('hello'),
    Buffer.of(0x07, 0xff),
  ]);
  const { bytes, problem } = decodeWhole(damaged, 'gzip');
  expect(Buffer.from(bytes).toString()).toBe('hello');
  expect(problem).toMatchObject({
    offset: 5,
    message: 'the compressed data is damaged (invalid block type)',
  });
});

test('padding after a stream is no problem, anything else is named', () => {
  const packed = gzipSync('hello');
  expect(decodeWhole(Buffer.concat([packed, Buffer.alloc(900)]), 'gzip').problem).toBeNull();
  const { bytes, problem } = decodeWhole(Buffer.concat([packed, Buffer.from('rubbish')]), 'gzip');
  expect(Buffer.from(bytes).toString()).toBe('hello');
  expect(problem).toMatchObject({ offset: 5, message: '7 bytes follow the end of the compressed data' });
});

test('a bomb ends at the limit', () => {
  const bomb = gzipSync(Buffer.alloc(100_000_000));
  const { bytes, problem } = decodeWhole(bomb, 'gzip');
  expect(problem?.message).toMatch(/grows more than 400 times/);
  expect(bytes.length).toBeLessThan(80_000_000);
  const limits = { bytes: 5000, ratio: 400, ratioFrom: 1e9 };
  expect(decodeWhole(gzipSync(logText(900_000)), 'gzip', { limits }).problem?.message).toMatch(
    /larger than 5000 bytes/,
  );
});

test('where a file cannot be kept the system says why, and nothing of it is left', async () => {
  const bytes = logText(1_000);
  // The folder that it belongs into cannot be made.
  mkdirSync(evidenceFolder, { recursive: true });
  writeFileSync(evidencePaths(evidenceFolder, sha256(bytes)).folder, 'no folder');
  await expect(acquireFile({ evidenceFolder, from: put('log', bytes) })).rejects.toMatchObject({
    code: 'ENOTDIR',
  });
  expect(readdirSync(join(evidenceFolder, 'incoming'))).toEqual([]);
});
