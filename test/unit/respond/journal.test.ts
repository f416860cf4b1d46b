import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '#electron/respond/io/clock.ts';
import { ActionJournal } from '#electron/respond/journal/action-journal.ts';
import { journalFailure } from '#electron/respond/journal/database.ts';
import { verifyActionJournal } from '#electron/respond/journal/verify-journal.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function place(): { folder: string; config: string; file: string } {
  const root = mkdtempSync(join(tmpdir(), 'rescind-journal-'));
  folders.push(root);
  const folder = join(root, 'journal');
  return { folder, config: join(root, 'config'), file: join(folder, 'actions.db') };
}

const entry = (text: string, run = 'r1') => ({ kind: 'intent', run, action: 'a1', body: { text } }) as const;

async function filled(count: number): Promise<ReturnType<typeof place>> {
  const at = place();
  const journal = ActionJournal.open(at.folder, at.config, systemClock);
  for (let index = 0; index < count; index++) {
    await journal.append(entry(`text ${index}`));
    if (index % 3 === 2) journal.checkpoint();
  }
  journal.checkpoint();
  journal.close();
  return at;
}

/** Someone with the file and a SQL shell: no trigger stops them. */
function tamper(file: string, change: (db: Database.Database) => void): void {
  const db = new Database(file);
  for (const { name } of db
    .prepare<[], { name: string }>("select name from sqlite_schema where type = 'trigger'")
    .all()) {
    db.exec(`drop trigger ${name}`);
  }
  change(db);
  db.close();
}

