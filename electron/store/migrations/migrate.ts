import { chmodSync, copyFileSync, existsSync, renameSync } from 'node:fs';
import { fileMode } from '#electron/platform/case-folder.ts';
import { FailureError } from '#shared/util/result.ts';
import type { ReadableDb, WritableDb } from '../connection.ts';
import { initial } from './0001-initial.ts';
import { bundles } from './0002-bundles.ts';
import { identities } from './0003-identities.ts';
import { bundleSignature } from './0004-bundle-signature.ts';
import { bundleIdentities } from './0005-bundle-identities.ts';
import { rollUps } from './0006-roll-ups.ts';
import { textFilters } from './0007-text-filters.ts';
import type { Migration } from './migration.ts';

const migrations: readonly Migration[] = [
  initial,
  bundles,
  identities,
  bundleSignature,
  bundleIdentities,
  rollUps,
  textFilters,
];
export const schemaVersion = migrations.length;

/** The schema version of a case's database; 0 for an empty one. */
export function versionOf(db: ReadableDb | WritableDb): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/** Refuses a case whose manifest or database names a version from the future: throws kind `case-newer`. */
export function refuseNewer(version: number, folder: string, known = schemaVersion): void {
  if (version <= known) return;
  throw new FailureError(
    'case-newer',
    `${folder} was written by a newer Rescind (schema ${version}, this one knows ${known}). Update Rescind to open it.`,
  );
}

/**
 * Brings a case up to date: a backup of the database first (`case.db.v<version>.bak`), then each missing step in a
 * transaction of its own. Answers the versions that were applied. Throws kind `case-newer` for a case from the future.
 */
export function migrate(
  db: WritableDb,
  file: string,
  folder: string,
  steps: readonly Migration[] = migrations,
): number[] {
  const from = versionOf(db);
  refuseNewer(from, folder, steps.length);
  const missing = steps.filter((step) => step.version > from);
  if (from > 0 && missing.length > 0) backUp(file, `${file}.v${from}.bak`);
  for (const { version, text } of missing) {
    db.transaction(() => {
      db.exec(text);
      db.pragma(`user_version = ${version}`);
    }).immediate();
  }
  return missing.map(({ version }) => version);
}

/** Copies the database; the copy bears its name only when it is whole. */
function backUp(file: string, backup: string): void {
  if (existsSync(backup)) return;
  const part = `${backup}.part`;
  copyFileSync(file, part);
  chmodSync(part, fileMode);
  renameSync(part, backup);
}
