import { FailureError, failureOf } from '#shared/util/result.ts';

/**
 * The failure that an error of SQLite or of the file system stands for, with what to do about it; failures pass
 * unchanged, anything unexpected is kind `internal`. `folder` is the case's.
 */
export function storeFailure(thrown: unknown, folder: string): FailureError {
  if (thrown instanceof FailureError) return thrown;
  const code = codeOf(thrown);
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new FailureError(
      'case-busy',
      `The database of ${folder} is in use by another program. Close it there and try again.`,
      { code },
    );
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return new FailureError(
      'unusable',
      `The database of ${folder} is damaged. The originals in its evidence folder are not touched: import them into a new case, or restore case.db from a backup.`,
      { code },
    );
  }
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS') {
    return new FailureError(
      'unusable',
      `${folder} cannot be written to. Check its permissions, or copy it to a folder that you own.`,
      { code },
    );
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new FailureError(
      'unusable',
      `The permissions of ${folder} do not let you do that. Change them, or copy the case to a folder that you own.`,
      { code },
    );
  }
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_IOERR')) {
    return new FailureError(
      'unusable',
      `The database of ${folder} cannot be read or written (${code}). Check the disk and its permissions.`,
      { code },
    );
  }
  const { kind, message, details } = failureOf(thrown);
  return new FailureError(kind, message, details);
}

/** The `code` of an error of SQLite or the file system, else empty. */
export function codeOf(thrown: unknown): string {
  const code = (thrown as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}
