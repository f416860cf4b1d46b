import { resolve } from 'node:path';

/**
 * The case folder that the words of a start name, as an absolute path; null where they name none. SECURITY: the
 * words are data. Options are Chromium's affair and none of ours; nothing of them is run or evaluated. `rescind DIR`
 * and `rescind open DIR` mean the same; everything after `--` is a folder even if it begins with a dash.
 */
export function folderOf(words: readonly string[], workingFolder: string): string | null {
  const separator = words.indexOf('--');
  const before = (separator === -1 ? words : words.slice(0, separator)).filter(
    (word) => !word.startsWith('-'),
  );
  const after = separator === -1 ? [] : words.slice(separator + 1);
  const named = [...(before[0] === 'open' ? before.slice(1) : before), ...after];
  const [folder] = named;
  return folder === undefined || folder === '' || folder.includes('\0')
    ? null
    : resolve(workingFolder, folder);
}

/**
 * Whether the words are a command of the command line: its name is a plain word. A folder is named by a path, e.g.
 * `./case`, or after `open`.
 */
export function isCommandLine([first]: readonly string[]): boolean {
  if (first === undefined || first === 'open') return false;
  return /^[a-z]+$/.test(first) || ['--help', '-h', '--version'].includes(first);
}

/** What a second instance hands over to the first, when it is read as what came from outside. */
export function folderIn(additionalData: unknown): string | null {
  const folder = (additionalData as { folder?: unknown } | null)?.folder;
  return typeof folder === 'string' && folder !== '' && !folder.includes('\0') ? folder : null;
}
