import { readdir, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { FileToken, FolderListing } from '#shared/ipc/views.ts';
import { FailureError } from '#shared/util/result.ts';
import type { FileTokens } from '../file-tokens.ts';
import type { HandlerServices, Handlers } from './handler.ts';

/** Entries of a folder that are listed; a larger one is taken as a whole. */
const mostEntries = 2_000;

export function fileHandlers({
  host,
  tokens,
}: HandlerServices): Handlers<'files.pick' | 'files.browse' | 'files.save'> {
  return {
    'files.save': async (file) => {
      if (!host.nativeDialogs) {
        throw new FailureError(
          'unsupported',
          'This host has no dialogs of its own: the browser saves files.',
        );
      }
      // SECURITY: the page proposes a name; where the file lies is chosen in the system's dialog alone.
      const target = await host.pickTarget(basename(file.name));
      const content = 'text' in file ? file.text : Buffer.from(file.base64, 'base64');
      if (target !== null) await writeFile(target, content, { mode: 0o600 });
      return { saved: target !== null };
    },
    'files.pick': async ({ purpose }) => {
      if (!host.nativeDialogs) {
        throw new FailureError('unsupported', 'This host has no dialogs of its own; use “files.browse”.');
      }
      return tokens.givePaths(await host.pick(purpose));
    },
    'files.browse': async ({ token }) => {
      // SECURITY: where the system's dialog exists the page has no need to look into folders.
      if (host.nativeDialogs) {
        throw new FailureError('refused', 'Files are chosen in the system’s dialog here.');
      }
      return listFolder(token, tokens);
    },
  };
}

/** What a folder that a token stands for holds, by default the user's. */
export async function listFolder(token: string | null, tokens: FileTokens): Promise<FolderListing> {
  const folder = token === null ? homedir() : tokens.take(token).path;
  const names = await namesIn(folder);
  const entries: FileToken[] = [];
  for (const name of names.slice(0, mostEntries)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found?.isDirectory() === true) {
      entries.push(tokens.give({ path, name, kind: 'folder', bytes: null }));
    } else if (found?.isFile() === true) {
      entries.push(tokens.give({ path, name, kind: 'file', bytes: found.size }));
    }
  }
  const parent = dirname(folder);
  return {
    folder,
    self: folderToken(folder, tokens),
    parent: parent === folder ? null : folderToken(parent, tokens),
    entries: entries.toSorted((first, second) => rank(first) - rank(second)),
    truncated: names.length > mostEntries,
  };
}

/** Names in the folder by alphabet, without hidden ones. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => !name.startsWith('.')).toSorted((a, b) => a.localeCompare(b, 'en'));
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    const why = code === 'EACCES' || code === 'EPERM' ? 'no permission to read it' : (code ?? 'it failed');
    throw new FailureError('unusable', `${folder} cannot be listed: ${why}. Choose another folder.`);
  }
}

function folderToken(path: string, tokens: FileTokens): FileToken {
  const name = basename(path);
  return tokens.give({ path, name: name === '' ? path : name, kind: 'folder', bytes: null });
}

function rank({ kind }: FileToken): number {
  return kind === 'folder' ? 0 : 1;
}
