// Runs on any Node from 20 on: this is what finds out that the right one is missing.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const stamps = join(root, '.cache', 'stamps');

/** A digest of the content of the given files and folders, relative to the root. */
export function digestOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) addPath(hash, join(root, path));
  return hash.digest('hex');
}

function addPath(hash, path) {
  if (!existsSync(path)) return;
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path).toSorted()) addPath(hash, join(path, name));
  } else {
    hash.update(path).update('\0').update(readFileSync(path));
  }
}

/** Whether the step `name` was last done for this digest. */
export function isFresh(name, digest) {
  const file = join(stamps, name);
  return existsSync(file) && readFileSync(file, 'utf8') === digest;
}

export function markFresh(name, digest) {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(join(stamps, name), digest);
}

/** A digest of everything that the build is made of. */
export function buildDigest() {
  return digestOf([
    'electron',
    'renderer',
    'shared',
    'resources',
    'package-lock.json',
    'scripts/build.mjs',
    'vite.config.ts',
  ]);
}
