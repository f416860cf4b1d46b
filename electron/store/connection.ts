import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { fileMode } from '#electron/platform/case-folder.ts';
import { codeOf } from './failures.ts';

/** A statement's text; only the `sql` tag makes one, so that values can only be bound, never pasted in. */
export type SqlText = string & { readonly sql: unique symbol };

interface Connection extends Omit<Database.Database, 'prepare' | 'exec'> {
  /** `Parameters` are bound when the statement runs; `Row` names what it returns. */
  prepare<Parameters extends unknown[] = unknown[], Row = unknown>(
    text: SqlText,
  ): Database.Statement<Parameters, Row>;
}

/** Reads cannot write: the two kinds of connection are different types, and SQLite holds the readable one to it. */
export interface ReadableDb extends Connection {
  readonly access: 'read';
}
export interface WritableDb extends Connection {
  readonly access: 'write';
  exec(text: SqlText): this;
}

/** Marks SQL text. SECURITY: it takes no values; they are bound when the statement runs. */
export function sql(text: TemplateStringsArray): SqlText {
  return (text[0] ?? '') as SqlText;
}

/**
 * Opens a database that no one writes through. Where a writer was killed in the middle of a commit, SQLite has to
 * undo that commit first, which takes a connection that may write: it is opened for that alone.
 */
export function openReadable(file: string): ReadableDb {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 10_000 });
  try {
    harden(db);
    db.pragma('query_only = ON');
    db.pragma('schema_version');
    return db as unknown as ReadableDb;
  } catch (thrown) {
    db.close();
    if (codeOf(thrown) !== 'SQLITE_READONLY_ROLLBACK') throw thrown;
    const recovering = new Database(file, { fileMustExist: true, timeout: 10_000 });
    try {
      recovering.pragma('schema_version');
    } finally {
      recovering.close();
    }
    return openReadable(file);
  }
}

/**
 * Opens the database for the one writer; makes the file (0600) where it is missing. A rollback journal with full
 * synchronisation: a commit survives a power cut, `kill -9` leaves the last commit, readers read between commits,
 * and the case stays one file that can be copied. Bulk load is no slower than with WAL, since rows reach the
 * database only in short transactions.
 */
export function openWritable(file: string): WritableDb {
  // SQLite would make the file with the process's umask; its journal takes the database's mode.
  closeSync(openSync(file, 'a', fileMode));
  const db = new Database(file, { timeout: 60_000 });
  try {
    harden(db);
    db.pragma('page_size = 16384');
    db.pragma('journal_mode = DELETE');
    db.pragma('synchronous = FULL');
    db.pragma('cache_size = -65536');
    return db as unknown as WritableDb;
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

function harden(db: Database.Database): void {
  db.pragma('foreign_keys = ON');
  db.pragma('trusted_schema = OFF');
  // Without it INSERT OR REPLACE would pass by the triggers that guard rows.
  db.pragma('recursive_triggers = ON');
}
