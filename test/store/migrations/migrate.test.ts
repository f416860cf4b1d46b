import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CaseManifest, caseFolder } from '#electron/platform/case-folder.ts';
import { type WritableDb, openWritable, sql } from '#electron/store/connection.ts';
import { initial } from '#electron/store/migrations/0001-initial.ts';
import { migrate, schemaVersion } from '#electron/store/migrations/migrate.ts';
import type { Migration } from '#electron/store/migrations/migration.ts';
import { projectRoot } from '#test/support/imports.ts';
import { importFiles } from '../writer/fake-ingest.ts';
import { type Place, newCase } from '../writer/support.ts';
import { syntheticFile } from '../writer/synthetic.ts';

const next: Migration = {
  version: schemaVersion + 1,
  slug: 'notes',
  text: sql`
    create table note (id integer primary key, text text not null) strict;
    insert into note (text) select path from evidence;
  `,
};
const broken: Migration = {
  version: schemaVersion + 2,
  slug: 'broken',
  text: sql`create table half (id integer) strict; insert into nowhere values (1);`,
};

function populatedCase(): Place & { readonly file: string; readonly db: WritableDb } {
  const { writer, ...place } = newCase();
  importFiles(writer, [syntheticFile({ seed: 2, path: 'a.json', records: 500, ids: 1_000 })]);
  writer.close({});
  const file = caseFolder(place.folder).database;
  const db = openWritable(file);
  onTestFinished(() => void db.close());
  return { ...place, file, db };
}

describe('migrations', () => {
  it('bear consecutive numbers, and their files those numbers', () => {
    const files = readdirSync(join(projectRoot, 'electron/store/migrations')).filter((name) =>
      /^\d/.test(name),
    );
    const expected = Array.from({ length: schemaVersion }, (_, index) => String(index + 1).padStart(4, '0'));
    expect(files.map((name) => name.slice(0, 4)).toSorted()).toEqual(expected);
    const { db } = populatedCase();
    expect(db.pragma('user_version', { simple: true })).toBe(schemaVersion);
  });

  it('keep what an older case holds, after a backup that is for the analyst alone', () => {
    const { db, file, folder } = populatedCase();
    const before = readFileSync(file);
    expect(migrate(db, file, folder, [initial, next])).toEqual([next.version]);
    expect(db.prepare(sql`select text from note`).pluck().all()).toEqual(['a.json']);
    expect(db.prepare(sql`select count(*) from segment_column`).pluck().get()).toBeGreaterThan(20);
    const backup = `${file}.v${schemaVersion}.bak`;
    expect(readFileSync(backup).equals(before)).toBe(true);
    expect((statSync(backup).mode & 0o777).toString(8)).toBe('600');
    expect(migrate(db, file, folder, [initial, next])).toEqual([]);
  });

  it('happen whole or not at all', () => {
    const { db, file, folder } = populatedCase();
    expect(() => migrate(db, file, folder, [initial, next, broken])).toThrow(/nowhere/);
    expect(db.pragma('user_version', { simple: true })).toBe(next.version);
    expect(db.prepare(sql`select name from sqlite_schema where name = 'half'`).all()).toEqual([]);
  });
});

describe('a case from the future', () => {
  it('is refused by its manifest, before anything is touched', () => {
    const { writer, folder, configFolder } = newCase();
    writer.close({});
    const { manifest, database } = caseFolder(folder);
    const known = JSON.parse(readFileSync(manifest, 'utf8')) as CaseManifest;
    writeFileSync(manifest, JSON.stringify({ ...known, schemaVersion: 99 }));
    const before = readFileSync(database);
    expect(() => writer.open({ folder, configFolder })).toThrow(
      /newer Rescind \(schema 99, this one knows 1\)/,
    );
    expect(readFileSync(database).equals(before)).toBe(true);
  });

  it('is refused by its database, and left as it is', () => {
    const { writer, folder, configFolder } = newCase();
    writer.close({});
    const { database } = caseFolder(folder);
    const db = new Database(database);
    db.pragma('user_version = 7');
    db.close();
    expect(() => writer.open({ folder, configFolder })).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ kind: 'case-newer' }) }),
    );
    expect(existsSync(`${database}.v7.bak`)).toBe(false);
  });
});
