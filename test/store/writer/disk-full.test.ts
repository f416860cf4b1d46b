import { expect, it } from 'vitest';
import { caseFolder } from '#electron/platform/case-folder.ts';
import { type WritableDb, openWritable, sql } from '#electron/store/connection.ts';
import { storeFailure } from '#electron/store/failures.ts';
import { Custody } from '#electron/store/write/custody.ts';
import { type CommitLimits, ImportRun } from '#electron/store/write/import-run.ts';
import { readContent } from './case-content.ts';
import { importFiles, ingestBatch } from './fake-ingest.ts';
import { newCase } from './support.ts';
import { syntheticFile } from './synthetic.ts';

const file = syntheticFile({ seed: 2, path: 'a', records: 12_000, ids: 1_000_000 });
const limits: CommitLimits = { events: 1_500, rows: 1e6, milliseconds: 1e6 };

/** Writes in batches of 1,000 until something fails; answers what. */
function importUntilFull(run: ImportRun): unknown {
  const { evidenceId } = run.register(file.evidence);
  for (let from = 0; from < file.records.length; from += 1_000) {
    const part = file.records.slice(from, from + 1_000);
    const { offset, length } = part.at(-1)!;
    try {
      run.write(evidenceId, ingestBatch(part), offset + length);
    } catch (thrown) {
      return thrown;
    }
  }
  return null;
}

it('a full disk ends the import with advice, and the same import goes on when there is room', () => {
  const expected = newCase();
  importFiles(expected.writer, [file]);

  const { folder, configFolder, writer } = newCase();
  writer.close({});
  const custody = new Custody(folder, configFolder);
  const db: WritableDb = openWritable(caseFolder(folder).database);
  const pages = Number(db.pragma('page_count', { simple: true }));
  db.pragma(`max_page_count = ${pages + 40}`);
  const run = new ImportRun(db, custody, ['a'], limits);
  const failure = storeFailure(importUntilFull(run), folder).failure;
  expect(failure).toMatchObject({ kind: 'disk-full', message: expect.stringContaining('continues') });
  // The run takes nothing more: what it holds in memory is not in the database.
  expect(() => run.end(true)).toThrow(/disk is full/);
  const stored = db
    .prepare<[], { resumeAt: number; events: number; rows: number }>(sql`
      select resume_at as resumeAt, events, (select sum(count) from segment) as rows from evidence
    `)
    .get();
  expect(stored?.events).toBeGreaterThan(0);
  expect(stored?.events).toBe(stored?.rows);
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  db.close();
  custody.close();

  writer.open({ folder, configFolder });
  importFiles(writer, [file]);
  expect(readContent(folder)).toEqual(readContent(expected.folder));
});
