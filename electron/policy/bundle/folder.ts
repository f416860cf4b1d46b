import type { Dirent } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FailureError } from '#shared/util/result.ts';
import { type FileSet, tooLarge } from './file-set.ts';
import type { BundleLimits } from './limits.ts';

/** What operating systems and version control leave in folders: no part of any policy. */
const foreign = new Set([
  '.git',
  '.svn',
  '.hg',
  '.ds_store',
  'thumbs.db',
  'desktop.ini',
  '__macosx',
  'node_modules',
]);

/** Reads a folder with all that lies in it. Links are not followed; they are named as problems. */
export async function readFolder(root: string, files: FileSet, limits: BundleLimits): Promise<void> {
  const visit = async (folder: string, path: string, depth: number): Promise<void> => {
    if (depth > limits.depth) throw tooLarge(`it is more than ${limits.depth} folders deep`);
    for (const entry of await entriesOf(folder)) {
      if (foreign.has(entry.name.toLowerCase())) continue;
      const location = join(folder, entry.name);
      const inner = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isSymbolicLink()) files.leaveOut(inner, 'A link is not followed; put the file itself here.');
      else if (entry.isDirectory()) await visit(location, inner, depth + 1);
      else if (entry.isFile()) await readInto(files, location, inner);
      else files.leaveOut(inner, 'Neither a file nor a folder.');
    }
  };
  await visit(root, '', 0);
}

/** Reads one file into the set under the given path. */
export async function readInto(files: FileSet, location: string, path: string): Promise<void> {
  files.expect(path, (await stat(location)).size);
  files.add(path, await readFile(location));
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.toSorted(({ name: first }, { name: second }) => (first < second ? -1 : 1));
  } catch (thrown) {
    const code = (thrown as { code?: unknown }).code;
    throw new FailureError('unusable', `${folder} cannot be read (${String(code)}).`);
  }
}
