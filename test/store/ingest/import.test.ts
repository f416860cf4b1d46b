import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryStore, importPaths, sha256 } from './support.ts';

let root: string;
let folder: string;
let logs: string;
let store: MemoryStore;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rescind-ingest-'));
  folder = join(root, 'case');
  logs = join(root, 'logs');
  mkdirSync(join(folder, 'evidence'), { recursive: true });
  mkdirSync(logs);
  store = new MemoryStore();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const guid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const entry = (number: number): string =>
  JSON.stringify({ door: 'north', at: '2024-05-01T10:00:00.5Z', who: 'ada', id: guid(number) });
const lines = (from: number, count: number): string =>
  Array.from({ length: count }, (_, index) => `${entry(from + index)}\n`).join('');
const put = (name: string, content: string | Uint8Array): string => {
  const path = join(logs, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
};

/** What resuming reports of an import that broke off after its first batch; `before` comes in between. */
async function breakOffAndResume(before: () => void): Promise<unknown> {
  const broken = new MemoryStore();
  broken.failAt = 2;
  await expect(importPaths(broken, folder, [logs])).rejects.toMatchObject({ failure: { kind: 'disk-full' } });
  before();
  const { seconds, ...report } = await importPaths(broken, folder, [logs]);
  expect(seconds).toBeGreaterThanOrEqual(0);
  expect(broken.eventIds).toHaveLength(40_000);
  return report;
}

describe('an import', () => {
  it('reads plain and compressed logs of a folder, names what it leaves out, and adds up', async () => {
    put('a/one.jsonl', lines(0, 10));
    put('b/two.json.gz', gzipSync(`{"entries":[${entry(5)},${entry(20)},{"door":"x"}]}`));
    put('b/three.csv', `door,at,who,id\nwest,2024-05-01T10:00:00Z,bob,${guid(30)}\nwest,,bob,${guid(31)}\n`);
    put('b/beat.jsonl', `${entry(40)}\n{"door":"x","heartbeat":1}\n{"door":"x","heartbeat":2}\n`);
    put('c/unknown.json', '{"colour":"red","size":3}');
    put('c/day.digest', lines(50, 1));
    put('c/summary.json', '{"door":"x","summaryOf":"y"}');
    put('c/empty.log', '');
    put('.hidden', 'x');
    symlinkSync(join(logs, 'a'), join(logs, 'link'));

    const report = await importPaths(store, folder, [logs]);
    expect(report).toMatchObject({ files: 4, records: 16, events: 13, duplicates: 1, rejected: 2 });
    expect(report.records).toBe(report.events + report.duplicates + report.rejected);
    const reasons = Object.fromEntries(
      report.skipped.map(({ path, reason }) => [path.slice(logs.length + 1), reason]),
    );
    expect(reasons).toEqual({
      '.hidden': expect.stringMatching(/hidden/i),
      link: expect.stringMatching(/link/i),
      'b/beat.jsonl': 'heartbeat',
      'c/unknown.json': expect.stringMatching(/"colour", "size"/),
      'c/day.digest': 'A digest file.',
      'c/summary.json': 'A summary, no log.',
      'c/empty.log': expect.stringMatching(/empty/),
    });
    expect(report.skipped.find(({ reason }) => reason === 'heartbeat')?.records).toBe(2);
  });

  it('adds nothing when it is run again, and counts all as duplicates', async () => {
    put('one.jsonl', lines(0, 100));
    put('two.jsonl', `${lines(100, 50)}broken\n`);
    const first = await importPaths(store, folder, [logs]);
    expect(first).toMatchObject({ records: 151, events: 150, rejected: 1 });
    const second = await importPaths(store, folder, [logs]);
    expect(second).toMatchObject({ files: 2, records: 151, events: 0, duplicates: 150, rejected: 1 });
  });

  it('keeps the order of files and records, however many workers read', async () => {
    for (let file = 0; file < 12; file++)
      put(`${String(file).padStart(2, '0')}.jsonl`, lines(file * 100, 100 - file));
    const expected = Array.from({ length: 12 }, (_, file) =>
      Array.from({ length: 100 - file }, (_, index) => guid(file * 100 + index).replaceAll('-', '')),
    ).flat();
    for (const workers of [1, 3, 8]) {
      const fresh = new MemoryStore();
      await importPaths(fresh, join(root, `case-${workers}`), [logs], { workers, credit: 4000 });
      expect(fresh.eventIds).toEqual(expected);
    }
  });

  it('goes on after a worker has died over a file, and names that file', async () => {
    put('a.jsonl', lines(0, 20));
    put('b.jsonl', lines(100, 20_000));
    put('c.jsonl', lines(50_000, 20));
    const report = await importPaths(store, folder, [logs], { dieAt: 'b.jsonl' });
    expect(report.skipped).toEqual([
      { path: `${logs}/b.jsonl`, reason: expect.stringMatching(/Out of memory/) },
    ]);
    expect(report.files).toBe(3);
    const again = await importPaths(store, folder, [logs]);
    expect(again.skipped).toEqual([]);
    expect(store.eventIds).toHaveLength(20_040);
    expect(new Set(store.eventIds).size).toBe(20_040);
  });

  it('can be cancelled, and the same import again completes the case', async () => {
    for (let file = 0; file < 6; file++) put(`${file}.jsonl`, lines(file * 100_000, 20_000));
    const controller = new AbortController();
    const report = await importPaths(store, folder, [logs], {
      signal: controller.signal,
      onProgress: ({ events }) => {
        if (events > 0) controller.abort();
      },
    });
    expect(report.cancelled).toBe(true);
    expect(store.eventIds.length).toBeLessThan(120_000);
    const again = await importPaths(store, folder, [logs]);
    expect(again.cancelled).toBe(false);
    expect(again.records).toBe(120_000);
    expect(store.eventIds).toHaveLength(120_000);
  });

  it('ends with the failure when the store cannot take more, and can be resumed', async () => {
    put('a.jsonl', lines(0, 40_000));
    store.failAt = 2;
    await expect(importPaths(store, folder, [logs])).rejects.toMatchObject({
      failure: { kind: 'disk-full' },
    });
    const again = await importPaths(store, folder, [logs]);
    expect(again.events).toBeGreaterThan(0);
    expect(store.eventIds).toHaveLength(40_000);
  });

  it('goes on where the store stands also when the evidence itself has to be kept anew', async () => {
    put('a.jsonl', lines(0, 40_000));
    const usual = await breakOffAndResume(() => undefined);
    const anew = await breakOffAndResume(() => rmSync(join(folder, 'evidence'), { recursive: true }));
    expect(anew).toEqual(usual);
  });

  it('neither loses nor doubles a short log that was left half done and whose evidence has to be kept anew', async () => {
    put('a.jsonl', lines(0, 4));
    await importPaths(store, folder, [logs]);
    const whole = { files: [...store.files.values()], events: [...store.eventIds] };
    const [file] = whole.files;
    if (file === undefined) throw new Error('nothing was imported');
    const leaveHalfDone = (): void => {
      file.status = 'partial';
      rmSync(join(folder, 'evidence'), { recursive: true });
    };
    leaveHalfDone();
    expect((await importPaths(store, folder, [logs])).skipped).toEqual([]);
    expect(file.status).toBe('complete');
    // Less of it in the store than it holds: what is there already cannot be told from the rest by reading ahead.
    leaveHalfDone();
    const end = file.resumeAt;
    file.resumeAt = 1;
    const { skipped } = await importPaths(store, folder, [logs]);
    expect(skipped).toEqual([
      { path: expect.stringMatching(/a\.jsonl$/), reason: expect.stringMatching(/again/) },
    ]);
    expect(file).toMatchObject({ status: 'partial', resumeAt: 1 });
    await importPaths(store, folder, [logs]);
    expect(file).toMatchObject({ status: 'complete', resumeAt: end });
    expect(store.eventIds).toEqual(whole.events);
  });

  it('refuses a path that does not exist before anything is read', async () => {
    put('a.jsonl', lines(0, 4));
    await expect(importPaths(store, folder, [logs, join(root, 'nowhere')])).rejects.toMatchObject({
      failure: { kind: 'not-found' },
    });
    expect(store.files.size).toBe(0);
  });

  it('finds the records behind one that is too long, and names what cannot be looked for', async () => {
    const long = entry(1).replace('north', 'n'.repeat(40_000_000));
    put('long.jsonl', `${long}\n${entry(2)}\n`);
    put('none.json', '{"entries":[]}');
    writeFileSync(Buffer.concat([Buffer.from(join(logs, 'name-')), Buffer.from([0xff])]), lines(3, 1));
    const report = await importPaths(store, folder, [logs]);
    expect(report).toMatchObject({ records: 2, events: 1, rejected: 1 });
    expect(report.skipped.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/no UTF-8/),
      expect.stringMatching(/holds no records/),
    ]);
  });

  it('says what to do with data that is compressed in another way, or that is no text', async () => {
    put('a.bz2', Buffer.from('BZh91AY&SY', 'latin1'));
    put('b.gz', gzipSync(gzipSync(lines(1, 2))));
    put('c.parquet', Buffer.from('PAR1\u0015\u0004', 'latin1'));
    put('d.jsonl', lines(3, 1));
    const report = await importPaths(store, folder, [logs]);
    expect(report).toMatchObject({ records: 1, events: 1 });
    expect(report.skipped.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/bzip2.*decompress it/),
      expect.stringMatching(/gzip a second time.*decompress it/),
      expect.stringMatching(/Parquet file: export its records/),
    ]);
  });

  it('tells how much of a large file is in the case before its first record is read', async () => {
    const told: number[] = [];
    const long = entry(1).replace('north', 'n'.repeat(12_000_000));
    put('large.jsonl', `${Array.from({ length: 6 }, () => long).join('\n')}\n`);
    await importPaths(store, folder, [logs], {
      onProgress: ({ bytesDone, events }) => {
        if (events === 0) told.push(bytesDone);
      },
    });
    expect(told.some((bytes) => bytes > 0)).toBe(true);
  });

  it('reports a compressed file that breaks off, with what could be read of it', async () => {
    const whole = gzipSync(lines(0, 2000), { level: 1 });
    put('cut.jsonl.gz', whole.subarray(0, Math.floor(whole.length * 0.7)));
    const report = await importPaths(store, folder, [logs]);
    expect(report.events).toBeGreaterThan(100);
    expect(report.skipped[0]?.reason).toMatch(/nothing was read/);
    expect(report.rejected).toBeLessThanOrEqual(1);
  });

  it('reads the members of an archive in their order, and enters the archive itself', async () => {
    for (const name of ['b.jsonl', 'a.jsonl.gz', '.hidden.jsonl', 'notes.txt']) {
      const text = lines(name === 'b.jsonl' ? 10 : 20, 5);
      put(`in/${name}`, name.endsWith('.gz') ? gzipSync(text) : name === 'notes.txt' ? 'hello\n' : text);
    }
    const names = ['b.jsonl', 'a.jsonl.gz', '.hidden.jsonl', 'notes.txt'];
    execFileSync('tar', ['-czf', join(logs, 'all.tar.gz'), '-C', join(logs, 'in'), ...names]);
    const archive = join(logs, 'all.tar.gz');
    const report = await importPaths(store, folder, [archive]);
    expect(report).toMatchObject({ files: 2, events: 10, rejected: 0 });
    expect(report.skipped.map(({ path }) => path)).toEqual([
      `${archive}!.hidden.jsonl`,
      `${archive}!notes.txt`,
    ]);
    expect(store.eventIds[0]).toBe(guid(10).replaceAll('-', ''));
    expect([...store.files.values()].map(({ file, status }) => [file.path, status])).toEqual([
      [archive, 'skipped'],
      [`${archive}!b.jsonl`, 'complete'],
      [`${archive}!a.jsonl.gz`, 'complete'],
      [`${archive}!notes.txt`, 'skipped'],
    ]);
  });

  it('keeps with an archive that cannot be opened why, instead of members that there are none of', async () => {
    const archive = put('cut.zip', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(200, 1)]));
    const report = await importPaths(store, folder, [archive]);
    expect(report.skipped).toEqual([
      { path: archive, reason: expect.stringMatching(/directory is damaged/) },
    ]);
    const kept = [...store.files.values()];
    expect(kept.map(({ file, status, reason }) => [file.path, status, reason])).toEqual([
      [archive, 'skipped', report.skipped[0]?.reason],
    ]);
  });

  it('gives events without a vendor id one by their place, the same in every case', async () => {
    const text = '{"door":"a","at":"2024-05-01T10:00:00Z"}\n';
    put('a.jsonl', text + text);
    await importPaths(store, folder, [logs]);
    expect(store.eventIds).toEqual(
      [0, text.length].map((offset) => sha256(`${sha256(text + text)}:${offset}`).slice(0, 32)),
    );
  });

  it('tells how far it is', async () => {
    for (let file = 0; file < 3; file++) put(`${file}.jsonl`, lines(file * 100, 50));
    const told: number[] = [];
    await importPaths(store, folder, [logs], { onProgress: ({ bytesDone }) => told.push(bytesDone) });
    expect(told).toEqual(told.toSorted((first, second) => first - second));
    expect(told.length).toBeGreaterThanOrEqual(2);
  });
});

it('every record is an event, a duplicate or rejected, whatever stands between the records', async () => {
  const piece = fc.oneof(
    fc.nat({ max: 20 }).map((number) => ({ text: entry(number), isRecord: true })),
    fc.constantFrom('{"door":', 'noise', '---', '{"door":"x"}').map((text) => ({ text, isRecord: true })),
    fc.constant({ text: '', isRecord: false }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 20 }), async (pieces) => {
      const path = put('mixed.jsonl', `${entry(0)}\n${pieces.map(({ text }) => `${text}\n`).join('')}`);
      const fresh = new MemoryStore();
      const report = await importPaths(fresh, folder, [path]);
      const expected = 1 + pieces.filter(({ isRecord }) => isRecord).length;
      expect(report.events + report.duplicates + report.rejected).toBe(report.records);
      expect(report.records).toBe(expected);
    }),
    { numRuns: 40 },
  );
});
