import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireBuffer } from '#electron/evidence/files/acquire.ts';
import { type ArchiveItem, archiveKind, openArchive } from '#electron/evidence/files/archive.ts';
import { type ArchiveLimits, archiveLimits } from '#electron/evidence/files/archive-limits.ts';
import { EvidenceFiles } from '#electron/evidence/files/read.ts';
import { logText, sha256, temporaryFolder } from './samples.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => rmSync(folder, { recursive: true }));

async function list(
  bytes: Buffer,
  path: string,
  limits: ArchiveLimits = archiveLimits,
): Promise<ArchiveItem[]> {
  const { sha256, encoding, content } = acquireBuffer({ evidenceFolder: folder }, bytes);
  const archive = { sha256, encoding, location: { kind: 'file' as const }, path };
  const kind = archiveKind(folder, archive, content);
  if (kind === null) throw new Error('no archive');
  const items: ArchiveItem[] = [];
  for await (const item of openArchive(folder, archive, kind, limits)) items.push(item);
  return items;
}

/** Names, hashes and sizes of the members, each read back through its location alone. */
function contents(items: readonly ArchiveItem[]): Record<string, string> {
  const files = new EvidenceFiles(folder);
  const found: Record<string, string> = {};
  for (const item of items) {
    if (item.kind !== 'member') continue;
    const { file } = item;
    expect(item.problem).toBeNull();
    const original = files.original(file);
    expect(sha256(original.read(0, original.size))).toBe(file.sha256);
    const stream = files.decoded(file);
    found[file.path] = sha256(stream.read(0, stream.size));
  }
  files.close();
  return found;
}

interface Made {
  readonly name: string;
  readonly bytes: Buffer;
  readonly method?: number;
  readonly flags?: number;
  readonly mode?: number;
  readonly crc?: number;
}

/** A zip archive by hand (APPNOTE 4.3), so that it can hold what no tool would write. */
function zip(entries: readonly Made[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, method = 8, flags = 0x800, mode = 0o100644, crc = crc32(bytes) } of entries) {
    const data = method === 8 ? deflateRawSync(bytes) : bytes;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc, 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), data]);
    const attributes = Buffer.alloc(14);
    attributes.writeUInt32LE(mode * 65_536, 6);
    attributes.writeUInt32LE(offset, 10);
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, attributes, Buffer.from(name)]),
    );
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, central, Buffer.from('PK\x05\x06'), end]);
}

const small = logText(3000, 3);
const large = logText(6_000_000, 4);

test('a zip of stored, deflated and gzipped files', async () => {
  const items = await list(
    zip([
      { name: 'logs/a.json', bytes: small },
      { name: 'logs/b.json', bytes: large },
      { name: 'stored.json', bytes: small, method: 0 },
      { name: 'c.json.gz', bytes: gzipSync(large), method: 0 },
      { name: 'empty/', bytes: Buffer.alloc(0), method: 0 },
    ]),
    'x.zip',
  );
  expect(contents(items)).toEqual({
    'x.zip!logs/a.json': sha256(small),
    'x.zip!logs/b.json': sha256(large),
    'x.zip!stored.json': sha256(small),
    'x.zip!c.json.gz': sha256(large),
  });
});

test('names that try to leave the folder are cleared; links, encrypted and unknown entries are named', async () => {
  const items = await list(
    zip([
      { name: '../../etc/passwd', bytes: small },
      { name: '/srv/\u202egnp.json', bytes: small },
      { name: 'C:\\windows\\..\\a.json', bytes: small },
      { name: 'link', bytes: Buffer.from('/etc/passwd'), mode: 0o120777, method: 0 },
      { name: 'secret.json', bytes: small, flags: 0x801 },
      { name: 'lzma.json', bytes: small, method: 14 },
    ]),
    'x.zip',
  );
  expect(Object.keys(contents(items))).toEqual([
    'x.zip!etc/passwd',
    'x.zip!srv/\ufffdgnp.json',
    'x.zip!C:/windows/a.json',
  ]);
  expect(items.filter((item) => item.kind === 'left-out').map(({ path, reason }) => [path, reason])).toEqual([
    ['x.zip!link', 'the entry is a link'],
    ['x.zip!secret.json', 'the file is encrypted; unpack it and import the result'],
    ['x.zip!lzma.json', 'the file is packed with method 14; stored and deflate can be read'],
  ]);
});

