import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { logIds } from '#electron/platform/log.ts';
import { type DoubleSession, doubleSession } from '#test/support/double-session.ts';

const sessions: DoubleSession[] = [];
function start(): DoubleSession {
  const session = doubleSession();
  sessions.push(session);
  return session;
}
afterEach(() => {
  for (const session of sessions.splice(0)) session.close();
});

async function openNew(session: DoubleSession): Promise<string> {
  const folder = session.makeCase('case');
  await session.engine.openCase(folder);
  return folder;
}

describe('the reader', () => {
  test('that dies by chance is started again and the question is answered', async () => {
    const session = start();
    await openNew(session);
    const answer = await session.client.request('events.count', { query: 'crash once' });
    expect(answer).toMatchObject({ ok: true, value: { total: 2 } });
    expect(session.logged).toEqual([logIds.readerCrashed]);
  });

  test('that dies of the question itself is not tried for ever, and serves the next one', async () => {
    const session = start();
    await openNew(session);
    expect(await session.client.request('events.count', { query: 'crash always' })).toMatchObject({
      ok: false,
      error: { kind: 'crashed' },
    });
    expect(await session.client.request('events.count', {})).toMatchObject({ ok: true });
  });

  test('that has answered in part is not asked again, since rows would come twice', async () => {
    const session = start();
    await openNew(session);
    const rows: unknown[] = [];
    const answer = await session.client.request(
      'sql.run',
      { text: 'SELECT 1' },
      { onItem: (row) => void rows.push(row) },
    );
    expect(answer).toMatchObject({ ok: false, error: { kind: 'crashed' } });
    expect(rows).toEqual([{ row: 1 }]);
  });

  test('that never comes back is ended when its question is cancelled; the next question works', async () => {
    const session = start();
    await openNew(session);
    const before = await session.client.request('events.count', {});
    const controller = new AbortController();
    const spinning = session.client.request(
      'events.count',
      { query: 'spin' },
      { signal: controller.signal, onItem: () => controller.abort() },
    );
    expect(await spinning).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
    const after = await session.client.request('events.count', {});
    expect(session.logged).toContain(logIds.readerKilled);
    // Another process answers.
    expect(after).toMatchObject({ ok: true });
    expect(after).not.toEqual(before);
  });

  test('that is busy with what is still wanted is never ended for what was cancelled', async () => {
    const session = start();
    await openNew(session);
    const before = await session.client.request('events.count', {});
    const busy = session.client.request('events.count', { query: 'busy' });
    const controller = new AbortController();
    const waiting = session.client.request('events.count', {}, { signal: controller.signal });
    controller.abort();
    expect(await waiting).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
    // The same process, and it has answered all that was wanted.
    expect(await busy).toEqual(before);
    expect(await session.client.request('events.count', {})).toEqual(before);
    expect(session.logged).not.toContain(logIds.readerKilled);
  });

  test('sends the items of a stream one by one, in order', async () => {
    const session = start();
    await openNew(session);
    const ids: string[] = [];
    const answer = await session.client.request(
      'events.stream',
      {},
      { onItem: ({ id }) => void ids.push(id) },
    );
    expect(answer).toEqual({ ok: true, value: { total: 3 } });
    expect(ids).toEqual(['1', '2', '3']);
  });
});

describe('a case', () => {
  test('of an older version is migrated by the writer before it is read', async () => {
    const session = start();
    const folder = session.makeCase('case');
    writeFileSync(join(folder, 'old'), '');
    await session.engine.openCase(folder);
    expect(existsSync(join(folder, 'old'))).toBe(false);
    // The writer was closed: nothing keeps the case locked.
    expect(existsSync(join(folder, 'closed'))).toBe(true);
  });

  test('that is none leaves the open one open', async () => {
    const session = start();
    const folder = await openNew(session);
    const [token] = await session.tokens.givePaths([session.home]);
    expect(await session.client.request('case.open', { token: token?.token ?? '' })).toMatchObject({
      ok: false,
      error: { kind: 'not-found' },
    });
    expect(session.engine.folder).toBe(folder);
  });

  test('is remembered, and named as missing when its folder is gone', async () => {
    const session = start();
    await openNew(session);
    expect(session.engine.recent.list()).toMatchObject([{ id: 'case-1', name: 'Double', missing: false }]);
    writeFileSync(join(session.home, 'config', 'recent-cases.json'), '{"not":"a list"}');
    expect(session.engine.recent.list()).toEqual([]);
    writeFileSync(
      join(session.home, 'config', 'recent-cases.json'),
      JSON.stringify([
        { id: 'x', name: 'X', folder: join(session.home, 'gone'), openedAt: '2026-01-01T00:00:00Z' },
      ]),
    );
    expect(session.engine.recent.list()).toMatchObject([{ id: 'x', missing: true }]);
  });

  test('is made in a folder of its own where the chosen one is in use', async () => {
    const session = start();
    const shelf = join(session.home, 'shelf');
    mkdirSync(shelf);
    writeFileSync(join(shelf, 'notes.txt'), '');
    const [token] = await session.tokens.givePaths([shelf]);
    const made = await session.client.request('case.create', {
      token: token?.token ?? '',
      name: '../Incident: 42?',
    });
    expect(made).toMatchObject({ ok: true, value: { folder: join(shelf, 'Incident-42') } });
  });
});

function into(session: DoubleSession, path: string, signal = new AbortController().signal) {
  return session.engine.importFiles(
    { paths: [path], format: null, timeZone: null, workers: 1 },
    { signal, onProgress: () => undefined },
  );
}

describe('an import', () => {
  test('tells the page that the case has changed, and frees the case', async () => {
    const session = start();
    const folder = await openNew(session);
    const answer = await into(session, 'a.json');
    expect(answer).toMatchObject({ events: 7, cancelled: false });
    expect(existsSync(join(folder, 'closed'))).toBe(true);
    expect(await session.engine.current()).toMatchObject({ events: 7 });
  });

  test('that crashes says so; the case is closed properly and can be asked', async () => {
    const session = start();
    const folder = await openNew(session);
    await expect(into(session, 'crash.json')).rejects.toMatchObject({ failure: { kind: 'crashed' } });
    expect(existsSync(join(folder, 'closed'))).toBe(true);
    expect(session.logged).toEqual([logIds.importCrashed]);
    expect(await session.client.request('events.count', {})).toMatchObject({ ok: true });
  });

  test('runs alone, can be cancelled, and another one may follow', async () => {
    const session = start();
    await openNew(session);
    const controller = new AbortController();
    const first = into(session, 'endless.json', controller.signal);
    await expect(into(session, 'a.json')).rejects.toMatchObject({ failure: { kind: 'case-busy' } });
    controller.abort();
    expect(await first).toMatchObject({ cancelled: true });
    expect(await into(session, 'a.json')).toMatchObject({ cancelled: false });
  });
});
