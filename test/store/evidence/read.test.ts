import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { constants, crc32, deflateRawSync, gzipSync, inflateRawSync, zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { acquireBuffer } from '#electron/evidence/files/acquire.ts';
import { startAt } from '#electron/evidence/files/deflate-start.ts';
import { DecodedStream } from '#electron/evidence/files/decoded.ts';
import { evidencePaths } from '#electron/evidence/files/layout.ts';
import { EvidenceFiles } from '#electron/evidence/files/read.ts';
import { content, gzipLevels, gzipMembers, logText, temporaryFolder } from './samples.ts';

const ranges = fc.array(
  fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 5000 })),
  {
    minLength: 1,
    maxLength: 12,
  },
);

/** The ranges that do not come back byte for byte; also one that says so where the size is wrong. */
function wrongRanges(
  evidenceFolder: string,
  packed: Buffer,
  plain: Buffer,
  wanted: readonly [number, number][],
): string[] {
  const acquired = acquireBuffer({ evidenceFolder }, packed);
  const files = new EvidenceFiles(evidenceFolder);
  const source = {
    sha256: acquired.sha256,
    encoding: acquired.encoding,
    location: { kind: 'file' as const },
  };
  const { size } = files.decoded(source);
  const wrong = wanted.flatMap(([position, most]) => {
    const offset = Math.floor(position * plain.length);
    const length = Math.min(most, plain.length - offset);
    const bytes = Buffer.from(files.read(source, offset, length));
    return bytes.equals(plain.subarray(offset, offset + length)) ? [] : [`${offset}+${length}`];
  });
  files.close();
  return size === plain.length ? wrong : [...wrong, `size ${size}`];
}

test('any range of any gzip stream comes back byte for byte', { timeout: 120_000 }, () => {
  const folder = temporaryFolder();
  fc.assert(
    fc.property(content, gzipLevels, ranges, (plain, levels, wanted) => {
      expect(wrongRanges(folder, gzipMembers(plain, levels), plain, wanted)).toEqual([]);
    }),
    { numRuns: 25 },
  );
  rmSync(folder, { recursive: true });
});

test('a long stream is read through checkpoints, also where it has runs, stored blocks and several members', () => {
  const folder = temporaryFolder();
  const plain = Buffer.concat([logText(9_000_000, 7), Buffer.alloc(20_000_000), logText(5_000_000, 8)]);
  for (const levels of [[1], [6], [9], [0], [6, 0, 9, 1]]) {
    const packed = gzipMembers(plain, levels);
    const wanted = Array.from({ length: 40 }, (_, index): [number, number] => [index / 40, 4000]);
    expect(wrongRanges(folder, packed, plain, [...wanted, [0.1, 3_000_000], [0, plain.length]])).toEqual([]);
  }
  expect(
    readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.idx')),
  ).not.toHaveLength(0);
  rmSync(folder, { recursive: true });
});

test('stored blocks between others, as flushing and short ends make them, are read past', () => {
  const folder = temporaryFolder();
  // RFC 1952 around RFC 1951: pieces that each end with an empty stored block, as every log that is flushed has them.
  const pieces = Array.from({ length: 24 }, (_, index) => logText(400_000 + index * 1000, index));
  const plain = Buffer.concat(pieces);
  const body = pieces.map((piece, index) =>
    deflateRawSync(piece, {
      level: 1 + (index % 9),
      finishFlush: index === pieces.length - 1 ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
    }),
  );
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(plain), 0);
  trailer.writeUInt32LE(plain.length, 4);
  const packed = Buffer.concat([Buffer.from('1f8b0800000000000003', 'hex'), ...body, trailer]);
  const wanted = Array.from({ length: 200 }, (_, index): [number, number] => [index / 200, 4000]);
  expect(wrongRanges(folder, packed, plain, [...wanted, [0, plain.length]])).toEqual([]);
  rmSync(folder, { recursive: true });
});

test('a stream begins at any bit', () => {
  const text = Buffer.from('access was denied, access was allowed');
  const stream = deflateRawSync(text);
  for (let bit = 0; bit <= 8; bit++) {
    // What the bits before it are does not matter.
    const moved = Buffer.alloc(stream.length + 2);
    moved[0] = 0xff >> (8 - bit);
    for (const [index, byte] of stream.entries()) {
      moved[index] = moved[index]! | ((byte << bit) & 0xff);
      moved[index + 1] = byte >> (8 - bit);
    }
    expect(inflateRawSync(startAt(moved, bit)).equals(text)).toBe(true);
  }
});

test('plain text, zstd and what does not compress come back too', () => {
  const folder = temporaryFolder();
  const text = logText(6_000_000);
  const noise = gzipSync(text);
  const wanted: [number, number][] = [
    [0, 100],
    [0.5, 700_000],
    [0.99, 4000],
    [0, 6_000_000],
  ];
  const mixed = Buffer.concat([Buffer.from('x'), noise]);
  expect(wrongRanges(folder, text, text, wanted)).toEqual([]);
  expect(wrongRanges(folder, zstdCompressSync(text), text, wanted)).toEqual([]);
  expect(wrongRanges(folder, mixed, mixed, wanted)).toEqual([]);
  expect(wrongRanges(folder, Buffer.alloc(0), Buffer.alloc(0), [[0, 0]])).toEqual([]);
  rmSync(folder, { recursive: true });
});

test('a lost or damaged index is made again', () => {
  const folder = temporaryFolder();
  const plain = logText(9_000_000);
  const packed = gzipSync(plain);
  const { sha256 } = acquireBuffer({ evidenceFolder: folder }, packed);
  const source = { sha256, encoding: 'gzip' as const, location: { kind: 'file' as const } };
  const { index } = evidencePaths(folder, sha256);
  expect(Buffer.concat([...new DecodedStream(folder, source, packed)]).equals(plain)).toBe(true);
  const taken = readFileSync(index);
  const read = (): Uint8Array => {
    const files = new EvidenceFiles(folder);
    const bytes = Uint8Array.from(files.read(source, 7_000_000, 50));
    files.close();
    return bytes;
  };
  expect(read()).toEqual(Uint8Array.from(plain.subarray(7_000_000, 7_000_050)));
  const broken = Buffer.from(taken);
  broken[Math.floor(broken.length / 2)]! ^= 1;
  for (const damage of [broken, Buffer.from('no index\n{'), Buffer.alloc(0)]) {
    writeFileSync(index, damage);
    expect(read()).toEqual(Uint8Array.from(plain.subarray(7_000_000, 7_000_050)));
    expect(readFileSync(index)).toEqual(taken);
  }
  rmSync(folder, { recursive: true });
});

test('evidence that is missing, cut off or not long enough is a failure that says so', () => {
  const folder = temporaryFolder();
  const text = logText(700_000);
  const { sha256 } = acquireBuffer({ evidenceFolder: folder }, text);
  const source = { sha256, encoding: 'none' as const, location: { kind: 'file' as const } };
  const files = new EvidenceFiles(folder);
  expect(() => files.read(source, 699_990, 20)).toThrow(/has no 20 bytes at 699990/);
  const { packed } = evidencePaths(folder, sha256);
  files.close();
  writeFileSync(packed, readFileSync(packed).subarray(0, -30));
  expect(() => files.read(source, 0, 20)).toThrow(/damaged/);
  rmSync(packed);
  mkdirSync(folder, { recursive: true });
  expect(() => files.read(source, 0, 20)).toThrow(/ENOENT/);
  rmSync(folder, { recursive: true });
});
