import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LoopbackServer, startLoopback } from '#electron/headless/loopback/server.ts';
import { noLog } from '#electron/platform/log.ts';
import { doubleSession } from '#test/support/double-session.ts';

const session = doubleSession();
const page = mkdtempSync(join(tmpdir(), 'rescind-page-'));
const uploadFolder = join(session.home, 'data');
writeFileSync(join(page, 'index.html'), '<!doctype html><title>Rescind</title>');
writeFileSync(join(page, 'app.js'), 'export {};');
writeFileSync(join(page, '..', 'outside-of-the-page.js'), 'secret');

let server: LoopbackServer;
let cookie = '';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A request as it stands, without what a browser or a library would change about it. */
function send(path: string, options: Sent = {}): Promise<Answer> {
  const { method = 'GET', headers, body } = options;
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port: server.port,
        path,
        headers: { host: `127.0.0.1:${server.port}`, ...headers },
        method,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

const own = () => ({ cookie, origin: `http://127.0.0.1:${server.port}`, 'content-type': 'application/json' });
const ask = (name: string, input: unknown, headers: Record<string, string> = {}) =>
  send(`/api/${name}`, { method: 'POST', headers: { ...own(), ...headers }, body: JSON.stringify(input) });

beforeAll(async () => {
  server = await startLoopback({
    router: session.router,
    tokens: session.tokens,
    page,
    uploadFolder,
    port: 0,
    idleMinutes: 0,
    log: noLog,
  });
});
afterAll(async () => {
  await server.close();
  session.close();
});

describe('entering', () => {
  test('without the cookie there is nothing, neither page nor operation', async () => {
    for (const path of ['/', '/app.js', '/api/events']) expect((await send(path)).status).toBe(401);
    const headers = { origin: `http://127.0.0.1:${server.port}`, 'content-type': 'application/json' };
    expect((await send('/api/app.info', { method: 'POST', headers, body: '{}' })).status).toBe(401);
  });

  test('a wrong token is refused and does not use up the right one', async () => {
    expect((await send('/?token=wrong')).status).toBe(403);
  });

  test('the printed address works once and gives a cookie that neither scripts nor other sites can use', async () => {
    const { pathname, search, hostname } = new URL(server.address);
    expect(hostname).toBe('127.0.0.1');
    const answer = await send(pathname + search);
    expect(answer).toMatchObject({ status: 303, headers: { location: '/' } });
    const [set = ''] = answer.headers['set-cookie'] ?? [];
    expect(set).toMatch(/; HttpOnly/);
    expect(set).toMatch(/; SameSite=Strict/);
    cookie = set.split(';')[0] ?? '';
    expect((await send(pathname + search)).status).toBe(403);
    expect((await send(pathname + search, { headers: { cookie } })).status).toBe(303);
    expect((await send('/', { headers: { cookie } })).body).toContain('<title>Rescind</title>');
  });

  test('a made-up cookie is none', async () => {
    const name = cookie.split('=')[0] ?? '';
    for (const value of ['', 'x', `${name}=`, `${name}=${'A'.repeat(43)}`]) {
      expect((await send('/', { headers: { cookie: value } })).status).toBe(401);
    }
  });
});

describe('other sites', () => {
  test.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', '0.0.0.0', 'localhost'])(
    'a name that points here is refused by its Host: %j',
    async (host) => {
      expect((await send('/', { headers: { cookie, host } })).status).toBe(403);
    },
  );

  test.each(['http://evil.example', 'null', 'http://127.0.0.1:1', 'https://127.0.0.1', 'http://localhost'])(
    'a request of the origin %s is refused',
    async (origin) => {
      expect((await ask('app.info', {}, { origin })).status).toBe(403);
      expect((await send('/api/events', { headers: { cookie, origin } })).status).toBe(403);
    },
  );

  test('a change without an origin, and a cross-site request, are refused', async () => {
    const headers = { cookie, 'content-type': 'application/json' };
    expect((await send('/api/app.info', { method: 'POST', headers, body: '{}' })).status).toBe(403);
    expect((await send('/', { headers: { cookie, 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
  });

  test('a form’s types of content are refused', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', '']) {
      expect((await ask('app.info', {}, { 'content-type': type })).status).toBe(415);
    }
  });

  test('every answer carries the policy that keeps foreign content out', async () => {
    for (const path of ['/', '/nothing', '/?token=wrong']) {
      const { headers } = await send(path, { headers: { cookie } });
      const policy = headers['content-security-policy'] ?? '';
      expect(policy).toMatch(/^default-src 'none'; script-src 'self';/);
      expect(policy).not.toContain('unsafe');
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });
});

describe('files of the page', () => {
  test.each([
    '/../outside-of-the-page.js',
    '/..%2foutside-of-the-page.js',
    '/%2e%2e/outside-of-the-page.js',
    '/x/../../outside-of-the-page.js',
    '/..\\outside-of-the-page.js',
    '/..%5coutside-of-the-page.js',
    '//etc/passwd',
    '/app.js%00.html',
    '/%E0%A4%A',
    '/package.json',
  ])('nothing outside of the build comes with %s', async (path) => {
    const answer = await send(path, { headers: { cookie } });
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('secret');
  });

  test('are read only', async () => {
    expect(await send('/app.js', { headers: { cookie } })).toMatchObject({ status: 200, body: 'export {};' });
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'POST', 'PATCH']) {
      expect((await send('/app.js', { method, headers: own(), body: '' })).status).toBe(405);
    }
  });
});

describe('operations', () => {
  test('answer with lines: items, then the result', async () => {
    const folder = session.makeCase('case');
    await session.engine.openCase(folder);
    const { body, headers } = await ask('app.info', {});
    expect(headers['content-type']).toContain('application/x-ndjson');
    expect(JSON.parse(body)).toMatchObject({
      result: { ok: true, value: { host: 'headless', nativeDialogs: false } },
    });
  });

  test('of the command line are not for the page', async () => {
    const { body } = await ask('sql.run', { text: 'SELECT 1' });
    expect(JSON.parse(body)).toMatchObject({ result: { ok: false, error: { kind: 'refused' } } });
  });

  test('with a body that is too large or is no JSON are refused', async () => {
    expect((await ask('app.info', 'x'.repeat(3_000_000)).catch(() => ({ status: 413 }))).status).toBe(413);
    expect((await send('/api/app.info', { method: 'POST', headers: own(), body: '{"a":' })).status).toBe(400);
  });

  test('that travel together are each checked as if they came alone', async () => {
    const { status, body } = await ask('together', [
      { name: 'app.info', input: {} },
      { name: 'sql.run', input: { text: 'SELECT 1' } },
      { name: 'together', input: [] },
      { name: 'events.page', input: { limit: -1 } },
      {},
    ]);
    expect(status).toBe(200);
    const lines = body.trimEnd().split('\n');
    const answers = lines.map((line) => JSON.parse(line) as { at: number; result: object });
    expect(answers.toSorted((one, other) => one.at - other.at)).toMatchObject([
      { at: 0, result: { ok: true } },
      { at: 1, result: { ok: false, error: { kind: 'refused' } } },
      { at: 2, result: { ok: false, error: { kind: 'refused' } } },
      { at: 3, result: { ok: false, error: { kind: 'invalid-input' } } },
      { at: 4, result: { ok: false, error: { kind: 'refused' } } },
    ]);
    for (const input of [{}, [1], Array.from({ length: 65 }, () => ({ name: 'app.info', input: {} }))]) {
      expect((await ask('together', input)).status).toBe(400);
    }
    expect((await ask('together', [], { cookie: '' })).status).toBe(401);
    expect((await ask('together', [], { origin: 'https://evil.example' })).status).toBe(403);
  });

  test('end when the page goes away', async () => {
    writeFileSync(join(session.home, 'endless.json'), '');
    const [file] = await session.tokens.givePaths([join(session.home, 'endless.json')]);
    const body = JSON.stringify({ tokens: [file?.token] });
    await new Promise<void>((resolve, reject) => {
      const request = httpRequest({
        host: '127.0.0.1',
        port: server.port,
        path: '/api/ingest.start',
        method: 'POST',
        headers: { ...own(), host: `127.0.0.1:${server.port}` },
      });
      request.on('response', (response) => {
        // The import is under way when its first line is here.
        response.once('data', () => {
          request.destroy();
          resolve();
        });
        response.on('error', () => undefined);
      });
      request.on('error', (error) =>
        (error as { code?: string }).code === 'ECONNRESET' ? undefined : reject(error),
      );
      request.end(body);
    });
    // The case is free again once the cancelled import has ended.
    await expect
      .poll(async () => (await session.client.request('case.openRecent', { id: 'case-1' })).ok, {
        timeout: 10_000,
      })
      .toBe(true);
  });
});

const upload = (name: string, size: number, body: Buffer) =>
  send(`/api/upload?${new URLSearchParams({ name, size: String(size) })}`, {
    method: 'PUT',
    headers: own(),
    body,
  });

const nameOf = async (name: string, content: string): Promise<unknown> => {
  const { body } = await upload(name, content.length, Buffer.from(content));
  return (JSON.parse(body) as { value?: { name: string } }).value?.name;
};

describe('uploads', () => {
  test('give a token, import under the name that they came with, and are removed', async () => {
    const { body } = await upload('logs/day one.json', 5, Buffer.from('hello'));
    const answer = JSON.parse(body) as { value: { token: string } };
    expect(answer).toMatchObject({ ok: true, value: { name: 'logs/day one.json', kind: 'file', bytes: 5 } });
    expect(JSON.stringify(answer)).not.toContain(uploadFolder);
    const lines = (await ask('ingest.start', { tokens: [answer.value.token] })).body.trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      result: { ok: true, value: { paths: ['logs/day one.json'] } },
    });
    const folder = readdirSync(uploadFolder).find((name) => name.startsWith('uploads-')) ?? '';
    expect(readdirSync(join(uploadFolder, folder, 'logs'))).toEqual([]);
  });

  test('never take the place of another, also where a file system knows no case or has a folder there', async () => {
    expect(await nameOf('Other/Caf\u00e9.json', 'one')).toBe('Other/Caf\u00e9.json');
    expect(await nameOf('other/CAFE\u0301.json', 'two')).toBe('2/other/CAFE\u0301.json');
    expect(await nameOf('collected', 'three')).toBe('collected');
    expect(await nameOf('collected/a.json', 'four')).toBe('2/collected/a.json');
    expect(await nameOf('other', 'five')).toBe('3/other');
  });

  test('longer or shorter than they said are refused', async () => {
    for (const [size, content] of [
      [3, 'hello'],
      [9, 'hello'],
    ] as const) {
      const { body, status } = await upload('a.json', size, Buffer.from(content));
      expect(status).toBe(422);
      expect(JSON.parse(body)).toMatchObject({ ok: false, error: { kind: 'invalid-input' } });
    }
  });

  test('of absurd size are refused before they begin', async () => {
    for (const size of [-1, 1e15, Number.NaN]) {
      expect((await upload('a.json', size, Buffer.alloc(0))).status).toBe(422);
    }
  });
});

test('nothing answers on the addresses that other machines see', async () => {
  const foreign = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4');
  for (const { address } of foreign) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(server.port, address);
      socket.on('connect', () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('close', () => socket.destroy());
    });
    expect(isOpen).toBe(false);
  }
});
