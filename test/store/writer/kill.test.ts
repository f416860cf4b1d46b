import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { journalEntries } from '#electron/custody/read.ts';
import { verifyJournal } from '#electron/custody/verifier.ts';
import { caseFolder } from '#electron/platform/case-folder.ts';
import { openReadable, sql } from '#electron/store/connection.ts';
import { readContent, type CaseContent } from './case-content.ts';
import { createWriterService } from '#electron/store/write/writer-service.ts';
import { type DirectWriter, importFiles } from './fake-ingest.ts';
import { type KillPlan, filesToImport } from './kill-plan.ts';
import { type Place, newCase } from './support.ts';
import { randomFrom, syntheticFile } from './synthetic.ts';

const files = filesToImport.map(syntheticFile);
/** The case that an import makes which nothing interrupts. */
let expected: CaseContent;
let expectedReport: ReturnType<typeof importFiles>;

beforeAll(() => {
  const root = mkdtempSync(join(tmpdir(), 'rescind-whole-'));
  const writer = createWriterService() as DirectWriter;
  writer.create({ folder: join(root, 'case'), configFolder: join(root, 'config'), name: 'Whole' });
  expectedReport = importFiles(writer, files);
  writer.close({});
  expected = readContent(join(root, 'case'));
  rmSync(root, { recursive: true });
});

function startImport(plan: KillPlan): ChildProcess {
  const child = fork(join(import.meta.dirname, 'import-child.ts'), [JSON.stringify(plan)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** What must hold in a case at every moment: files and events agree, and the database is whole. */
function expectConsistent(folder: string): void {
  const db = openReadable(caseFolder(folder).database);
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.pragma('foreign_key_check')).toEqual([]);
    const sums = db
      .prepare<[], Record<string, number>>(sql`
        select
          (select coalesce(sum(count), 0) from segment) - (select coalesce(sum(events), 0) from evidence) as events,
          (select count(*) from rejected) - (select coalesce(sum(rejected), 0) from evidence) as rejected,
          (select coalesce(sum(records - events - duplicates - rejected), 0) from evidence) as records,
          (select count(*) from segment) - (select count(*) from segment join roll_up
            on segment_id = segment.id and roll_up.count = segment.count) as rolled
      `)
      .get();
    expect(sums).toEqual({ events: 0, rejected: 0, records: 0, rolled: 0 });
  } finally {
    db.close();
  }
}

/** Runs the import to its end and compares the case with one that was never interrupted. */
function expectSameAsUninterrupted(place: Place, writer: DirectWriter): void {
  writer.open(place);
  const report = importFiles(writer, files);
  expect(report.records).toBe(expectedReport.records);
  expect(report.rejected).toBe(expectedReport.rejected);
  expect(report.events + report.duplicates).toBe(expectedReport.events + expectedReport.duplicates);
  writer.close({});
  expect(readContent(place.folder)).toEqual(expected);
  const { journal } = caseFolder(place.folder);
  expect(verifyJournal(journal).problems).toEqual([]);
  const facts = [...journalEntries(journal)]
    .filter(({ type }) => type.startsWith('evidence-'))
    .map(({ type, data }) => `${type} ${String(data['path'])}`);
  expect(facts.toSorted()).toEqual(
    ['evidence-acquired', 'evidence-imported'].flatMap((type) =>
      files.map(({ evidence }) => `${type} ${evidence.path}`),
    ),
  );
}

it('an import that is killed again and again ends as one that never was', { timeout: 120_000 }, async () => {
  const { writer, ...place } = newCase();
  writer.close({});
  const random = randomFrom(20_260);
  let killed = 0;
  let ended: number | null = null;
  for (let attempt = 0; attempt < 40; attempt++) {
    const child = startImport({ ...place, seed: attempt, dieAtJournal: null });
    let left = 1 + Math.floor(random() * 25);
    child.on('message', () => {
      left--;
      if (left === 0) child.kill('SIGKILL');
    });
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expectConsistent(place.folder);
    if (signal === null) {
      ended = code;
      break;
    }
    killed++;
  }
  expect(killed).toBeGreaterThan(2);
  expect(ended).toBe(0);
  expectSameAsUninterrupted(place, writer);
});

it.each(['before', 'after'] as const)(
  'an import that dies %s any write of its journal ends the same, each fact told once',
  { timeout: 120_000 },
  async (when) => {
    for (const write of [1, 2, 3, 4, 5, 6]) {
      const { writer, ...place } = newCase();
      writer.close({});
      const child = startImport({ ...place, seed: write, dieAtJournal: { write, when } });
      expect((await once(child, 'exit'))[1]).toBe('SIGKILL');
      expectConsistent(place.folder);
      expectSameAsUninterrupted(place, writer);
    }
  },
);
