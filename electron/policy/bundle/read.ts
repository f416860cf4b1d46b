import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { BundleProblem, BundleSource } from '#shared/domain/policy-system.ts';
import { FailureError } from '#shared/util/result.ts';
import { packingOf, readTar, readZip, unzip } from './archive.ts';
import { FileSet } from './file-set.ts';
import { readFolder } from './folder.ts';
import { type BundleLimits, bundleLimits } from './limits.ts';

export interface ReadBundle {
  readonly source: BundleSource;
  /** What was left out, and why. */
  readonly problems: readonly BundleProblem[];
}

/**
 * Reads a bundle from a file, a folder, or an archive (`.tar`, `.tar.gz`, `.zip`; told by content). Throws kind
 * `not-found` where the path is not there, `unusable` where it holds nothing, is damaged or over the limits.
 */
export async function readBundle(path: string, limits: BundleLimits = bundleLimits): Promise<ReadBundle> {
  const files = new FileSet(limits);
  const found = await stat(path).catch(() => null);
  if (found === null) throw new FailureError('not-found', `${path} cannot be read: no such file or folder.`);
  if (found.isDirectory()) await readFolder(path, files, limits);
  else if (found.isFile()) {
    files.expect(path, found.size);
    await unpack(await readFile(path), basename(path), files, limits);
  } else throw new FailureError('unusable', `${path} is neither a file nor a folder.`);
  const sorted = files.sorted();
  if (sorted.length === 0)
    throw new FailureError('unusable', `${path} holds no file that could be a policy.`);
  return { source: { kind: 'files', files: sorted }, problems: files.problems };
}

async function unpack(bytes: Buffer, name: string, files: FileSet, limits: BundleLimits): Promise<void> {
  const packing = packingOf(bytes);
  if (packing === 'gzip') {
    const content = unzip(bytes, limits);
    if (packingOf(content) === 'tar') await readTar(content, files);
    else files.add(name.replace(/\.gz$/i, ''), content);
  } else if (packing === 'tar') await readTar(bytes, files);
  else if (packing === 'zip') await readZip(bytes, files, limits);
  else files.add(name, bytes);
}
