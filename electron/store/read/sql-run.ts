import Database from 'better-sqlite3';
import { FailureError } from '#shared/util/result.ts';
import type { SqlTable } from './sql-tables.ts';

type SqlRow = Readonly<Record<string, unknown>>;

export interface SqlAnswer {
  readonly columns: readonly string[];
  rows(): Iterable<SqlRow>;
  close(): void;
}

/**
 * Prepares the analyst's own SQL over the tables. Throws kind `query` for anything but one statement that reads.
 *
 * SECURITY: it runs in a database in memory of its own, which holds no table at all: the case's database is not
 * attached, the virtual tables read from memory and cannot be written. Only SELECT, WITH and VALUES get through, since
 * SQLite counts ATTACH and some PRAGMAs as reading too; extensions cannot be loaded.
 */
export function prepareSql(text: string, tables: readonly SqlTable[]): SqlAnswer {
  if (!/^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()*(?:select|with|values)\b/i.test(text)) {
    throw new FailureError(
      'query',
      'Only reading is possible: the statement starts with SELECT, WITH or VALUES.',
    );
  }
  const db = new Database(':memory:');
  try {
    db.pragma('trusted_schema = OFF');
    // What a large sort or join puts aside is case data: it does not leave the process.
    db.pragma('temp_store = MEMORY');
    for (const table of tables) {
      db.table(table.name, {
        columns: [...table.columns],
        *rows() {
          yield* table.rows() as Iterable<unknown[]>;
        },
      });
    }
    db.pragma('query_only = ON');
    const statement = db.prepare<[], SqlRow>(text);
    if (!statement.reader || !statement.readonly) throw new Error('The statement does not read.');
    return {
      columns: statement.columns().map(({ name }) => name),
      rows: () => advised(statement.iterate()),
      close: () => db.close(),
    };
  } catch (thrown) {
    db.close();
    throw queryFailure(thrown);
  }
}

function* advised(rows: Iterable<SqlRow>): Generator<SqlRow> {
  try {
    yield* rows;
  } catch (thrown) {
    throw queryFailure(thrown);
  }
}

function queryFailure(thrown: unknown): FailureError {
  if (thrown instanceof FailureError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new FailureError('query', `${message}. The tables are events, evidence, identities and bundles.`);
}
