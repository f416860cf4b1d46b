import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { fileMode } from '#electron/platform/case-folder.ts';
import { FailureError } from '#shared/util/result.ts';

/**
 * Append-only by triggers: no update, no delete, and only the number that is due, so that INSERT OR REPLACE has
 * nothing to replace whatever the connection's settings are. That keeps honest programs honest; who changes the file
 * itself is found by the Merkle tree.
 */
const schema = `
create table if not exists meta (key text primary key, value text not null) strict, without rowid;
create table if not exists record (
  seq integer primary key, run text, action text, kind text not null, line text not null, body text not null
) strict;
create index if not exists record_by_run on record (run, seq);
create table if not exists checkpoint (id integer primary key, size integer not null, note text not null) strict;
create table if not exists nonce (nonce text primary key, run text not null) strict, without rowid;
create trigger if not exists record_next before insert on record
  when new.seq is not (select coalesce(max(seq) + 1, 0) from record)
  begin select raise(abort, 'not the next record'); end;
create trigger if not exists record_kept before update on record begin select raise(abort, 'records stay'); end;
create trigger if not exists record_stays before delete on record begin select raise(abort, 'records stay'); end;
create trigger if not exists checkpoint_next before insert on checkpoint
  when new.id is not (select coalesce(max(id) + 1, 0) from checkpoint)
  begin select raise(abort, 'not the next checkpoint'); end;
create trigger if not exists checkpoint_kept before update on checkpoint begin select raise(abort, 'kept'); end;
create trigger if not exists checkpoint_stays before delete on checkpoint begin select raise(abort, 'kept'); end;
create trigger if not exists nonce_once before insert on nonce
  when exists (select 1 from nonce where nonce = new.nonce)
  begin select raise(abort, 'used before'); end;
create trigger if not exists nonce_kept before update on nonce begin select raise(abort, 'kept'); end;
create trigger if not exists nonce_stays before delete on nonce begin select raise(abort, 'kept'); end;
create trigger if not exists meta_once before insert on meta
  when exists (select 1 from meta where key = new.key) begin select raise(abort, 'kept'); end;
create trigger if not exists meta_kept before update on meta begin select raise(abort, 'kept'); end;
create trigger if not exists meta_stays before delete on meta begin select raise(abort, 'kept'); end;
`;

export type JournalDatabase = Database.Database;

/** Opens the file for appending (0600, made where it is missing): full synchronisation, so that a commit is durable. */
export function openForAppending(file: string): JournalDatabase {
  const db = openOwn(file, 10_000);
  try {
    harden(db);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.transaction(() => db.exec(schema)).immediate();
    return db;
  } catch (thrown) {
    db.close();
    throw journalFailure(thrown, file);
  }
}

/** Opens a file that only its owner may read: SQLite would make it with the process's umask. */
function openOwn(file: string, timeout: number): JournalDatabase {
  try {
    closeSync(openSync(file, 'a', fileMode));
    return new Database(file, { timeout });
  } catch (thrown) {
    throw journalFailure(thrown, file);
  }
}

/** Opens the file for reading alone. Throws kind `not-found` where there is none. */
export function openForReading(file: string): JournalDatabase {
  try {
    const db = new Database(file, { fileMustExist: true, timeout: 10_000 });
    harden(db);
    db.pragma('query_only = ON');
    return db;
  } catch (thrown) {
    throw journalFailure(thrown, file);
  }
}

function harden(db: JournalDatabase): void {
  db.pragma('trusted_schema = OFF');
  db.pragma('recursive_triggers = ON');
}

/** What an error of SQLite or of the file system means here; any other comes back as it is. */
export function journalFailure(thrown: unknown, file: string): Error {
  if (thrown instanceof FailureError) return thrown;
  const code = codeOf(thrown);
  if (code.startsWith('SQLITE_CANTOPEN')) {
    return new FailureError('not-found', `There is no action journal ${file}.`, { code });
  }
  if (code.startsWith('SQLITE_BUSY')) {
    return new FailureError('case-busy', `The action journal ${file} is in use. Try again.`, { code });
  }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') {
    return new FailureError('disk-full', 'The disk is full: no intent can be kept, so nothing is done.', {
      code,
    });
  }
  if (['SQLITE_READONLY', 'EACCES', 'EPERM', 'EROFS'].some((each) => code.startsWith(each))) {
    return new FailureError(
      'unusable',
      `The action journal ${file} cannot be written: no intent can be kept, so nothing is done.`,
      { code },
    );
  }
  if (code.startsWith('SQLITE_')) {
    return new FailureError('unusable', `The action journal ${file} cannot be used (${code}).`, { code });
  }
  return thrown instanceof Error ? thrown : new Error('the journal failed', { cause: thrown });
}

function codeOf(thrown: unknown): string {
  const code = (thrown as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** An exclusive lock on an empty file, which the operating system drops with the process, however that ends. */
export function lockFile(file: string): { release(): void } | null {
  const db = openOwn(file, 0);
  try {
    db.exec('begin exclusive');
  } catch (thrown) {
    db.close();
    if (!codeOf(thrown).startsWith('SQLITE_BUSY')) throw journalFailure(thrown, file);
    return null;
  }
  return { release: () => void db.close() };
}
