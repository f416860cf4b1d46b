import type { Stats } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { FailureError } from '#shared/util/result.ts';
import type { InputFile } from './protocol.ts';

export interface Skipped {
  readonly path: string;
  readonly reason: string;
  readonly records?: number;
}

export interface Listing {
  readonly files: readonly InputFile[];
  readonly skipped: readonly Skipped[];
}

/** Files that operating systems leave in folders. */
const systemNames = new Set(['thumbs.db', 'desktop.ini', '__macosx']);

/** Why such files are left out. */
export const hidden = 'Hidden or system file.';

/** Whether a file or folder of this name is no evidence of anything but the system it lay on. */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || systemNames.has(name.toLowerCase());
}

/** Path that stands for the standard input. */
export const standardInput = '-';

/** Folders deeper than this are no collection of logs. */
const deepestFolder = 64;

/**
 * Lists the files that paths stand for: files as given, folders with all that lies in them, sorted by name (by code
 * unit, the same on every system). Links are not followed within folders, hidden and system files are named and left
 * out, as is the case itself. Fails with `not-found` where a path does not exist, before anything is read.
 */
export async function listInputs(paths: readonly string[], caseFolder: string): Promise<Listing> {
  const files: InputFile[] = [];
  const skipped: Skipped[] = [];
  const ownFolder = resolve(caseFolder);

  const visitFolder = async (folder: string, path: string, depth: number): Promise<void> => {
    if (resolve(folder) === ownFolder) {
      skipped.push({ path, reason: 'The case itself.' });
      return;
    }
    if (depth > deepestFolder) {
      skipped.push({ path, reason: `More than ${deepestFolder} folders deep.` });
      return;
    }
    let names: string[];
    try {
      names = await readdir(folder);
    } catch (thrown) {
      skipped.push({ path, reason: unreadable(thrown) });
      return;
    }
    for (const name of names.toSorted(byCodeUnit)) await visit(join(folder, name), `${path}/${name}`, depth);
  };

  const visit = async (location: string, path: string, depth: number): Promise<void> => {
    const name = basename(location);
    if (isHidden(name)) {
      skipped.push({ path, reason: hidden });
      return;
    }
    try {
      const found = await lstat(location);
      if (found.isSymbolicLink())
        skipped.push({ path, reason: 'A link; give its target by name to read it.' });
      else if (found.isDirectory()) await visitFolder(location, path, depth + 1);
      else if (found.isFile()) files.push({ path, location, bytes: found.size });
      else skipped.push({ path, reason: 'Neither a file nor a folder.' });
    } catch (thrown) {
      // Names that are no UTF-8 come with such a character in them, which does not lead back to the file.
      const reason = name.includes('\ufffd')
        ? 'Its name is no UTF-8; rename it to read it.'
        : unreadable(thrown);
      skipped.push({ path, reason });
    }
  };

  for (const given of paths) {
    if (given === standardInput) {
      files.push({ path: given, location: given, bytes: 0 });
      continue;
    }
    const location = resolve(given);
    const path = given
      .split(sep)
      .join('/')
      .replace(/(?<=[^/])\/+$/, '');
    const found = await statGiven(location, given);
    if (found.isDirectory()) await visitFolder(location, path, 0);
    else if (found.isFile()) files.push({ path, location, bytes: found.size });
    else skipped.push({ path, reason: 'Neither a file nor a folder.' });
  }
  return { files, skipped };
}

/**
 * Fails with `not-found` where a given path does not exist. The standard input always does. Answers how many files
 * there are at most, as far as that is known without looking into folders.
 */
export async function checkInputs(paths: readonly string[]): Promise<number> {
  let most = 0;
  for (const given of paths) {
    const isFolder = given !== standardInput && (await statGiven(resolve(given), given)).isDirectory();
    most += isFolder ? Number.POSITIVE_INFINITY : 1;
  }
  return most;
}

async function statGiven(location: string, given: string): Promise<Stats> {
  try {
    return await stat(location);
  } catch (thrown) {
    const message = `${given} cannot be read: ${unreadable(thrown)} Nothing was imported.`;
    throw new FailureError('not-found', message);
  }
}

/** Why the system refused a file, for a person. */
function unreadable(thrown: unknown): string {
  const code = (thrown as { code?: unknown } | null)?.code;
  if (code === 'ENOENT') return 'No such file or folder.';
  if (code === 'EACCES' || code === 'EPERM') return 'No permission to read it.';
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function byCodeUnit(first: string, second: string): number {
  return first < second ? -1 : first > second ? 1 : 0;
}
