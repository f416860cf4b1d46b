import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { CustodyJournal } from '#electron/custody/journal.ts';
import { readCustody } from '#electron/custody/read.ts';
import { verifyJournal } from '#electron/custody/verifier.ts';

const root = mkdtempSync(join(tmpdir(), 'rescind-custody-'));
afterAll(() => rmSync(root, { recursive: true }));
let folder: string;
let count = 0;
const config = join(root, 'config');
const file = (name: string): string => join(folder, name);
const entries = (): string => file('custody.jsonl');

beforeEach(() => {
  folder = join(root, `case-${count++}`, 'journal');
});

/** A journal of eight entries with checkpoints after three and after all. */
function write(): void {
  const journal = CustodyJournal.open(folder, config);
  journal.append([{ type: 'case-created', data: { case: 'c-1', name: 'Älter — “quoted”' } }]);
  journal.append(
    ['a', 'b'].map((path) => ({
      type: 'evidence-acquired',
      data: { sha256: path.repeat(64), path, bytes: 1 },
    })),
  );
  journal.checkpoint();
  for (let run = 0; run < 5; run++)
    journal.append([{ type: 'run-finished', data: { run, cancelled: false, events: 3 } }]);
  journal.checkpoint();
  journal.close();
}

test('what was entered is listed, verified, and continued after it was opened again', () => {
  write();
  write();
  expect(verifyJournal(folder)).toMatchObject({
    ok: true,
    entries: 16,
    signed: 16,
    checkpoints: 4,
    problems: [],
  });
  const view = readCustody(folder, 1, 2);
  expect(view.total).toBe(16);
  expect(view.entries.map(({ index, type, summary }) => [index, type, summary])).toEqual([
    [1, 'evidence-acquired', `sha256=${'a'.repeat(64)} path=a bytes=1`],
    [2, 'evidence-acquired', `sha256=${'b'.repeat(64)} path=b bytes=1`],
  ]);
  expect(view.checkpoint).toMatchObject({ size: 16, rootHash: verifyJournal(folder).rootHash });
});

test('entries that were not signed yet are linked and counted as such', () => {
  write();
  const journal = CustodyJournal.open(folder, config);
  journal.append([{ type: 'run-started', data: { run: 9, paths: ['x', 'y'] } }]);
  journal.close();
  expect(verifyJournal(folder)).toMatchObject({ ok: true, entries: 9, signed: 8 });
});

describe('every change is found', () => {
  test('of any byte of the entries or of the checkpoints', () => {
    write();
    const files = ['custody.jsonl', 'custody-checkpoints.txt'];
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.double({ min: 0, max: 0.999999, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        (name, position, flip) => {
          const original = readFileSync(file(name));
          const changed = Buffer.from(original);
          changed[Math.floor(position * changed.length)]! ^= flip;
          writeFileSync(file(name), changed);
          expect(verifyJournal(folder).ok).toBe(false);
          writeFileSync(file(name), original);
        },
      ),
      { numRuns: 300 },
    );
    expect(verifyJournal(folder).ok).toBe(true);
  });

  test('of the order, and of entries that are left out, doubled or cut off; the first one that differs is named', () => {
    write();
    const lines = readFileSync(entries(), 'utf8').split('\n').slice(0, -1);
    const verify = (changed: readonly string[]): number | null => {
      writeFileSync(entries(), changed.map((line) => `${line}\n`).join(''));
      const report = verifyJournal(folder);
      expect(report.ok).toBe(false);
      return report.firstDifference;
    };
    for (let index = 1; index < lines.length; index++) {
      expect(verify(lines.toSpliced(index - 1, 2, lines[index]!, lines[index - 1]!))).toBe(index - 1);
    }
    for (let index = 0; index < lines.length; index++) {
      expect(verify(lines.toSpliced(index, 1))).toBe(index);
      expect(verify(lines.toSpliced(index, 0, lines[index]!))).toBe(index + 1);
      expect(verify(lines.slice(0, index))).toBe(index);
      const changed = lines[index]!.replace('"data":{', '"data":{"x":1,');
      // The last entry has no successor that speaks for it: its checkpoint covers the entries from 3 on.
      expect(verify(lines.toSpliced(index, 1, changed))).toBe(index === lines.length - 1 ? 3 : index);
    }
  });

  test('by somebody who signs it anew, where the key is known', () => {
    write();
    const key = readFileSync(file('custody-keys.txt'), 'utf8').trim();
    expect(verifyJournal(folder, { key }).ok).toBe(true);
    rmSync(folder, { recursive: true });
    const forged = CustodyJournal.open(folder, join(root, 'other-config'));
    forged.append([{ type: 'case-created', data: { case: 'c-1', name: 'forged' } }]);
    forged.checkpoint();
    forged.close();
    expect(verifyJournal(folder).ok).toBe(true);
    expect(verifyJournal(folder, { key }).problems).toEqual([
      'checkpoint 0 (1 entries) is not signed by a known key',
    ]);
  });
});

