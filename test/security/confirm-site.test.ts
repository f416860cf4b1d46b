import { mkdtempSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LoopbackServer, startLoopback } from '#electron/headless/loopback/server.ts';
import { noLog } from '#electron/platform/log.ts';
import type { ConfirmPlace } from '#electron/router/host.ts';
import { doubleSession } from '#test/support/double-session.ts';

const session = doubleSession();
const page = mkdtempSync(join(tmpdir(), 'rescind-page-'));
for (const name of ['index.html', 'confirm.html', 'app.js']) writeFileSync(join(page, name), name);

let server: LoopbackServer;
let cookie = '';
beforeAll(async () => {
  const { router, tokens, home } = session;
  const uploadFolder = join(home, 'data');
  server = await startLoopback({ router, tokens, page, uploadFolder, port: 0, idleMinutes: 0, log: noLog });
});
afterAll(async () => {
  await server.close();
  session.close();
});

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly cookie: string;
}

function send(
  path: string,
  headers: Readonly<Record<string, string>>,
  method = 'GET',
  body = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ host: '127.0.0.1', port: server.port, path, headers, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
          cookie: response.headers['set-cookie']?.[0]?.split(';')[0] ?? '',
        }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const surface = () => `localhost:${server.port}`;
const console_ = () => `127.0.0.1:${server.port}`;
const json = { 'content-type': 'application/json' };
const ticket = 'T'.repeat(43);
/** What a request of the surface's own page looks like, with what a test changes about it. */
const ask = (name: string, headers: Readonly<Record<string, string>> = {}) =>
  send(
    `/api/${name}`,
    { host: surface(), origin: `http://${surface()}`, 'sec-fetch-site': 'same-origin', ...json, ...headers },
    'POST',
    JSON.stringify({ ticket }),
  );

describe('the confirm surface of the loopback host', () => {
  let place: ConfirmPlace;

  test('cannot be opened before somebody was let in, and lies at the other name of this machine', async () => {
    expect(() => server.openConfirm(ticket)).toThrow('Nobody has opened the console yet');
    const { pathname, search } = new URL(server.address);
    cookie = (await send(pathname + search, { host: console_() })).cookie;
    expect((await send('/confirm.html', { host: surface() })).status).toBe(404);
    place = server.openConfirm(ticket);
    expect(place.address).toBe(`http://${surface()}/confirm.html#${ticket}`);
  });

  test('is reached from the console by a navigation, and gives its files to itself alone', async () => {
    const arrival = { host: surface(), 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect(await send('/confirm.html', arrival)).toMatchObject({ status: 200, body: 'confirm.html' });
    const own = { host: surface(), 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' };
    expect(await send('/app.js', own)).toMatchObject({ status: 200 });
    for (const path of ['/', '/index.html', '/?token=x']) expect((await send(path, own)).status).toBe(404);
    for (const mode of ['cors', 'no-cors']) {
      expect((await send('/confirm.html', { ...arrival, 'sec-fetch-mode': mode })).status).toBe(403);
      expect((await send('/app.js', { ...arrival, 'sec-fetch-mode': mode })).status).toBe(403);
    }
  });

  test('answers its own page, and by its own operations alone', async () => {
    // The ticket is none that the router knows: it is the router that says so.
    const answer = await ask('confirm.show');
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toContain('This confirmation is over');
    for (const name of ['app.info', 'respond.execute', 'files.browse']) {
      expect((await ask(name)).status).toBe(405);
    }
    expect((await ask('confirm.nothing')).body).toContain('There is no such operation');
    expect((await ask('confirm.show', { 'content-type': 'text/plain' })).status).toBe(415);
  });

  test('refuses the console’s page, other sites, and what has no origin', async () => {
    const without = { host: surface(), ...json };
    const forged = [
      await ask('confirm.hold', { origin: `http://${console_()}` }),
      await ask('confirm.hold', { origin: 'http://evil.example' }),
      await ask('confirm.hold', { origin: 'null' }),
      await ask('confirm.hold', { 'sec-fetch-site': 'cross-site' }),
      await ask('confirm.hold', { 'sec-fetch-site': 'same-site' }),
      await send('/api/confirm.hold', without, 'POST', JSON.stringify({ ticket })),
    ];
    expect(forged.map(({ status }) => status)).toEqual(forged.map(() => 403));
  });

  test('is not the console’s: there its operations are refused, and the console is not at its name', async () => {
    const own = { host: console_(), origin: `http://${console_()}`, cookie, ...json };
    const hold = await send('/api/confirm.hold', own, 'POST', JSON.stringify({ ticket, emergency: null }));
    expect(hold.body).toContain('is for the confirm surface');
    const other = { host: surface(), origin: `http://${surface()}`, cookie, ...json };
    expect((await send('/api/app.info', other, 'POST', '{}')).status).toBe(405);
  });

  test('is gone when nothing waits to be confirmed', async () => {
    place.close();
    await place.closed;
    expect((await send('/confirm.html', { host: surface() })).status).toBe(404);
    expect((await ask('confirm.show')).status).toBe(404);
  });
});

test('a port that somebody else has on the other loopback address is not used', async () => {
  const stranger = createServer();
  const port = await new Promise<number | null>((resolve) => {
    stranger.once('error', () => resolve(null));
    stranger.listen(0, '::1', () => resolve((stranger.address() as { port: number }).port));
  });
  // A machine without the other protocol has no stranger there.
  if (port === null) return;
  const { router, tokens, home } = session;
  const uploadFolder = join(home, 'other');
  const options = { router, tokens, page, uploadFolder, port, idleMinutes: 0, log: noLog };
  await expect(startLoopback(options)).rejects.toMatchObject({ failure: { kind: 'unusable' } });
  await new Promise((resolve) => stranger.close(resolve));
});
