import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { memoryVault } from '#electron/headless/vault.ts';
import { noLog } from '#electron/platform/log.ts';
import type { Port } from '#electron/platform/port.ts';
import { serveService } from '#electron/platform/rpc.ts';
import { RespondLink } from '#electron/router/respond-link.ts';

function portOf(channel: MessagePort): Port {
  return {
    post: (message) => channel.postMessage(message, []),
    onMessage: (listener) => void channel.on('message', listener),
    onClose: (listener) => void channel.on('close', listener),
    close: () => channel.close(),
  };
}

test('the end of the program waits for the action under way, and begins no other', async () => {
  const order: string[] = [];
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  const { port1, port2 } = new MessageChannel();
  serveService(portOf(port1), {
    start: () => null,
    execute: async () => {
      order.push('execute');
      await stopped;
      order.push('journalled');
      return {};
    },
    stop: () => {
      order.push('stop');
      stop();
      return null;
    },
  });
  const child = {
    name: 'respond',
    port: portOf(port2),
    onExit: () => undefined,
    kill: () => {
      order.push('kill');
      port2.close();
    },
  } as const;
  const launcher = { start: () => child };
  const link = new RespondLink(launcher, '/nowhere', memoryVault(), noLog);
  expect(link.isActing).toBe(false);
  const run = link.call('execute', {
    case: null,
    plan: { id: 'one' },
    hash: null,
    emergency: null,
    key: null,
    passphrase: null,
  });
  await expect.poll(() => link.isActing).toBe(true);
  await expect.poll(() => order).toEqual(['execute']);
  await link.finish();
  await run;
  expect(order).toEqual(['execute', 'stop', 'journalled', 'kill']);
  expect(link.isActing).toBe(false);
});

test('a credential goes by one fingerprint, also where several are held at the same time', async () => {
  const launcher = { start: () => expect.unreachable() };
  const link = new RespondLink(launcher, '/nowhere', memoryVault(), noLog);
  const held = await Promise.all([
    link.hold('okta', 'one'),
    link.hold('okta', 'one'),
    link.hold('okta', 'two'),
  ]);
  expect(held[1]).toBe(held[0]);
  expect(held[2]).not.toBe(held[0]);
  expect(await link.hold('okta', 'one')).toBe(held[0]);
});
