import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { FileTokens } from '#electron/router/file-tokens.ts';
import { RateLimit } from '#electron/router/rate-limit.ts';
import { readOperations } from '#electron/router/read-operations.ts';
import type { Sender } from '#electron/router/router.ts';
import { type OperationName, contract } from '#shared/ipc/contract.ts';
import { doubleSession } from '#test/support/double-session.ts';

const session = doubleSession();
const readOnly = doubleSession({ readOnly: true });
afterAll(() => {
  session.close();
  readOnly.close();
});

function ask(name: unknown, input: unknown, sender: Sender = 'page', of = session) {
  const signal = new AbortController().signal;
  return of.router.handle(name, input, { sender, signal, emit: () => undefined });
}
const refusedAs = (kind: string) => ({ ok: false, error: { kind } });

describe('the router refuses', () => {
  test.each(['', 'no.such', 'constructor', '__proto__', 'toString', 42, null, {}])(
    'the name %j',
    async (name) => {
      expect(await ask(name, {})).toMatchObject(refusedAs('refused'));
    },
  );

  test('the page what is for the command line alone', async () => {
    const reserved = Object.entries(contract).filter(([, { audience }]) => audience === 'command-line');
    expect(reserved.map(([name]) => name)).toContain('sql.run');
    for (const [name] of reserved) {
      expect(await ask(name, { text: 'SELECT 1' })).toMatchObject(refusedAs('refused'));
    }
  });

  test('everybody else what is for the confirm surface, and the surface everything else', async () => {
    const ticket = 'x'.repeat(43);
    const ofSurface = Object.entries(contract).filter(([, { audience }]) => audience === 'confirm');
    expect(ofSurface.map(([name]) => name)).toContain('confirm.hold');
    for (const [name] of ofSurface) {
      expect(await ask(name, { ticket }, 'page')).toMatchObject(refusedAs('refused'));
      expect(await ask(name, { ticket }, 'command-line')).toMatchObject(refusedAs('refused'));
    }
    for (const [name] of Object.entries(contract).filter(([, { audience }]) => audience !== 'confirm')) {
      expect(await ask(name, {}, 'confirm')).toMatchObject(refusedAs('refused'));
    }
    const show = await ask('confirm.show', { ticket }, 'confirm');
    expect(show).toMatchObject({
      error: { kind: 'refused', message: expect.stringContaining('confirmation is over') as string },
    });
  });

  test('to execute for a page without a confirmation, or with one that it made up', async () => {
    const plan = { id: 'plan-0011223344556677' };
    for (const more of [{}, { confirmation: null }, { emergency: { reason: 'now' } }]) {
      const answer = await ask('respond.execute', { plan, hash: 'a'.repeat(64), ...more });
      expect(answer).toMatchObject({
        error: { kind: 'refused', message: expect.stringContaining('confirm surface') as string },
      });
    }
    const answer = await ask('respond.execute', { plan, confirmation: 'A'.repeat(43) });
    expect(answer).toMatchObject({
      error: { kind: 'refused', message: expect.stringContaining('no confirmation of this plan') as string },
    });
  });

  test.each([
    ['app.info', null],
    ['app.info', { extra: 1 }],
    ['events.page', { limit: 1_000_000 }],
    ['events.page', { offset: -1 }],
    ['events.page', { query: 'x'.repeat(200_001) }],
    ['events.get', { id: 7 }],
    ['case.open', { path: '/etc' }],
    ['ingest.start', { tokens: ['/etc/passwd'], path: '/etc/passwd' }],
    ['ingest.start', { tokens: [] }],
  ])('%s with %j', async (name, input) => {
    expect(await ask(name, input)).toMatchObject(refusedAs('invalid-input'));
  });

  test('input that is too large or is no plain data', async () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(await ask('app.info', cycle)).toMatchObject(refusedAs('invalid-input'));
    const huge = { tokens: ['x'.repeat(3_000_000)] };
    expect(await ask('ingest.start', huge)).toMatchObject(refusedAs('invalid-input'));
  });

  test('questions while no case is open', async () => {
    for (const name of ['evidence.list', 'overview.get', 'events.page']) {
      expect(await ask(name, {})).toMatchObject(refusedAs('no-case'));
    }
  });

  test('paths from the page, wherever a command may name a file', async () => {
    const run = 'run-00aa11bb-00aa11bb';
    const plan = { file: '/etc/passwd' };
    for (const [name, input] of [
      ['respond.preview', { plan }],
      ['respond.execute', { plan, hash: null }],
      ['respond.execute', { plan: { id: 'plan-0011223344556677' }, key: '/etc/key.pem' }],
      ['respond.restore', { run, out: '/etc/cron.d/x' }],
      ['respond.receipt', { run, out: '/etc/cron.d/x' }],
      ['respond.plan', { references: [{ kind: 'identity', id: 'x' }], out: '/etc/cron.d/x' }],
    ] as const) {
      expect(await ask(name, input)).toMatchObject(refusedAs('refused'));
    }
  });

  test('actions on a read-only host', async () => {
    const plan = { id: 'plan-0011223344556677' };
    for (const [name, input] of [
      ['respond.execute', { plan }],
      ['respond.resume', { run: 'run-00aa11bb-00aa11bb' }],
      ['respond.verify', { run: 'run-00aa11bb-00aa11bb' }],
      ['provider.add', { name: 'x', type: 'fake', settings: {} }],
      ['provider.remove', { name: 'x' }],
    ] as const) {
      expect(await ask(name, input, 'page', readOnly)).toMatchObject(refusedAs('refused'));
    }
  });

  test('changes on a read-only host', async () => {
    const token = 'x'.repeat(32);
    expect(await ask('ingest.start', { tokens: [token] }, 'page', readOnly)).toMatchObject(
      refusedAs('refused'),
    );
    expect(await ask('case.create', { token, name: 'n' }, 'page', readOnly)).toMatchObject(
      refusedAs('refused'),
    );
    expect(await ask('app.info', {}, 'page', readOnly)).toMatchObject({
      ok: true,
      value: { readOnly: true },
    });
  });
});

