import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { FailureError } from '#shared/util/result.ts';
import { folderMode } from './case-folder.ts';

/**
 * Makes a folder and those above it that are missing, for the user's eyes alone. Throws kind `unusable` where that
 * cannot be, with `advice`. Step by step, since Node's own recursive way never ends where a system has no such folder
 * to give (`/proc`), and says of a read-only file system that something is missing there.
 */
export function makeFolder(folder: string, advice: string): void {
  try {
    makeStep(folder);
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code ?? String(thrown);
    // A full disk has a message of its own.
    if (code === 'ENOSPC' || code === 'EDQUOT') throw thrown;
    throw new FailureError('unusable', `${folder} cannot be made (${reasons[code] ?? code}). ${advice}`, {
      code,
    });
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the file system is read-only',
  EEXIST: 'something that is no folder has its name',
  ENOTDIR: 'something above it is no folder',
  ENOENT: 'the system has no place for it',
};

function makeStep(folder: string): void {
  try {
    mkdirSync(folder, { mode: folderMode });
  } catch (thrown) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
    const parent = dirname(folder);
    const { code } = thrown as NodeJS.ErrnoException;
    if (code !== 'ENOENT' || parent === folder || existsSync(parent)) throw thrown;
    makeStep(parent);
    makeStep(folder);
  }
}
