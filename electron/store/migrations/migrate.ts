import { copyFileSync, existsSync } from 'node:fs';
import { FailureError } from '#shared/util/result.ts';
import type { ReadableDb, WritableDb } from '../connection.ts';
import { initial } from './0001-initial.ts';
import type { Migration } from './migration.ts';

const migrations: readonly Migration[] = [initial];
export const schemaVersion = migrations.length;

/** The schema version of a case's database; 0 for an empty one. */
export function versionOf(db: ReadableDb | WritableDb): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/** Refuses a case that a newer Rescind has written. */
export function refuseFuture(db: ReadableDb | WritableDb, folder: string): void {
  const version = versionOf(db);
  if (version > schemaVersion) {
    throw new FailureError(
      'case-newer',
      `${folder} was written by a newer Rescind (schema ${version}, this one knows ${schemaVersion}). Update Rescind to open it.`,
    );
  }
}

/**
 * Brings a case up to date: a backup of the database first (`case.db.v<version>.bak`), then each missing step in a
 * transaction of its own. Answers the versions that were applied.
 */
export function migrate(db: WritableDb, file: string, folder: string): number[] {
  refuseFuture(db, folder);
  const from = versionOf(db);
  const missing = migrations.filter((migration) => migration.version > from);
  const backup = `${file}.v${from}.bak`;
  if (from > 0 && missing.length > 0 && !existsSync(backup)) copyFileSync(file, backup);
  for (const migration of missing) {
    db.transaction(() => {
      db.exec(migration.text);
      db.pragma(`user_version = ${migration.version}`);
    }).immediate();
  }
  return missing.map((migration) => migration.version);
}
