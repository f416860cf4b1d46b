import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { serialize } from 'node:v8';
import { array, assert, integer, oneof, property, record, string, uint8Array } from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { Child } from '#electron/platform/children.ts';
import { frameOf, framePort } from '#electron/platform/frames.ts';
import { createNodeLauncher } from '#electron/platform/node-children.ts';
import { createCaller } from '#electron/platform/rpc.ts';

const platform = join(import.meta.dirname, '../../../electron/platform');
const folder = mkdtempSync(join(tmpdir(), 'rescind-children-'));

/** Two real processes: `writer` adds up what its peer sends, `ingest` sends it. */
const sources = {
  writer: `
    import { hostPort, peerPort } from '${platform}/child-side.ts';
    import { serveService } from '${platform}/rpc.ts';
    let bytes = 0;
    const service = {
      take: ({ batch }) => { bytes += batch.byteLength; return bytes; },
      environment: () => process.env,
      die: () => process.exit(3),
    };
    serveService(hostPort(), service);
    serveService(await peerPort('ingest'), service);`,
  ingest: `
    import { hostPort, peerPort } from '${platform}/child-side.ts';
    import { createCaller, serveService } from '${platform}/rpc.ts';
    const writer = createCaller(await peerPort('writer'));
    serveService(hostPort(), {
      send: async ({ batches, size }) => {
        let last;
        for (let index = 0; index < batches; index++) last = await writer.call('take', { batch: new Uint32Array(size / 4) });
        return last;
      },
    });`,
  reader: `
    import { hostPort } from '${platform}/child-side.ts';
    import { serveService } from '${platform}/rpc.ts';
    serveService(hostPort(), { spin: () => { for (;;); } });`,
};
for (const [name, source] of Object.entries(sources)) writeFileSync(join(folder, `${name}.mts`), source);

type Double = { [method: string]: (input: object) => unknown };
const children: Child[] = [];
const fileOf = (name: string): string => join(folder, `${name}.mts`);
const launchers = {
  'a socket of their own': createNodeLauncher(fileOf, false),
  'the host': createNodeLauncher(fileOf, true),
};
const ways = ['a socket of their own', 'the host'] as const;
function start(
  name: 'writer' | 'ingest' | 'reader',
  through: (typeof ways)[number] = 'the host',
  peer: Child | null = null,
) {
  const child = launchers[through].start(name, peer === null ? {} : { peer });
  children.push(child);
  return { child, caller: createCaller<Double>(child.port) };
}
afterEach(() => {
  for (const child of children.splice(0)) child.kill();
});

describe('child processes', () => {
  test.each(ways)(
    'two children talk to each other through %s; large batches arrive whole',
    async (through) => {
      const writer = start('writer', through);
      const ingest = start('ingest', through, writer.child);
      const answer = await ingest.caller.call('send', { batches: 20, size: 4 << 20 });
      expect(answer).toEqual({ ok: true, value: { ok: true, value: 20 * (4 << 20) } });
    },
  );

  test.each(ways)('the death of one is told to the host and to its peer, through %s', async (through) => {
    const writer = start('writer', through);
    const ingest = start('ingest', through, writer.child);
    await ingest.caller.call('send', { batches: 1, size: 8 });
    expect(await writer.caller.call('die', {})).toMatchObject({ ok: false, error: { kind: 'crashed' } });
    expect(await ingest.caller.call('send', { batches: 1, size: 8 })).toMatchObject({
      ok: true,
      value: { ok: false, error: { kind: 'crashed' } },
    });
  });

  test('one that never comes back can be ended', async () => {
    const reader = start('reader');
    const spinning = reader.caller.call('spin', {});
    reader.child.kill();
    expect(await spinning).toMatchObject({ ok: false, error: { kind: 'crashed' } });
  });

  test('a child sees none of the secrets and options in the host’s environment', async () => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'canary';
    process.env['NODE_OPTIONS'] = '--no-warnings';
    const { caller } = start('writer');
    const answer = await caller.call('environment', {});
    delete process.env['AWS_SECRET_ACCESS_KEY'];
    delete process.env['NODE_OPTIONS'];
    expect(answer).toMatchObject({ ok: true, value: { PATH: process.env['PATH'] } });
    expect(JSON.stringify(answer)).not.toMatch(/canary|NODE_OPTIONS/);
  });
});

/** Bytes that travel behind a message, of any alignment. */
const large = integer({ min: 4_090, max: 9_000 }).map((length) =>
  Uint8Array.from({ length }, (_, index) => index * length),
);

describe('frames', () => {
  test('come out as they went in, however the bytes are cut', () => {
    assert(
      property(
        array(oneof(string(), uint8Array(), large, record({ text: string(), first: large, second: large })), {
          minLength: 1,
          maxLength: 6,
        }),
        integer({ min: 1, max: 9_000 }),
        (messages, size) => {
          const frames = messages.flatMap((message) => frameOf(message));
          const stream = new PassThrough();
          const received: Buffer[] = [];
          framePort(stream).onMessage((message) => received.push(serialize(message)));
          const bytes = Buffer.concat(frames);
          for (let at = 0; at < bytes.length; at += size) stream.emit('data', bytes.subarray(at, at + size));
          expect(received).toEqual(messages.map((message) => serialize(message)));
        },
      ),
    );
  });

  test.each([
    ['a length that no message has', [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]],
    ['a clone that is longer than its frame', [1, 0, 0, 0, 2, 0, 0, 0]],
  ])('%s closes the port', async (_, header) => {
    const stream = new PassThrough();
    const port = framePort(stream);
    const closed = new Promise<void>((resolve) => port.onClose(resolve));
    port.onMessage(() => undefined);
    stream.write(Buffer.from(header));
    expect(await closed.then(() => 'closed')).toBe('closed');
  });
});
