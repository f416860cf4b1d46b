import Database from 'better-sqlite3';

/** Reads cannot write: the two kinds of connection are different types, and SQLite holds the readable one to it. */
export type ReadableDb = Database.Database & { readonly access: 'read' };
export type WritableDb = Database.Database & { readonly access: 'write' };

/** A statement's text; written with the `sql` tag so that values can only be bound, never pasted in. */
export type SqlText = string & { readonly sql: unique symbol };

/** Marks SQL text. SECURITY: it takes no values; they are bound when the statement runs. */
export function sql(text: TemplateStringsArray): SqlText {
  return (text[0] ?? '') as SqlText;
}

export function openReadable(file: string): ReadableDb {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 10_000 });
  harden(db);
  db.pragma('query_only = ON');
  return db as unknown as ReadableDb;
}

/**
 * Rollback journal and full synchronisation: bulk load is as fast as with WAL (performance notes in ARCHITECTURE.md),
 * a commit survives a power cut, and the case stays one file that can be copied.
 */
export function openWritable(file: string): WritableDb {
  const db = new Database(file, { timeout: 10_000 });
  harden(db);
  db.pragma('journal_mode = DELETE');
  db.pragma('synchronous = FULL');
  db.pragma('cache_size = -65536');
  return db as unknown as WritableDb;
}

function harden(db: Database.Database): void {
  db.pragma('foreign_keys = ON');
  db.pragma('trusted_schema = OFF');
  // Without it INSERT OR REPLACE would pass by the triggers that guard rows.
  db.pragma('recursive_triggers = ON');
}
