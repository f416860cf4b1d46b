import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import type { Port } from '#electron/platform/port.ts';
import { type Caller, type MethodContext, createCaller, serveService } from '#electron/platform/rpc.ts';
import { FailureError } from '#shared/util/result.ts';

function portOf(channel: MessagePort): Port {
  return {
    post: (message) => channel.postMessage(message, []),
    onMessage: (listener) => channel.on('message', listener),
    onClose: (listener) => channel.on('close', listener),
    close: () => channel.close(),
  };
}

const service = {
  add: ({ a, b }: { a: number; b: number }) => a + b,
  countTo: (last: number, { emit }: MethodContext) => {
    for (let number = 1; number <= last; number++) emit(number);
    return last;
  },
  untilCancelled: (_: null, { signal }: MethodContext) =>
    new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('cancelled'))),
  refuse: (): never => {
    throw new FailureError('refused', 'This case is read-only.');
  },
  break: (): never => {
    throw new TypeError('a bug');
  },
};

const open: MessageChannel[] = [];
function connect() {
  const channel = new MessageChannel();
  open.push(channel);
  serveService(portOf(channel.port1), service);
  return { caller: createCaller<typeof service>(portOf(channel.port2)), channel };
}
afterEach(() => {
  for (const { port1 } of open.splice(0)) port1.close();
});

describe('calls between processes', () => {
  test('answer with the value, items before it and in order', async () => {
    const { caller } = connect();
    const items: unknown[] = [];
    expect(await caller.call('add', { a: 2, b: 3 })).toEqual({ ok: true, value: 5 });
    expect(await caller.call('countTo', 3, { onItem: (item) => items.push(item) })).toEqual({
      ok: true,
      value: 3,
    });
    expect(items).toEqual([1, 2, 3]);
  });

  test('can be cancelled, also before they start', async () => {
    const { caller } = connect();
    const controller = new AbortController();
    const running = caller.call('untilCancelled', null, { signal: controller.signal });
    controller.abort();
    expect(await running).toEqual({ ok: true, value: 'cancelled' });
    expect(await caller.call('untilCancelled', null, { signal: AbortSignal.abort() })).toEqual({
      ok: true,
      value: 'cancelled',
    });
  });

  test('an expected failure keeps its kind, a bug is internal', async () => {
    const { caller } = connect();
    expect(await caller.call('refuse', null)).toEqual({
      ok: false,
      error: { kind: 'refused', message: 'This case is read-only.' },
    });
    expect(await caller.call('break', null)).toEqual({
      ok: false,
      error: { kind: 'internal', message: 'a bug' },
    });
  });

  test('when the other side ends, open and later calls are answered as crashed', async () => {
    const { caller, channel } = connect();
    const running = caller.call('untilCancelled', null);
    channel.port1.close();
    expect(await running).toMatchObject({ ok: false, error: { kind: 'crashed' } });
    expect(await caller.call('add', { a: 1, b: 1 })).toMatchObject({ ok: false, error: { kind: 'crashed' } });
  });
});

type TurnService = Readonly<Record<'look' | 'count', (name: string) => void>>;

function inTurns(): { caller: Caller<TurnService>; begun: string[] } {
  const begun: string[] = [];
  const methods: TurnService = {
    look: (name: string) => void begun.push(name),
    count: (name: string) => void begun.push(name),
  };
  const channel = new MessageChannel();
  open.push(channel);
  serveService(portOf(channel.port1), methods, (method) => (method === 'look' ? 1 : 0));
  return { caller: createCaller<TurnService>(portOf(channel.port2)), begun };
}

describe('calls in turns', () => {
  test('begin with the most urgent, and each tells when', async () => {
    const { caller, begun } = inTurns();
    const told: string[] = [];
    const ask = (method: 'look' | 'count', name: string) =>
      caller.call(method, name, { onBegun: () => void told.push(name) });
    await Promise.all([ask('count', 'a'), ask('count', 'b'), ask('look', 'c'), ask('look', 'd')]);
    expect(begun).toEqual(['c', 'd', 'a', 'b']);
    expect(told).toEqual(begun);
  });

  test('are not begun where they are cancelled before', async () => {
    const { caller, begun } = inTurns();
    const controller = new AbortController();
    const [first, second] = [
      caller.call('count', 'given up', { signal: controller.signal }),
      caller.call('count', 'wanted'),
    ];
    controller.abort();
    expect(await first).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
    expect(await second).toMatchObject({ ok: true });
    expect(begun).toEqual(['wanted']);
  });
});