describe('after a crash', () => {
  test('the torn entry is set aside byte for byte and the journal says so', () => {
    write();
    const torn = '{"index":8,"time":"2024-05-01T10:0';
    appendFileSync(entries(), torn);
    expect(verifyJournal(folder).problems).toEqual(['the last entry (8) is torn: it has no end of line']);
    const journal = CustodyJournal.open(folder, config);
    journal.checkpoint();
    journal.close();
    expect(verifyJournal(folder)).toMatchObject({ ok: true, entries: 9 });
    const [name] = readdirSync(folder).filter((found) => found.startsWith('custody-torn-8-'));
    expect(readFileSync(file(name!), 'utf8')).toBe(torn);
    expect(readCustody(folder, 8, 1).entries[0]).toMatchObject({
      type: 'journal-recovered',
      summary: `file=${name} bytes=${torn.length}`,
    });
  });

  test('so is a torn checkpoint', () => {
    write();
    const checkpoints = file('custody-checkpoints.txt');
    writeFileSync(checkpoints, readFileSync(checkpoints).subarray(0, -40));
    expect(verifyJournal(folder).ok).toBe(false);
    const journal = CustodyJournal.open(folder, config);
    journal.checkpoint();
    journal.close();
    expect(verifyJournal(folder)).toMatchObject({ ok: true, checkpoints: 2, entries: 9, signed: 9 });
  });
});

test('nothing is added to a journal that was changed or cut', () => {
  write();
  const whole = readFileSync(entries(), 'utf8');
  writeFileSync(entries(), whole.replace('case-created', 'case-invented'));
  expect(() => CustodyJournal.open(folder, config)).toThrow(/between the entries 0 and 1/);
  writeFileSync(
    entries(),
    whole
      .split('\n')
      .slice(0, 4)
      .map((line) => `${line}\n`)
      .join(''),
  );
  expect(() => CustodyJournal.open(folder, config)).toThrow(/4 entries, but 8 were signed/);
});

test('the key and the journal are for the analyst alone', { skip: process.platform === 'win32' }, () => {
  write();
  for (const path of [entries(), join(config, 'custody-key.pem')])
    expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('the verifier stands alone: it runs on a copy with nothing of the application beside it', () => {
  write();
  const alone = mkdtempSync(join(root, 'alone-'));
  cpSync(new URL('../../../electron/custody/verifier.ts', import.meta.url), join(alone, 'verifier.ts'));
  const run = (): { status: number | null; stdout: string } =>
    spawnSync(process.execPath, [join(alone, 'verifier.ts'), folder], { encoding: 'utf8', cwd: alone });
  expect(run()).toMatchObject({ status: 0 });
  expect(JSON.parse(run().stdout)).toMatchObject({ ok: true, entries: 8, checkpoints: 2, signed: 8 });
  writeFileSync(entries(), readFileSync(entries(), 'utf8').replace('"run":1', '"run":7'));
  expect(run()).toMatchObject({ status: 1 });
  expect(JSON.parse(run().stdout)).toMatchObject({ ok: false, firstDifference: 4 });
});
