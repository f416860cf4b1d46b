import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startLoopback } from '#electron/headless/loopback/server.ts';
import { noLog } from '#electron/platform/log.ts';
import { appFolders } from '#electron/platform/paths.ts';
import { createSession } from '#electron/headless/session.ts';
import { home } from './run.ts';

// The whole way of the browser, with the real processes: sample case, question, answer.
test('the sample case opens over loopback and answers', { timeout: 180_000 }, async () => {
  const folders = appFolders({ RESCIND_HOME: join(home, 'config') });
  const page = mkdtempSync(join(tmpdir(), 'rescind-page-'));
  writeFileSync(join(page, 'index.html'), '<!doctype html>');
  const session = createSession({ folders });
  const { router, tokens } = session;
  const server = await startLoopback({
    router,
    tokens,
    page,
    uploadFolder: folders.data,
    port: 0,
    idleMinutes: 0,
    log: noLog,
  });
  const origin = `http://127.0.0.1:${server.port}`;
  const entered = await fetch(server.address, { redirect: 'manual' });
  const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const ask = async (name: string, input: unknown) => {
    const response = await fetch(`${origin}/api/${name}`, {
      method: 'POST',
      headers: { origin, cookie, 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    const text = await response.text();
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { item?: unknown; result?: unknown });
  };
  try {
    const opening = await ask('case.openSample', {});
    expect(opening.at(-1)).toMatchObject({ result: { ok: true, value: { rejected: 0 } } });
    // Progress came ahead of the answer.
    expect(opening[0]).toHaveProperty('item');
    const total = (await session.engine.current())?.events;
    const counted = await ask('events.count', { by: [] });
    expect(counted.at(-1)).toMatchObject({ result: { ok: true, value: { total } } });
    expect((await ask('evidence.verify', {})).at(-1)).toMatchObject({
      result: { ok: true, value: { ok: true } },
    });
    // The second time it is there already.
    expect(await ask('case.openSample', {})).toHaveLength(1);
  } finally {
    session.close();
    await server.close();
  }
});