test('what is wrong with a member or with the archive is said', async () => {
  const wrong = await list(zip([{ name: 'a.json', bytes: small, crc: 1 }]), 'x.zip');
  expect(wrong[0]).toMatchObject({ kind: 'member', problem: { message: /checksum/ } });
  const cut = zip([{ name: 'a.json', bytes: small }]).subarray(0, -30);
  expect(await list(cut, 'x.zip')).toMatchObject([
    { kind: 'left-out', path: 'x.zip', reason: /directory is damaged/ },
  ]);
});

test('bombs end at the limits, with what was read before', async () => {
  const bomb = zip([
    { name: 'a.json', bytes: small },
    { name: 'zeros', bytes: Buffer.alloc(100_000_000) },
    { name: 'b.json', bytes: small },
  ]);
  const items = await list(bomb, 'x.zip');
  expect(items).toMatchObject([
    { kind: 'member', problem: null },
    { kind: 'member', problem: { message: /grows more than 400 times/ } },
    { kind: 'member', problem: null },
  ]);
  // The hash of what was read is verified later: in chunks of other sizes the same end has to be found.
  const files = new EvidenceFiles(folder);
  for (const item of items) {
    if (item.kind !== 'member') continue;
    const again = files.original(item.file);
    expect(again.size).toBe(item.file.bytes);
    expect(sha256(again.read(0, again.size))).toBe(item.file.sha256);
  }
  files.close();
  const many = await list(zip(['a', 'b', 'c'].map((name) => ({ name, bytes: small }))), 'x.zip', {
    ...archiveLimits,
    entries: 2,
  });
  expect(many.map(({ kind }) => kind)).toEqual(['member', 'member', 'left-out']);
});

test('a tar.gz with long names, pax headers, directories and links, as tar itself writes it', async () => {
  const long = `${'very-long-folder-name/'.repeat(12)}file.json`;
  for (const format of ['gnu', 'pax', 'ustar', 'v7']) {
    const source = join(folder, 'source');
    const names =
      format === 'gnu' || format === 'pax' ? ['a.json', long, 'ünïcode.json'] : ['a.json', 'b/c.json'];
    for (const name of names) {
      mkdirSync(dirname(join(source, name)), { recursive: true });
      writeFileSync(join(source, name), `${name}${large.toString('latin1', 0, 1_500_000)}`);
    }
    symlinkSync('/etc/passwd', join(source, 'link'));
    const path = join(folder, `${format}.tgz`);
    execFileSync('tar', [`--format=${format}`, '-czf', path, '-C', source, ...names, 'link']);
    const items = await list(readFileSync(path), 'x.tgz');
    const expected = names.map((name) => [`x.tgz!${name}`, sha256(readFileSync(join(source, name)))]);
    expect(contents(items)).toEqual(Object.fromEntries(expected));
    expect(items.filter((item) => item.kind === 'left-out')).toEqual([
      { kind: 'left-out', path: 'x.tgz!link', reason: 'the entry is a link' },
    ]);
    rmSync(source, { recursive: true });
  }
});

test('a plain tar, and one that is cut off or damaged', async () => {
  const packer = pack();
  packer.entry({ name: 'a.json' }, small);
  packer.entry({ name: 'b.json.gz' }, gzipSync(small));
  packer.finalize();
  const tar = await buffer(packer);
  expect(contents(await list(tar, 'x.tar'))).toEqual({
    'x.tar!a.json': sha256(small),
    'x.tar!b.json.gz': sha256(small),
  });
  expect(await list(tar.subarray(0, 2000), 'x.tar')).toMatchObject([
    { kind: 'member', problem: { offset: 2000 - 512, message: 'the archive ends within this file' } },
  ]);
  const damaged = Buffer.from(tar);
  damaged[512 + 3072 + 1]! ^= 1;
  expect(await list(damaged, 'x.tar')).toMatchObject([
    { kind: 'member' },
    { kind: 'left-out', reason: /header at 3584 is damaged/ },
  ]);
  expect((await list(gzipSync(tar).subarray(0, -60), 'x.tgz')).at(-1)).toMatchObject({
    kind: 'left-out',
    reason: /ends in the middle/,
  });
});

test('an archive within an archive is opened, a third one is not', async () => {
  const inner = zip([{ name: 'a.json', bytes: small }]);
  const items = await list(zip([{ name: 'inner.zip', bytes: inner }]), 'outer.zip');
  expect(items.map(({ kind }) => kind)).toEqual(['archive', 'member']);
  expect(contents(items)).toEqual({ 'outer.zip!inner.zip!a.json': sha256(small) });
  const deeper = await list(
    zip([{ name: 'outer.zip', bytes: zip([{ name: 'inner.zip', bytes: inner }]) }]),
    'o.zip',
  );
  expect(deeper.at(-1)).toMatchObject({ kind: 'left-out', path: 'o.zip!outer.zip!inner.zip' });
});
