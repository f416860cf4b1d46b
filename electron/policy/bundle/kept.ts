import { hash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folderMode } from '#electron/platform/case-folder.ts';
import type { KeptBundle } from '#electron/platform/services.ts';
import { writeWhole } from '#electron/platform/write-whole.ts';
import type { BundleFile } from '#shared/domain/bundle.ts';
import type { BundleSource, PolicyFile } from '#shared/domain/policy-system.ts';
import { FailureError } from '#shared/util/result.ts';
import { textOf } from './file-set.ts';
import type { ReadBundle } from './read.ts';

/**
 * Keeps the files of a bundle in a case's folder of bundles, each under the SHA-256 of its bytes; what is there
 * already, and undamaged, is not written again. A file bears its name only when it is whole and on the disk.
 */
export async function keepBundle(source: BundleSource, folder: string): Promise<BundleFile[]> {
  if (source.kind === 'inline') throw new TypeError('a bundle that is kept consists of files');
  await mkdir(folder, { recursive: true, mode: folderMode });
  const kept: BundleFile[] = [];
  for (const { path, bytes } of source.files) {
    const sha256 = hash('sha256', bytes);
    const target = join(folder, sha256);
    if (!(await holds(target, sha256))) await writeWhole(target, bytes);
    kept.push({ path, sha256, bytes: bytes.length });
  }
  return kept;
}

async function holds(file: string, sha256: string): Promise<boolean> {
  const bytes = await readFile(file).catch(() => null);
  return bytes !== null && hash('sha256', bytes) === sha256;
}

/** Reads a kept bundle back. Throws kind `unusable` where a file is missing or was changed. */
export async function readKept({ bundle, folder, files }: KeptBundle): Promise<ReadBundle> {
  const found: PolicyFile[] = [];
  for (const { path, sha256 } of files) {
    const bytes = await readFile(join(folder, sha256)).catch(() => null);
    if (bytes === null || hash('sha256', bytes) !== sha256) {
      throw new FailureError(
        'unusable',
        `${path} of bundle ${bundle.id} is ${bytes === null ? 'missing' : 'changed'}: run rescind verify.`,
      );
    }
    found.push({ path, text: textOf(bytes), bytes });
  }
  return { source: { kind: 'files', files: found }, problems: [] };
}
