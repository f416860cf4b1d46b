import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CaseManifest, caseFolder } from '#electron/platform/case-folder.ts';
import { type WritableDb, openWritable, sql } from '#electron/store/connection.ts';
import { initial } from '#electron/store/migrations/0001-initial.ts';
import { identities } from '#electron/store/migrations/0003-identities.ts';
import { bundles } from '#electron/store/migrations/0002-bundles.ts';
import { bundleSignature } from '#electron/store/migrations/0004-bundle-signature.ts';
import { bundleIdentities } from '#electron/store/migrations/0005-bundle-identities.ts';
import { rollUps } from '#electron/store/migrations/0006-roll-ups.ts';
import { textFilters } from '#electron/store/migrations/0007-text-filters.ts';
import { migrate, schemaVersion } from '#electron/store/migrations/migrate.ts';
import type { Migration } from '#electron/store/migrations/migration.ts';
import { projectRoot } from '#test/support/imports.ts';
import { readContent } from '../writer/case-content.ts';
import { importFiles } from '../writer/fake-ingest.ts';
import { type Place, freshPlace, newCase } from '../writer/support.ts';
import { syntheticFile } from '../writer/synthetic.ts';

const every = [initial, bundles, identities, bundleSignature, bundleIdentities, rollUps, textFilters];

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
    expect(migrate(db, file, folder, [...every, next])).toEqual([next.version]);
    expect(db.prepare(sql`select text from note`).pluck().all()).toEqual(['a.json']);
    expect(db.prepare(sql`select count(*) from segment_column`).pluck().get()).toBeGreaterThan(20);
    const backup = `${file}.v${schemaVersion}.bak`;
    expect(readFileSync(backup).equals(before)).toBe(true);
    expect((statSync(backup).mode & 0o777).toString(8)).toBe('600');
    expect(migrate(db, file, folder, [...every, next])).toEqual([]);
  });

  it('happen whole or not at all', () => {
    const { db, file, folder } = populatedCase();
    expect(() => migrate(db, file, folder, [...every, next, broken])).toThrow(/nowhere/);
    expect(db.pragma('user_version', { simple: true })).toBe(next.version);
    expect(db.prepare(sql`select name from sqlite_schema where name = 'half'`).all()).toEqual([]);
  });
});

describe('from version 1', () => {
  it('a case with evidence gains its bundles and loses nothing', () => {
    const place = freshPlace();
    mkdirSync(place.folder, { recursive: true });
    const { database } = caseFolder(place.folder);
    const db = openWritable(database);
    onTestFinished(() => void db.close());
    expect(migrate(db, database, place.folder, [initial])).toEqual([1]);
    db.exec(sql`
      insert into import_run (id, paths, started_at) values (1, '[]', '2026-01-01T00:00:00Z');
      insert into evidence (id, sha256, path, bytes, encoding, location, status, imported_at, run_id)
      values (1, 'aa', 'a.json', 5, 'none', '{"kind":"file"}', 'complete', '2026-01-01T00:00:00Z', 1);
      insert into segment values (1, 0, 10, 5, 9);
    `);
    expect(migrate(db, database, place.folder, [initial, bundles])).toEqual([2]);
    expect(db.prepare(sql`select path, bytes from evidence`).all()).toEqual([{ path: 'a.json', bytes: 5 }]);
    expect(db.prepare(sql`select count from segment`).pluck().get()).toBe(10);
    expect(db.prepare(sql`select count(*) from bundle`).pluck().get()).toBe(0);
    expect(existsSync(`${database}.v1.bak`)).toBe(true);
  });
});

describe('from version 2', () => {
  it('a case gains its directories and decisions and loses nothing; a decision is final', () => {
    const place = freshPlace();
    mkdirSync(place.folder, { recursive: true });
    const { database } = caseFolder(place.folder);
    const db = openWritable(database);
    onTestFinished(() => void db.close());
    migrate(db, database, place.folder, [initial, bundles]);
    db.exec(sql`
      insert into bundle values (1, 'b', 'cedar', null, 'd', null, '2026-01-01T00:00:00Z', 'p', 1, 1, '[]');
    `);
    expect(migrate(db, database, place.folder, [initial, bundles, identities])).toEqual([3]);
    expect(db.prepare(sql`select system from bundle`).pluck().all()).toEqual(['cedar']);
    expect(db.prepare(sql`select count(*) from directory_snapshot`).pluck().get()).toBe(0);
    db.exec(sql`insert into decision values (1, 't', 'ann', 'because', 'rename', '{}', null);`);
    expect(() => db.exec(sql`update decision set who = 'bob';`)).toThrow(/never changed/);
    expect(() => db.exec(sql`delete from decision;`)).toThrow(/never deleted/);
  });
});

