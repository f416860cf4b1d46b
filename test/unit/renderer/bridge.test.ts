import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createLoopbackBridge } from '#renderer/bridge/loopback.ts';
import { bridgeOverPreload } from '#renderer/bridge/preload.ts';
import type { VerifyProgress } from '#shared/ipc/views.ts';

let server: Server | null = null;
afterEach(() => server?.close());

/** A bridge whose relative addresses lead to a server with this answer. */
async function bridgeTo(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return createLoopbackBridge({
    fetch: (path: RequestInfo | URL, init?: RequestInit) =>
      fetch(new URL(typeof path === 'string' ? path : '', base), init),
    EventSource: Object as unknown as typeof EventSource,
  });
}

test('items of a stream arrive in order whatever the borders of the chunks, then the result', async () => {
  const items = ['a', 'é', '🔑'].map((what, checked) => ({ checked, total: 3, what }));
  const lines = [...items.map((item) => ({ item })), { result: { ok: true, value: { ok: true } } }];
  const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const bridge = await bridgeTo((request, response) => {
    expect([request.method, request.url]).toEqual(['POST', '/api/evidence.verify']);
    for (const byte of bytes) response.write(Buffer.of(byte));
    response.end();
  });
  const seen: VerifyProgress[] = [];
  const result = await bridge.request('evidence.verify', {}, { onItem: (item) => seen.push(item) });
  expect(seen).toEqual(items);
  expect(result).toEqual({ ok: true, value: { ok: true } });
});

test('cancelling ends the connection, which is what stops the work', async () => {
  const controller = new AbortController();
  let closed: () => void;
  const gone = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const bridge = await bridgeTo((_request, response) => {
    response.on('close', closed);
    response.write(`${JSON.stringify({ item: { checked: 1, total: 9, what: 'evidence' } })}\n`);
  });
  const onItem = (): void => controller.abort();
  const result = await bridge.request('evidence.verify', {}, { signal: controller.signal, onItem });
  expect(result).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
  await gone;
});

/** A host of `app.info` and `evidence.list` that answers what travels together, the last one first. */
function answeringTogether(request: IncomingMessage, response: ServerResponse, paths: string[]): void {
  paths.push(request.url ?? '');
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const asked = JSON.parse(Buffer.concat(chunks).toString()) as { name: string }[];
    for (const [at, { name }] of [...asked.entries()].toReversed()) {
      response.write(`${JSON.stringify({ at, result: { ok: true, value: name } })}\n`);
    }
    response.end();
  });
}

test('requests that are made in one go travel together, and each gets its own answer', async () => {
  const paths: string[] = [];
  const bridge = await bridgeTo((request, response) => answeringTogether(request, response, paths));
  const answers = await Promise.all([bridge.request('app.info', {}), bridge.request('evidence.list', {})]);
  expect(answers).toEqual([
    { ok: true, value: 'app.info' },
    { ok: true, value: 'evidence.list' },
  ]);
  expect(paths).toEqual(['/api/together']);
});

test('one that is cancelled leaves those that travel with it; the last one ends the connection', async () => {
  const [first, second] = [new AbortController(), new AbortController()];
  const arrived = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  const bridge = await bridgeTo((_request, response) => {
    response.on('close', () => gone.resolve());
    response.write('\n');
    arrived.resolve();
  });
  const [one, other] = [
    bridge.request('app.info', {}, { signal: first.signal }),
    bridge.request('evidence.list', {}, { signal: second.signal }),
  ];
  await arrived.promise;
  first.abort();
  expect(await one).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
  second.abort();
  expect(await other).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
  await gone.promise;
});

test('what is cancelled before it leaves is not asked, and what is asked in its place is answered', async () => {
  const paths: string[] = [];
  const bridge = await bridgeTo((request, response) => {
    paths.push(request.url ?? '');
    response.end(`${JSON.stringify({ result: { ok: true, value: 'again' } })}\n`);
  });
  const controller = new AbortController();
  const first = bridge.request('app.info', {}, { signal: controller.signal });
  controller.abort();
  const second = bridge.request('evidence.list', {});
  expect(await first).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
  expect(await second).toEqual({ ok: true, value: 'again' });
  expect(paths).toEqual(['/api/evidence.list']);
});

test('where a journey breaks off, who has no answer yet is told', async () => {
  const bridge = await bridgeTo((_request, response) =>
    response.end(`${JSON.stringify({ at: 1, result: { ok: true, value: [] } })}\n`),
  );
  const answers = await Promise.all([bridge.request('app.info', {}), bridge.request('evidence.list', {})]);
  expect(answers).toMatchObject([
    { ok: false, error: { kind: 'crashed' } },
    { ok: true, value: [] },
  ]);
});

test('an answer that breaks off is a failure, not silence', async () => {
  const bridge = await bridgeTo((_request, response) => response.end('{"item":1}\n'));
  expect(await bridge.request('evidence.list', {})).toMatchObject({ ok: false, error: { kind: 'crashed' } });
});

test('a session that is over says how to get another', async () => {
  const bridge = await bridgeTo((_request, response) => response.writeHead(403).end());
  const result = await bridge.request('app.info', {});
  expect(result).toMatchObject({ ok: false, error: { kind: 'refused' } });
  expect(result.ok ? '' : result.error.message).toContain('rescind serve');
});

test('uploads carry name, size and the exact bytes', async () => {
  const received: Buffer[] = [];
  let url = '';
  const bridge = await bridgeTo((request, response) => {
    url = request.url ?? '';
    request.on('data', (chunk: Buffer) => received.push(chunk));
    request.on('end', () => {
      response.end(JSON.stringify({ ok: true, value: { token: 't', name: 'x', kind: 'file', bytes: 4 } }));
    });
  });
  const file = Object.assign(new File([Uint8Array.of(0, 255, 10, 13)], 'a b&c.json'), {
    webkitRelativePath: '',
  });
  const progress: number[] = [];
  const result = await bridge.registerFiles([file], (done) => progress.push(done));
  expect(result).toMatchObject({ ok: true, value: [{ token: 't' }] });
  expect(new URL(url, 'http://x').searchParams.get('name')).toBe('a b&c.json');
  expect(Buffer.concat(received)).toEqual(Buffer.of(0, 255, 10, 13));
  expect(progress).toEqual([0, 4]);
});

test('over the preload object a cancel reaches the host once, and a broken channel is a failure', async () => {
  let cancels = 0;
  const controller = new AbortController();
  const cancelled = { ok: false, error: { kind: 'cancelled', message: 'Cancelled.' } } as const;
  const bridge = bridgeOverPreload({
    start: (name) => {
      if (name === 'app.info')
        return { result: Promise.reject(new Error('no handler')), cancel: () => undefined };
      const { promise, resolve } = Promise.withResolvers<typeof cancelled>();
      return {
        result: promise,
        cancel: () => {
          cancels++;
          resolve(cancelled);
        },
      };
    },
    registerFiles: () => Promise.resolve({ ok: true, value: [] }),
    onEvent: () => () => undefined,
  });
  const pending = bridge.request('evidence.verify', {}, { signal: controller.signal });
  controller.abort();
  expect(await pending).toEqual(cancelled);
  expect(cancels).toBe(1);
  expect(await bridge.request('app.info', {})).toMatchObject({ ok: false, error: { kind: 'crashed' } });
});