test('every operation of the contract has a handler', async () => {
  const names = Object.keys(contract);
  expect(names).toEqual(expect.arrayContaining([...readOperations]));
  for (const name of names) {
    // A wrong input comes back as such, not as an unknown name or a bug.
    const sender = contract[name as OperationName].audience === 'confirm' ? 'confirm' : 'command-line';
    expect(await ask(name, 7, sender)).toMatchObject(refusedAs('invalid-input'));
  }
});

describe('file tokens', () => {
  test('work once', async () => {
    const [token] = await session.tokens.givePaths([session.home]);
    const input = { token: token?.token ?? '' };
    expect(await ask('files.browse', input)).toMatchObject({ ok: true });
    expect(await ask('files.browse', input)).toMatchObject(refusedAs('refused'));
  });

  test('are none for what is not there, and end after a while', async () => {
    let now = 0;
    const tokens = new FileTokens(() => now);
    expect(await tokens.givePaths([join(session.home, 'nothing')])).toEqual([]);
    const [token] = await tokens.givePaths([session.home]);
    now = 2 * 60 * 60 * 1000;
    expect(() => tokens.take(token?.token ?? '')).toThrow(/no longer valid/);
  });

  test('stand for what a folder shows: hidden files are left out, folders come first', async () => {
    const folder = join(session.home, 'listing');
    mkdirSync(join(folder, 'z-folder'), { recursive: true });
    for (const name of ['b.json', 'a.json', '.secret']) writeFileSync(join(folder, name), 'x');
    const [token] = await session.tokens.givePaths([folder]);
    const answer = await session.client.request('files.browse', { token: token?.token ?? '' });
    const names = answer.ok ? answer.value.entries.map(({ name }) => name) : [];
    expect(names).toEqual(['z-folder', 'a.json', 'b.json']);
    // Tokens say nothing about where the files lie.
    expect(JSON.stringify(answer.ok && answer.value.entries)).not.toContain(session.home);
  });
});

test('a page that runs wild is slowed down, and may go on later', () => {
  let now = 0;
  const limit = new RateLimit(10, 3, () => now);
  expect([1, 2, 3, 4].map(() => limit.take())).toEqual([true, true, true, false]);
  now = 100;
  expect([1, 2].map(() => limit.take())).toEqual([true, false]);
});
