import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { fileMode } from '#electron/platform/case-folder.ts';
import { FailureError } from '#shared/util/result.ts';
import { codeOf } from '../failures.ts';

export interface CaseLock {
  release(): void;
}

/**
 * Makes this process the case's one writer, or throws kind `case-busy`. The lock is an exclusive SQLite lock on an
 * empty file, `case.lock`: the operating system drops it with the process, however that ends.
 */
export function lockCase(folder: string): CaseLock {
  const file = join(folder, 'case.lock');
  closeSync(openSync(file, 'a', fileMode));
  const db = new Database(file, { timeout: 0 });
  try {
    db.exec('begin exclusive');
  } catch (thrown) {
    db.close();
    if (!codeOf(thrown).startsWith('SQLITE_BUSY')) throw thrown;
    throw new FailureError(
      'case-busy',
      `${folder} is open for writing in another Rescind. Close it there, or wait until its import has finished.`,
    );
  }
  return { release: () => void db.close() };
}
