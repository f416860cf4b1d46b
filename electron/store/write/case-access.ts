import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { type CaseManifest, caseFolder } from '#electron/platform/case-folder.ts';
import { makeFolder } from '#electron/platform/folders.ts';
import { FailureError } from '#shared/util/result.ts';
import { type WritableDb, openWritable } from '../connection.ts';
import { readManifest, writeManifest } from '../manifest.ts';
import { migrate, refuseNewer, schemaVersion } from '../migrations/migrate.ts';
import { Custody, caseCreated, caseMigrated } from './custody.ts';
import { type CaseLock, lockCase } from './lock.ts';
import { fillRollUps } from './roll-ups.ts';
import { fillTextFilters } from './text-filters.ts';

/** A case that this process alone may write. */
export interface CaseAccess {
  readonly folder: string;
  readonly manifest: CaseManifest;
  readonly db: WritableDb;
  readonly custody: Custody;
  close(): void;
}

export interface CaseLocation {
  readonly folder: string;
  readonly configFolder: string;
}

/**
 * Makes a case in a folder that does not exist, is empty, or holds what a killed creation left. Throws kind `refused`
 * where there is a case or anything else, `unusable` where no folder can be made.
 */
export function createCase(location: CaseLocation, name: string): CaseAccess {
  const { folder } = location;
  const paths = caseFolder(folder);
  if (existsSync(paths.database) && readManifest(folder) !== null) {
    throw new FailureError('refused', `${folder} holds a case already. Open it, or choose another folder.`);
  }
  const own = ['evidence', 'bundles', 'journal', 'case.lock', 'case.json', 'case.json.new'];
  if (existsSync(folder) && readdirSync(folder).some((entry) => !own.includes(entry))) {
    throw new FailureError('refused', `${folder} is not empty. Choose a new folder for the case.`);
  }
  for (const path of [folder, paths.evidence, paths.journal]) {
    makeFolder(path, 'Choose another place for the case.');
  }
  return locked(location, () => {
    const unfinished = readManifest(folder);
    const manifest = {
      id: randomUUID(),
      created: new Date().toISOString(),
      ...unfinished,
      name,
      schemaVersion,
    };
    writeManifest(folder, manifest);
    return manifest;
  });
}

/**
 * Opens a case: undoes what a crash left of a commit, and migrates an older case after a backup. Throws kinds
 * `not-found`, `case-newer`, `case-busy`, `unusable`.
 */
export function openCase(location: CaseLocation): CaseAccess {
  const { folder } = location;
  const paths = caseFolder(folder);
  const manifest = readManifest(folder);
  if (manifest === null) {
    throw new FailureError(
      'not-found',
      `${folder} is not a case: it has no case.json. ${existsSync(paths.database) ? 'Restore that file from a copy of the case.' : `Create a case there, or choose the folder of one (${basename(folder)} may lie inside it).`}`,
    );
  }
  refuseNewer(manifest.schemaVersion, folder);
  if (!existsSync(paths.database) && isUsed(paths.evidence)) {
    throw new FailureError(
      'unusable',
      `${folder} has evidence and no case.db. Restore case.db from a copy of the case, or import its evidence into a new one.`,
    );
  }
  return locked(location, () => manifest);
}

/** Takes the lock, then the manifest, the database in the present schema and the journal. */
function locked({ folder, configFolder }: CaseLocation, manifestOf: () => CaseManifest): CaseAccess {
  const lock = lockCase(folder);
  let db: WritableDb | null = null;
  try {
    const manifest = { ...manifestOf(), schemaVersion };
    const paths = caseFolder(folder);
    db = openWritable(paths.database);
    const applied = migrate(db, paths.database, folder);
    fillRollUps(db);
    fillTextFilters(db);
    const custody = new Custody(folder, configFolder);
    return ready(folder, manifest, applied, db, custody, lock);
  } catch (thrown) {
    db?.close();
    lock.release();
    throw thrown;
  }
}

function ready(
  folder: string,
  manifest: CaseManifest,
  applied: readonly number[],
  db: WritableDb,
  custody: Custody,
  lock: CaseLock,
): CaseAccess {
  if (readManifest(folder)?.schemaVersion !== manifest.schemaVersion) writeManifest(folder, manifest);
  // Where the first step was needed the case is a new one, and no step changed anything that was there.
  const isNew = applied.includes(1);
  custody.append([caseCreated(manifest), ...(isNew ? [] : applied.map(caseMigrated))]);
  return {
    folder,
    manifest,
    db,
    custody,
    close: () => {
      custody.close();
      db.close();
      lock.release();
    },
  };
}

function isUsed(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).length > 0;
}