describe('the action journal', () => {
  test('keeps what was appended, in order, and verifies', async () => {
    const at = place();
    const journal = ActionJournal.open(at.folder, at.config, systemClock);
    const numbers = await Promise.all([1, 2, 3, 4, 5].map((index) => journal.append(entry(`text ${index}`))));
    expect(numbers.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4]);
    await journal.append(entry('other', 'r2'));
    expect(journal.records('r1').map(({ body }) => body['text'])).toEqual(
      [1, 2, 3, 4, 5].map((index) => `text ${index}`),
    );
    journal.checkpoint();
    journal.close();
    expect(verifyActionJournal(at.folder, at.config)).toMatchObject({
      ok: true,
      records: 6,
      signed: 6,
      problems: [],
    });
  });

  test('two processes append to one journal without losing a record', async () => {
    const at = place();
    const [one, two] = [0, 1].map(() => ActionJournal.open(at.folder, at.config, systemClock)) as [
      ActionJournal,
      ActionJournal,
    ];
    for (let index = 0; index < 10; index++) {
      await Promise.all([one.append(entry(`one ${index}`)), two.append(entry(`two ${index}`))]);
    }
    expect(one.records('r1')).toHaveLength(20);
    one.checkpoint();
    one.close();
    two.close();
    expect(verifyActionJournal(at.folder, at.config)).toMatchObject({ ok: true, records: 20 });
  });

  test('an approval is used once, whoever shares the commit', async () => {
    const at = place();
    const journal = ActionJournal.open(at.folder, at.config, systemClock);
    await journal.append({ ...entry('first'), kind: 'run-started', body: { nonces: ['n1'] } }, ['n1']);
    const [again, other] = await Promise.allSettled([
      journal.append({ ...entry('again'), kind: 'run-started' }, ['n1']),
      journal.append(entry('other')),
    ]);
    expect(again).toMatchObject({ status: 'rejected', reason: { failure: { kind: 'refused' } } });
    expect(other).toMatchObject({ status: 'fulfilled', value: { seq: 1 } });
    journal.checkpoint();
    journal.close();
    expect(verifyActionJournal(at.folder, at.config)).toMatchObject({ ok: true, records: 2 });
    tamper(at.file, (db) => db.exec("delete from nonce where nonce = 'n1'"));
    expect(verifyActionJournal(at.folder, at.config).ok).toBe(false);
  });

  test('an entry that has no JSON is refused alone', async () => {
    const at = place();
    const journal = ActionJournal.open(at.folder, at.config, systemClock);
    const nothing = { ...entry('no number'), body: { share: Number.NaN } };
    const results = await Promise.allSettled([journal.append(nothing), journal.append(entry('other'))]);
    expect(results).toMatchObject([{ status: 'rejected' }, { status: 'fulfilled', value: { seq: 0 } }]);
    journal.close();
  });

  test('a record that somebody else has put in without its link is refused, and nothing else breaks', async () => {
    const at = place();
    const journal = ActionJournal.open(at.folder, at.config, systemClock);
    const head = await journal.append(entry('first'));
    tamper(at.file, (db) => {
      const line = JSON.stringify({ ...head, seq: 1, previous: 'f00d' });
      db.prepare("insert into record values (1, 'r1', 'a1', 'intent', ?, '{}')").run(line);
    });
    const refused = await Promise.allSettled([
      journal.append(entry('second')),
      journal.append(entry('third')),
    ]);
    for (const each of refused) {
      expect(each).toMatchObject({ status: 'rejected', reason: { failure: { kind: 'unusable' } } });
    }
    journal.close();
  });

  test.each([
    "update record set body = '{}' where seq = 1",
    'delete from record where seq = 1',
    "insert or replace into record (seq, run, action, kind, line, body) values (1, 'r1', 'a1', 'intent', '{}', '{}')",
    "replace into record (seq, run, action, kind, line, body) values (9, 'r1', 'a1', 'intent', '{}', '{}')",
    'delete from checkpoint',
    "insert or replace into checkpoint (id, size, note) values (0, 0, '')",
    "update nonce set run = 'x'",
    "insert or replace into meta (key, value) values ('id', 'x')",
  ])('a program’s mistake is stopped: %s', async (text) => {
    const at = await filled(4);
    const db = new Database(at.file);
    // As SQLite comes: without it, REPLACE would delete without firing a delete trigger.
    db.pragma('recursive_triggers = OFF');
    db.exec("insert into nonce (nonce, run) values ('n', 'r1')");
    expect(() => db.exec(text)).toThrow(/records stay|not the next|kept/);
    db.close();
    expect(verifyActionJournal(at.folder, at.config).ok).toBe(true);
  });

  test('finds every edit, drop, swap and truncation, and opens none of them for more', async () => {
    const size = 12;
    const original = await filled(size);
    fc.assert(
      fc.property(
        fc.constantFrom('body', 'line', 'index', 'drop', 'swap', 'cut', 'insert'),
        fc.integer({ min: 0, max: size - 1 }),
        fc.integer({ min: 0, max: size - 1 }),
        (kind, first, second) => {
          fc.pre(kind !== 'swap' || first !== second);
          const at = place();
          cpSync(original.folder, at.folder, { recursive: true });
          cpSync(original.config, at.config, { recursive: true });
          tamper(at.file, (db) => change(db, kind, first, second));
          const report = verifyActionJournal(at.folder, at.config);
          expect(report.ok).toBe(false);
          expect(report.problems.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('a rewrite signed anew by the key beside it is found by what the workstation remembers', async () => {
    const at = await filled(6);
    const before = join(at.folder, '..', 'elsewhere');
    const other = ActionJournal.open(before, at.config, systemClock);
    await other.append(entry('a shorter story'));
    other.checkpoint();
    const forged = new Database(join(before, 'actions.db'));
    const rows = forged.prepare('select * from record').all();
    forged.close();
    other.close();
    tamper(at.file, (db) => {
      db.exec('delete from record; delete from checkpoint');
      for (const row of rows) {
        db.prepare('insert into record values (@seq, @run, @action, @kind, @line, @body)').run(row);
      }
    });
    expect(verifyActionJournal(at.folder, at.config).problems.join()).toContain('has seen 6 records');
    expect(() => ActionJournal.open(at.folder, at.config, systemClock)).toThrow(/cut or put back/);
  });

  test('an older copy that was filled up again with other records is not gone on with', async () => {
    const at = await filled(4);
    const copy = `${at.folder}-copy`;
    folders.push(copy);
    cpSync(at.folder, copy, { recursive: true });
    const journal = ActionJournal.open(at.folder, at.config, systemClock);
    await journal.append(entry('what somebody would like to be gone'));
    journal.checkpoint();
    journal.close();
    rmSync(at.folder, { recursive: true });
    cpSync(copy, at.folder, { recursive: true });
    // Another workstation, which has not seen the record, adds others.
    const other = ActionJournal.open(at.folder, `${at.config}-other`, systemClock);
    folders.push(`${at.config}-other`);
    for (const text of ['one', 'two']) await other.append(entry(text));
    other.checkpoint();
    other.close();
    expect(() => ActionJournal.open(at.folder, at.config, systemClock)).toThrow(/other records than/);
  });

  test.each([
    ['EROFS', 'unusable'],
    ['EACCES', 'unusable'],
    ['SQLITE_READONLY_DIRECTORY', 'unusable'],
    ['ENOSPC', 'disk-full'],
    ['SQLITE_FULL', 'disk-full'],
  ])('a disk that answers %s is said as what it is', (code, kind) => {
    expect(journalFailure(Object.assign(new Error('x'), { code }), 'actions.db')).toMatchObject({
      failure: { kind },
    });
  });

  test('one process acts at a time, until it ends', async () => {
    const at = await filled(1);
    const [one, two] = [0, 1].map(() => ActionJournal.open(at.folder, at.config, systemClock)) as [
      ActionJournal,
      ActionJournal,
    ];
    const lock = one.lockRuns();
    expect(() => two.lockRuns()).toThrow(/Another Rescind/);
    lock.release();
    two.lockRuns().release();
    one.close();
    two.close();
  });
});

function change(db: Database.Database, kind: string, first: number, second: number): void {
  const row = (seq: number) =>
    db.prepare('select * from record where seq = ?').get(seq) as Record<string, string>;
  const update = (column: string, value: string, seq: number): void =>
    void db.prepare(`update record set ${column} = ? where seq = ?`).run(value, seq);
  const one = row(first);
  const other = row(second);
  switch (kind) {
    case 'body':
      return update('body', `${one['body']} `, first);
    case 'line':
      return update('line', one['line']!.replace('"actor":"', '"actor":"x'), first);
    case 'index':
      return update('run', 'r9', first);
    case 'drop':
      db.prepare('delete from record where seq = ?').run(first);
      return;
    case 'swap':
      for (const column of ['line', 'body']) {
        update(column, other[column]!, first);
        update(column, one[column]!, second);
      }
      return;
    case 'cut':
      db.prepare('delete from record where seq >= ?').run(first);
      db.prepare('delete from checkpoint where size > ?').run(first);
      return;
    default:
      db.exec('update record set seq = seq + 100');
      db.prepare('update record set seq = seq - 100 where seq - 100 <= ?').run(first);
      db.prepare('update record set seq = seq - 99 where seq >= 100').run();
      db.prepare('insert into record values (?, ?, ?, ?, ?, ?)').run(
        first + 1,
        'r1',
        'a1',
        'intent',
        one['line'],
        one['body'],
      );
  }
}
