import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { bundleDigest } from '#electron/policy/bundle/digest.ts';
import { readBundle } from '#electron/policy/bundle/read.ts';

const folder = mkdtempSync(join(tmpdir(), 'rescind-bundle-'));
const limits = { files: 5, fileBytes: 2_000, bytes: 4_000, ratio: 400, depth: 3 };

interface Member {
  readonly name: string;
  readonly text?: string;
  readonly link?: string;
}

async function tarGz(name: string, members: readonly Member[]): Promise<string> {
  const archive = pack();
  for (const { name: inner, text = '', link } of members) {
    if (link === undefined) archive.entry({ name: inner }, text);
    else archive.entry({ name: inner, type: 'symlink', linkname: link });
  }
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive) parts.push(part as Buffer);
  const path = join(folder, name);
  writeFileSync(path, gzipSync(Buffer.concat(parts)));
  return path;
}

function sum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function pathsOf(path: string): Promise<string[]> {
  const { source } = await readBundle(path);
  return source.kind === 'files' ? source.files.map((file) => file.path) : [];
}

describe('a bundle', () => {
  test('is the same as a folder and as an archive, and its digest can be made by hand', async () => {
    const root = join(folder, 'policies');
    mkdirSync(join(root, 'b'), { recursive: true });
    writeFileSync(join(root, 'b', 'two.rego'), 'package b\n');
    writeFileSync(join(root, '.manifest'), '{}');
    mkdirSync(join(root, '.git'));
    writeFileSync(join(root, '.git', 'config'), 'x');
    const archive = await tarGz('same.tar.gz', [
      { name: './b/two.rego', text: 'package b\n' },
      { name: '/.manifest'.slice(1), text: '{}' },
    ]);
    expect(await pathsOf(root)).toEqual(['.manifest', 'b/two.rego']);
    const [one, other] = [await readBundle(root), await readBundle(archive)];
    const list = `${sum('{}')}  .manifest\n${sum('package b\n')}  b/two.rego\n`;
    expect(bundleDigest(one.source)).toBe(`sha256:${sum(list)}`);
    expect(bundleDigest(other.source)).toBe(bundleDigest(one.source));
  });

  test.each(['utf8', 'utf16le'] as const)('is text in %s with its byte order mark', async (encoding) => {
    const path = join(folder, `${encoding}.json`);
    writeFileSync(path, Buffer.from('\u{FEFF}{"name":"Zoë"}', encoding));
    const { source } = await readBundle(path);
    expect(source.kind === 'files' ? source.files[0]?.text : null).toBe('{"name":"Zoë"}');
  });

  test('holds no links and nothing that leads out of it; both are named', async () => {
    const archive = await tarGz('hostile.tar.gz', [
      { name: '../../etc/passwd', text: 'x' },
      { name: '/etc/passwd', text: 'x' },
      { name: 'a/../../b', text: 'x' },
      { name: 'C:\\windows\\x', text: 'x' },
      { name: 'link.rego', link: '/etc/passwd' },
      { name: 'good.rego', text: 'package good' },
    ]);
    const { source, problems } = await readBundle(archive);
    expect(source.kind === 'files' && source.files.map(({ path }) => path)).toEqual(['good.rego']);
    expect(problems).toHaveLength(5);

    const root = join(folder, 'with-link');
    mkdirSync(root);
    writeFileSync(join(root, 'good.rego'), 'package good');
    symlinkSync('/etc/passwd', join(root, 'link.rego'));
    const linked = await readBundle(root);
    expect(linked.source.kind === 'files' && linked.source.files.map(({ path }) => path)).toEqual([
      'good.rego',
    ]);
    expect(linked.problems.map(({ path }) => path)).toEqual(['link.rego']);
  });

  test.each([
    ['too many files', Array.from({ length: 6 }, (_, index) => ({ name: `${index}.rego`, text: 'x' }))],
    ['a file that is too large', [{ name: 'a.rego', text: 'x'.repeat(2_001) }]],
    ['too much together', ['a', 'b', 'c'].map((name) => ({ name, text: 'x'.repeat(1_900) }))],
  ])('with %s is refused as a whole', async (what, members) => {
    const archive = await tarGz(`${what.replaceAll(' ', '-')}.tar.gz`, members);
    await expect(readBundle(archive, limits)).rejects.toMatchObject({ failure: { kind: 'unusable' } });
  });

  test('that grows without measure is refused', async () => {
    const path = join(folder, 'bomb.gz');
    writeFileSync(path, gzipSync(Buffer.alloc(8 * 2 ** 20)));
    await expect(readBundle(path, { ...limits, bytes: 2 ** 30, ratio: 10 })).rejects.toThrow('too large');
  });

  test('that is not there, is empty or is cut off says so', async () => {
    await expect(readBundle(join(folder, 'nowhere'))).rejects.toMatchObject({
      failure: { kind: 'not-found' },
    });
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    await expect(readBundle(empty)).rejects.toMatchObject({ failure: { kind: 'unusable' } });
    const cut = join(folder, 'cut.tar.gz');
    writeFileSync(cut, gzipSync(Buffer.from('x'.repeat(5_000))).subarray(0, 20));
    await expect(readBundle(cut)).rejects.toMatchObject({ failure: { kind: 'unusable' } });
  });
});
