import { mkdir, readFile, readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { folderMode } from '#electron/platform/case-folder.ts';
import { writeWhole } from '#electron/platform/write-whole.ts';
import type { PolicyTestsEntry, PolicyTestsText } from '#shared/ipc/views.ts';
import { policyTestsName } from '#shared/policy-tests/policy-test.ts';
import { FailureError } from '#shared/util/result.ts';

const ending = '.yml';
/** Bytes of a file of policy tests. */
const largest = 1_000_000;

/** Files of policy tests of a case by name, in the order of their names. */
export async function listPolicyTests(folder: string): Promise<PolicyTestsEntry[]> {
  const files = await readdir(folder).catch(() => []);
  const names = files.filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length));
  const wanted = names.filter((name) => policyTestsName.test(name)).toSorted();
  const found = await Promise.all(wanted.map((name) => entryOf(folder, name).catch(() => null)));
  return found.filter((entry) => entry !== null);
}

/** Throws kind `not-found` where the case has none of this name. */
export async function readPolicyTests(folder: string, name: string): Promise<PolicyTestsText> {
  const text = await readFile(pathOf(folder, name), 'utf8').catch(() => null);
  if (text === null) throw new FailureError('not-found', `The case has no policy tests called “${name}”.`);
  return { name, text };
}

/** A file outside of the case. Throws kind `unusable` where it is too large or no text. */
export async function readForeignTests(path: string): Promise<PolicyTestsText> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile() !== true || found.size > largest) {
    throw new FailureError('unusable', `${basename(path)} is no file of policy tests, or too large for one.`);
  }
  const bytes = await readFile(path);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { name: basename(path).replace(/\.ya?ml$/i, ''), text };
  } catch {
    throw new FailureError('unusable', `${basename(path)} is no text in UTF-8.`);
  }
}

/** A file bears its name only when it is whole and on the disk. */
export async function writePolicyTests(
  folder: string,
  name: string,
  text: string,
): Promise<PolicyTestsEntry> {
  await mkdir(folder, { recursive: true, mode: folderMode });
  await writeWhole(pathOf(folder, name), text);
  return entryOf(folder, name);
}

export async function removePolicyTests(folder: string, name: string): Promise<void> {
  await rm(pathOf(folder, name), { force: true });
}

async function entryOf(folder: string, name: string): Promise<PolicyTestsEntry> {
  const { size, mtime } = await stat(pathOf(folder, name));
  return { name, bytes: size, changedAt: mtime.toISOString() };
}

function pathOf(folder: string, name: string): string {
  return join(folder, `${name}${ending}`);
}
