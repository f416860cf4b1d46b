import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { caseFolder } from '#electron/platform/case-folder.ts';
import { schemaVersion } from '#electron/store/migrations/migrate.ts';
import { openReadable, openWritable, sql } from '#electron/store/connection.ts';
import type { FailureError } from '#shared/util/result.ts';
import { importFiles } from './fake-ingest.ts';
import { freshPlace, newCase, openWriter } from './support.ts';
import { syntheticFile } from './synthetic.ts';

const file = syntheticFile({ seed: 2, path: 'a', records: 200, ids: 1_000 });

function failureOf(action: () => unknown): { kind: string; message: string } {
  try {
    action();
  } catch (thrown) {
    return (thrown as FailureError).failure;
  }
  throw new Error('expected a failure');
}

describe('a case', () => {
  it('is one folder for the analyst alone', () => {
    const { folder, writer } = newCase();
    importFiles(writer, [file]);
    const mode = (name: string): string => (statSync(join(folder, name)).mode & 0o777).toString(8);
    for (const name of ['', 'evidence', 'journal']) expect([name, mode(name)]).toEqual([name, '700']);
    for (const name of ['case.db', 'case.json', 'case.lock', 'journal/custody.jsonl']) {
      expect([name, mode(name)]).toEqual([name, '600']);
    }
    expect(JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8'))).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'Test',
      schemaVersion,
    });
  });

  it('opens again with its name and counts, and grows its revision with each change alone', () => {
    const { folder, configFolder, writer } = newCase();
    const { events } = importFiles(writer, [file]);
    const summary = writer.open({ folder, configFolder });
    expect(summary).toMatchObject({ name: 'Test', folder, events, files: 1 });
    importFiles(writer, [file]);
    expect(writer.open({ folder, configFolder })).toEqual(summary);
  });

  it('is not made where there is one, or anything else', () => {
    const { folder, root, configFolder, writer } = newCase();
    writer.close({});
    expect(failureOf(() => writer.create({ folder, configFolder, name: 'x' }))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('holds a case already'),
    });
    const other = join(root, 'documents');
    mkdirSync(other);
    writeFileSync(join(other, 'letter.txt'), 'Dear');
    expect(failureOf(() => writer.create({ folder: other, configFolder, name: 'x' })).kind).toBe('refused');
    expect(existsSync(join(other, 'case.json'))).toBe(false);
  });

  it('whose creation was cut short can be made or opened', () => {
    const { folder, configFolder, writer } = newCase();
    const { id } = writer.open({ folder, configFolder });
    writer.close({});
    rmSync(join(folder, 'case.db'));
    expect(writer.open({ folder, configFolder })).toMatchObject({ id, events: 0 });
    writer.close({});
    rmSync(join(folder, 'case.db'));
    expect(writer.create({ folder, configFolder, name: 'Again' })).toMatchObject({ id, name: 'Again' });
  });

  it('says what is wrong with a folder that is none, or is broken', () => {
    const { folder, root, configFolder, writer } = newCase();
    expect(failureOf(() => writer.open({ folder: root, configFolder })).kind).toBe('not-found');
    writer.close({});
    writeFileSync(caseFolder(folder).database, 'this is not a database, but it is long enough'.repeat(50));
    expect(failureOf(() => writer.open({ folder, configFolder })).kind).toBe('unusable');
    rmSync(caseFolder(folder).database);
    writeFileSync(join(folder, 'evidence', 'a'.repeat(64)), 'bytes');
    expect(failureOf(() => writer.open({ folder, configFolder })).message).toContain('no case.db');
    writeFileSync(caseFolder(folder).manifest, '{"id":1}');
    expect(failureOf(() => writer.open({ folder, configFolder })).message).toContain('case.json');
    expect(failureOf(() => writer.beginRun({ paths: [] })).kind).toBe('no-case');
  });
});

describe('a second writer', () => {
  it('is told that the case is busy, until the first one ends', async () => {
    const place = freshPlace();
    const child = fork(join(import.meta.dirname, 'hold-case.ts'), [JSON.stringify(place)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'message');
    const writer = openWriter();
    expect(failureOf(() => writer.open(place))).toMatchObject({
      kind: 'case-busy',
      message: expect.stringContaining('open for writing in another Rescind'),
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(writer.open(place).name).toBe('Held');
  });
});

describe('connections', () => {
  it('for reading cannot write', () => {
    const { folder } = newCase();
    const db = openReadable(caseFolder(folder).database);
    onTestFinished(() => void db.close());
    expect(() => db.prepare(sql`update state set revision = 9`).run()).toThrow(/readonly/);
  });

  it('hold foreign keys, do not trust the schema, and fire triggers of replaced rows', () => {
    const { folder } = newCase();
    for (const open of [openReadable, openWritable]) {
      const db = open(caseFolder(folder).database);
      const setting = (name: string): unknown => db.pragma(name, { simple: true });
      expect([setting('foreign_keys'), setting('trusted_schema'), setting('recursive_triggers')]).toEqual([
        1, 0, 1,
      ]);
      db.close();
    }
  });

  it('for reading first undo a commit that was cut short', () => {
    const { folder, root } = newCase();
    const { database } = caseFolder(folder);
    // A commit that got as far as the database and was never finished: as a crash leaves it.
    const db = new Database(database);
    db.pragma('cache_size = 1');
    db.pragma('cache_spill = 1');
    db.exec('begin immediate; update state set revision = 77');
    db.exec(
      `create table filler (data blob) strict; with recursive n(i) as (values(1) union all select i + 1 from n where i < 300) insert into filler select randomblob(9000) from n`,
    );
    const copy = join(root, 'copy.db');
    writeFileSync(copy, readFileSync(database));
    writeFileSync(`${copy}-journal`, readFileSync(`${database}-journal`));
    db.close();
    const reader = openReadable(copy);
    onTestFinished(() => void reader.close());
    expect(reader.prepare(sql`select revision from state`).pluck().get()).toBe(0);
    expect(reader.pragma('integrity_check', { simple: true })).toBe('ok');
  });
});