describe('from version 3', () => {
  it('bundles keep what they are, and nothing is said of their signatures', () => {
    const place = freshPlace();
    mkdirSync(place.folder, { recursive: true });
    const { database } = caseFolder(place.folder);
    const db = openWritable(database);
    onTestFinished(() => void db.close());
    migrate(db, database, place.folder, [initial, bundles, identities]);
    db.exec(sql`
      insert into bundle values (1, 'b', 'opa', null, 'd', null, '2026-01-01T00:00:00Z', 'p', 1, 1, '[]');
    `);
    expect(migrate(db, database, place.folder, [initial, bundles, identities, bundleSignature])).toEqual([4]);
    expect(db.prepare(sql`select system, signature from bundle`).all()).toEqual([
      { system: 'opa', signature: null },
    ]);
  });
});

describe('from version 4', () => {
  it('bundles keep what they are, and nothing is said of who is in them', () => {
    const place = freshPlace();
    mkdirSync(place.folder, { recursive: true });
    const { database } = caseFolder(place.folder);
    const db = openWritable(database);
    onTestFinished(() => void db.close());
    const before = [initial, bundles, identities, bundleSignature];
    migrate(db, database, place.folder, before);
    db.exec(sql`
      insert into bundle values (1, 'b', 'aws-iam', null, 'd', null, '2026-01-01T00:00:00Z', 'p', 1, 1, '[]', null);
    `);
    expect(migrate(db, database, place.folder, [...before, bundleIdentities])).toEqual([5]);
    expect(db.prepare(sql`select system from bundle`).pluck().all()).toEqual(['aws-iam']);
    expect(db.prepare(sql`select count(*) from bundle_identities`).pluck().get()).toBe(0);
  });
});

describe('from version 5', () => {
  it('segments gain what they come to when the case is opened, as if it had been written with them', () => {
    const { writer, ...place } = newCase();
    importFiles(writer, [syntheticFile({ seed: 2, path: 'a.json', records: 2_000, ids: 4_000 })]);
    writer.close({});
    const { rollUps: whole } = readContent(place.folder);
    const db = new Database(caseFolder(place.folder).database);
    db.exec(
      'drop table roll_up_column; drop table roll_up; drop table roll_up_credential; drop table dictionary_filter',
    );
    db.pragma('user_version = 5');
    db.close();
    writer.open(place);
    writer.close({});
    expect(whole.length).toBeGreaterThan(20);
    expect(readContent(place.folder).rollUps).toEqual(whole);
  });
});

describe('from version 6', () => {
  it('dictionaries gain their filters when the case is opened, as if they had been written with them', () => {
    const { writer, ...place } = newCase();
    importFiles(writer, [syntheticFile({ seed: 2, path: 'a.json', records: 2_000, ids: 4_000 })]);
    writer.close({});
    const { database } = caseFolder(place.folder);
    const filtersOf = (): unknown[] => {
      const db = new Database(database, { readonly: true });
      const rows = db.prepare('select * from dictionary_filter order by dimension, first_id').raw().all();
      db.close();
      return rows;
    };
    const whole = filtersOf();
    expect(whole.some((row) => (row as unknown[])[3] !== null)).toBe(true);
    const db = new Database(database);
    db.exec('drop table dictionary_filter');
    db.pragma('user_version = 6');
    db.close();
    writer.open(place);
    writer.close({});
    expect(filtersOf()).toEqual(whole);
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
      new RegExp(`newer Rescind \\(schema 99, this one knows ${schemaVersion}\\)`),
    );
    expect(readFileSync(database).equals(before)).toBe(true);
  });

  it('is refused by its database, and left as it is', () => {
    const { writer, folder, configFolder } = newCase();
    writer.close({});
    const { database } = caseFolder(folder);
    const db = new Database(database);
    db.pragma(`user_version = ${schemaVersion + 1}`);
    db.close();
    expect(() => writer.open({ folder, configFolder })).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ kind: 'case-newer' }) }),
    );
    expect(existsSync(`${database}.v${schemaVersion + 1}.bak`)).toBe(false);
  });
});
