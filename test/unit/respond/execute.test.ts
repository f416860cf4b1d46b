import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { JournalReader } from '#electron/respond/journal/journal-reader.ts';
import { verifyActionJournal } from '#electron/respond/journal/verify-journal.ts';
import { opa } from '#electron/respond/providers/opa/index.ts';
import { execute, resume, verifyRun } from '#electron/respond/run/engine.ts';
import type { RunView } from '#shared/respond/run.ts';
import { summarize } from '#shared/respond/run-summary.ts';
import { FailureError } from '#shared/util/result.ts';
import { Bench, canary, emergency } from '#test/support/respond/bench.ts';
import { opaToken, startOpa } from '#test/support/respond/servers/opa.ts';
import { serveWorld } from '#test/support/respond/fake/server.ts';
import { type Fault, World } from '#test/support/respond/fake/world.ts';

const cleanup: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});

async function start(
  options: Partial<ConstructorParameters<typeof World>[0]> = {},
  settings: Record<string, string> = {},
) {
  const world = new World({ now: () => Date.now(), ...options });
  const server = await serveWorld(world);
  const bench = new Bench();
  await bench.add('one', { url: server.url, ...settings });
  cleanup.push(server.close, () => bench.close());
  return { world, server, bench };
}

const faults =
  (...list: (Fault | null)[]) =>
  (_: unknown, writes: number): Fault | null =>
    list[writes] ?? null;
/** A provider that says yes to a deny and does nothing. */
const deaf = (call: { readonly path: string }): Fault | null =>
  call.path.endsWith('/denied') ? { kind: 'no-effect' } : null;
const view = (run: RunView, id: string) => run.actions.find(({ action }) => action.spec.id === id)!;

describe('executing a plan', () => {
  test('everything that the suspect holds ends, with each fact from its own evidence', async () => {
    const { world, bench } = await start();
    const id = world.addAccount('mallory', { keys: 2, sessions: 2 });
    world.addAccount('innocent');
    const document = await bench.plan(['mallory']);
    expect(document.plan.actions.map(({ spec }) => spec.id)).toEqual([
      'account.deny',
      'account.disable',
      'key.disable',
      'key.disable',
      'session.end',
      'session.end',
    ]);
    const run = await execute(document, emergency(Date.now()), bench.tools());
    expect(summarize(run)).toMatchObject({ actions: 6, effective: 6, contained: true, survivors: 0 });
    expect(world.mayLogIn(id)).toBe(false);
    expect([0, 1].map((n) => world.works('keys', `key-mallory-${n}`))).toEqual([false, false]);
    expect([0, 1].map((n) => world.works('sessions', `sess-mallory-${n}`))).toEqual([false, false]);
    expect(world.works('keys', 'key-innocent-0')).toBe(true);
    // Configured is what the control plane says; enforced only where a probe said so.
    expect(view(run, 'account.disable')).toMatchObject({
      configured: { state: 'in_effect' },
      enforced: null,
    });
    expect(view(run, 'key.disable')).toMatchObject({ enforced: { state: 'denied' } });
    expect(verifyActionJournal(bench.folder, bench.config)).toMatchObject({ ok: true });
  });

  test('the residual is a time, from what no action stops', async () => {
    const { world, bench } = await start();
    world.addAccount('mallory');
    const { plan } = await bench.plan(['mallory']);
    // The session is ended by another action; tokens live on for their ten minutes.
    expect(plan.residual).toMatchObject({
      seconds: 600,
      items: [{ artefact: 'access_token', seconds: 600 }],
    });
  });

  test('what was so already is not ours', async () => {
    const { world, bench } = await start();
    const id = world.addAccount('mallory', { keys: 0, sessions: 0, grants: 0 });
    const document = await bench.plan(['mallory']);
    world.handle({
      method: 'PUT',
      path: `/accounts/${id}/disabled`,
      query: {},
      body: { value: true },
      ifMatch: null,
    });
    world.effects.length = 0;
    const run = await execute(document, emergency(Date.now()), bench.tools());
    expect(view(run, 'account.disable')).toMatchObject({
      ours: 'no',
      state: 'effective',
      outcome: { kind: 'already_in_state' },
    });
    expect(view(run, 'account.deny').ours).toBe('yes');
    expect(world.effects).toEqual([`denied=true ${id}`]);
  });

  test.each([
    ['an error after the effect', { kind: 'after' }],
    ['a reset after the effect', { kind: 'reset-after' }],
    ['an error before the effect', { kind: 'before' }],
    ['a reset before the effect', { kind: 'reset-before' }],
    ['throttling', { kind: 'throttle', ms: 60 }],
  ] as const)('%s: it ends effective, and is ours', async (_, fault) => {
    const { world, bench } = await start({ fault: faults(fault) });
    world.addAccount('mallory', { keys: 0, sessions: 0, grants: 0 });
    const run = await execute(await bench.plan(['mallory']), emergency(Date.now()), bench.tools());
    expect(summarize(run)).toMatchObject({ effective: 2, contained: true });
    expect(view(run, 'account.deny').ours).not.toBe('no');
    const effects = world.effects.filter((effect) => effect.startsWith('denied')).length;
    expect(effects).toBe(1);
  });

  test('an answer without an effect is found out, and tried again', async () => {
    const { world, bench } = await start({ fault: faults({ kind: 'no-effect' }) }, { settle: '100' });
    world.addAccount('mallory', { keys: 0, sessions: 0, grants: 0 });
    const run = await execute(await bench.plan(['mallory']), emergency(Date.now()), bench.tools());
    expect(view(run, 'account.deny')).toMatchObject({ state: 'effective', attempts: 2, ours: 'yes' });
    expect(summarize(run).contained).toBe(true);
  });

  test('a provider that never does what it says is not believed', async () => {
    const { world, bench } = await start({ fault: deaf }, { settle: '100' });
    world.addAccount('mallory', { keys: 0, sessions: 0, grants: 0 });
    const run = await execute(await bench.plan(['mallory']), emergency(Date.now()), bench.tools());
    expect(view(run, 'account.deny')).toMatchObject({
      state: 'not_effective',
      outcome: { kind: 'applied' },
      configured: { state: 'not_in_effect' },
    });
    expect(view(run, 'account.disable').state).toBe('effective');
    expect(summarize(run).contained).toBe(false);
  });

  test('a resume takes back what has drifted', async () => {
    const { world, bench } = await start();
    const id = world.addAccount('mallory', { keys: 0, sessions: 0, grants: 0 });
    const run = await execute(await bench.plan(['mallory']), emergency(Date.now()), bench.tools());
    const enable = {
      method: 'PUT',
      path: `/accounts/${id}/disabled`,
      query: {},
      body: { value: false },
      ifMatch: null,
    };
    world.handle(enable);
    expect(view(await verifyRun(run.run, '+5min', bench.tools()), 'account.disable').state).toBe('drifted');
    const again = await resume(run.run, null, bench.tools());
    expect(view(again, 'account.disable')).toMatchObject({ state: 'effective', attempts: 2 });
    expect(world.accounts.get(id)!.disabled.get()).toBe(true);
  });

  test('a slow provider is waited for: enforced only counts when it is so', async () => {
    const { world, bench } = await start({ enforceMs: 400, readMs: 200 }, { settle: '2000' });
    world.addAccount('mallory', { keys: 1, sessions: 0, grants: 0 });
    const run = await execute(await bench.plan(['mallory']), emergency(Date.now()), bench.tools());
    expect(view(run, 'key.disable')).toMatchObject({ state: 'effective', enforced: { state: 'denied' } });
    expect(world.works('keys', 'key-mallory-0')).toBe(false);
  });

  test('what must not be repeated is not: without an answer it is left for a person', async () => {
    const { world, bench } = await start({
      fault: (call) => (call.method === 'POST' ? { kind: 'reset-after' } : null),
    });
    world.addAccount('mallory', { keys: 1, sessions: 0, grants: 0 });
    const document = await bench.plan(['mallory'], 'evict');
    const run = await execute(document, emergency(Date.now()), bench.tools());
    expect(view(run, 'key.rotate').state).toBe('ambiguous');
    const again = await resume(run.run, null, bench.tools());
    expect(view(again, 'key.rotate').state).toBe('ambiguous');
    expect(world.effects.filter((effect) => effect.startsWith('rotate'))).toHaveLength(1);
  });

  test('one provider is down: the others go on, and a resume does the rest', async () => {
    const { world, bench } = await start();
    const other = new World({ now: () => Date.now() });
    const server = await serveWorld(other);
    cleanup.push(server.close);
    await bench.add('two', { url: server.url });
    world.addAccount('mallory');
    other.addAccount('mallory');
    const document = await bench.plan(['mallory']);
    other.isDown = true;
    const run = await execute(document, emergency(Date.now()), bench.tools({ readMs: 300 }));
    expect(world.mayLogIn('acct-mallory')).toBe(false);
    expect(other.effects).toEqual([]);
    expect(summarize(run)).toMatchObject({ contained: null, notSent: 4 });
    other.isDown = false;
    const again = await resume(run.run, null, bench.tools());
    expect(summarize(again)).toMatchObject({ contained: true, effective: 8 });
    expect(world.effects).toHaveLength(4);
  });

  test('what was done in part is no change of the target: the same approval completes it', async () => {
    const replicas = [await startOpa(), await startOpa()];
    const bench = new Bench({ types: { opa: () => opa }, secrets: { pdp: { token: opaToken } } });
    cleanup.push(...replicas.map((replica) => () => replica.stop()), () => bench.close());
    await bench.add('pdp', { urls: replicas.map(({ url }) => url).join(',') }, 'opa');
    const document = await bench.plan(['mallory']);
    replicas[1]!.fault('PUT', 'refused');
    const approved = { ...emergency(Date.now()), kind: 'approvals' } as const;
    const run = await execute(document, approved, bench.tools());
    expect(view(run, 'subject.deny')).toMatchObject({ attempts: 2, ours: 'yes', state: 'effective' });
    for (const { data } of replicas) expect(data).toEqual({ emergency: { deny: { mallory: true } } });
  });

  test('a target that changed after the approval is left alone; a wrong tenant altogether', async () => {
    const { world, bench } = await start();
    world.addAccount('mallory', { keys: 0, sessions: 0 });
    const document = await bench.plan(['mallory'], 'remove');
    const grant = world.grants.get('grant-mallory-0')!;
    world.grants.set(grant.id, { ...grant, role: 'role-other' });
    const approved = { ...emergency(Date.now()), kind: 'approvals' } as const;
    const run = await execute(document, approved, bench.tools());
    expect(view(run, 'grant.remove')).toMatchObject({
      state: 'skipped',
      skipped: { kind: 'target-changed' },
    });
    expect(world.works('grants', grant.id)).toBe(false);
    const { plan } = await bench.plan(['mallory']);
    expect(plan.actions.length).toBeGreaterThan(0);
    const second = await bench.plan(['mallory']);
    world.tenant = 'tenant-2';
    world.effects.length = 0;
    const wrong = await execute(second, emergency(Date.now()), bench.tools());
    expect(wrong.actions.every(({ skipped }) => skipped?.kind === 'wrong-tenant')).toBe(true);
    expect(world.effects).toEqual([]);
  });

  test('what the suspect made meanwhile is found by the sweep; drift by looking again', async () => {
    const { world, bench } = await start();
    const id = world.addAccount('mallory', { sessions: 0, grants: 0 });
    const document = await bench.plan(['mallory'], 'contain', undefined, 1_000);
    world.addPart('keys', id, 'key-new', 2_000);
    const run = await execute(document, emergency(Date.now()), bench.tools());
    expect(run.sweeps.at(-1)?.findings.map(({ key }) => key)).toEqual(['one/key/key-new']);
    expect(summarize(run).survivors).toBe(1);
    world.handle({
      method: 'PUT',
      path: `/accounts/${id}/disabled`,
      query: {},
      body: { value: false },
      ifMatch: null,
    });
    const verified = await verifyRun(run.run, '+30s', bench.tools());
    expect(view(verified, 'account.disable')).toMatchObject({ state: 'drifted', drifted: true });
    expect(summarize(verified).contained).toBe(false);
  });

  test('a sweep that fails refutes nothing; one that was never made proves nothing', async () => {
    const { world, bench } = await start();
    const id = world.addAccount('mallory', { sessions: 0, grants: 0 });
    const document = await bench.plan(['mallory'], 'contain', undefined, 1_000);
    const calm = await execute(document, emergency(Date.now()), bench.tools());
    expect(summarize(calm).contained).toBe(true);
    expect(summarize({ ...calm, sweeps: [] }).contained).toBe(null);
    world.addPart('keys', id, 'key-new', 2_000);
    await verifyRun(calm.run, '+30s', bench.tools());
    world.isDown = true;
    const blind = await verifyRun(calm.run, '+5min', bench.tools({ readMs: 200 }));
    expect(blind.sweeps.at(-1)).toMatchObject({
      findings: [{ key: 'one/key/key-new' }],
      failed: expect.any(String),
    });
    expect(summarize(blind)).toMatchObject({ survivors: 1, contained: false });
  });

  test('what a sweep finds is entered, though a part of it failed', async () => {
    const { world, bench } = await start({}, { sweep: 'partial' });
    const id = world.addAccount('mallory', { sessions: 0, grants: 0 });
    const document = await bench.plan(['mallory'], 'contain', undefined, 1_000);
    world.addPart('keys', id, 'key-new', 2_000);
    const run = await execute(document, emergency(Date.now()), bench.tools());
    expect(run.sweeps.at(-1)).toMatchObject({
      findings: [{ key: 'one/key/key-new' }],
      failed: 'Roles may not be listed.',
    });
  });

  test('operator, break-glass accounts and the last administrator are refused with what belongs to them', async () => {
    const { world, bench, server } = await start();
    world.addAccount('mallory');
    world.addAccount('operator');
    world.addAccount('glass');
    world.addAccount('root', { admin: true });
    await bench.add('one', { url: server.url, 'break-glass': 'glass' });
    const { plan } = await bench.plan(['mallory', 'operator', 'glass', 'root']);
    expect(new Set(plan.actions.map(({ group }) => group))).toEqual(new Set(['i1']));
    const rules = Map.groupBy(plan.refusals, ({ rule }) => rule);
    expect([...rules.keys()].toSorted()).toEqual(['break-glass', 'last-administrator', 'operator-chain']);
    expect(rules.get('operator-chain')).toHaveLength(4);
  });

  test('who became protected after the plan was made is left alone, and keeps their access in the summary', async () => {
    const { world, bench, server } = await start();
    world.addAccount('mallory', { keys: 1, sessions: 0, grants: 0 });
    world.addAccount('glass', { keys: 1, sessions: 0, grants: 0 });
    const document = await bench.plan(['mallory', 'glass']);
    await bench.add('one', { url: server.url, 'break-glass': 'glass' });
    const run = await execute(document, emergency(Date.now()), bench.tools());
    expect([world.mayLogIn('acct-mallory'), world.mayLogIn('acct-glass')]).toEqual([false, true]);
    const left = run.actions.filter(({ action }) => action.group === 'i2');
    expect(left.map(({ skipped }) => skipped?.kind)).toEqual(left.map(() => 'protected'));
    expect(summarize(run).contained).toBe(null);
  });

  test('somebody who is refused as a target is not called contained', async () => {
    const { world, bench } = await start();
    world.addAccount('mallory');
    world.addAccount('root', { admin: true });
    const run = await execute(await bench.plan(['mallory', 'root']), emergency(Date.now()), bench.tools());
    expect(world.mayLogIn('acct-mallory')).toBe(false);
    expect(summarize(run).contained).toBe(false);
  });

  test('a provider that was set up anew after the run confirms nothing', async () => {
    const { world, bench } = await start();
    world.addAccount('mallory');
    const run = await execute(await bench.plan(['mallory']), emergency(Date.now()), bench.tools());
    expect(summarize(run).contained).toBe(true);
    // Empty: everything that the run has acted on is absent there.
    const other = await serveWorld(new World({ now: () => Date.now() }));
    cleanup.push(other.close);
    await bench.add('one', { url: other.url });
    const verified = await verifyRun(run.run, '+5min', bench.tools());
    expect(verified.actions.map(({ state }) => state)).toEqual(run.actions.map(() => 'unverifiable'));
    expect(summarize(verified).contained).toBe(null);
    const again = await resume(run.run, null, bench.tools());
    expect(again.actions.every(({ skipped }) => skipped?.kind === 'wrong-tenant')).toBe(true);
  });

  test('a provider that cannot be swept may have a survivor', async () => {
    const { world, bench } = await start();
    world.addAccount('mallory');
    const run = await execute(await bench.plan(['mallory']), emergency(Date.now()), bench.tools());
    const swept = run.sweeps.map((sweep) => ({ ...sweep, failed: 'not allowed' }));
    expect(summarize({ ...run, sweeps: swept }).contained).toBe(null);
  });

  test('no room for the journal: nothing is sent without its intent, and a resume goes on', async () => {
    for (const room of [1, 2, 3, 5, 8, 11]) {
      const { world, bench } = await start();
      world.addAccount('mallory');
      const document = await bench.plan(['mallory']);
      let left = room;
      const tools = bench.tools();
      const full = new FailureError('disk-full', 'The disk is full.');
      const journal = new Proxy(tools.journal, {
        get(target, name) {
          if (name === 'append' && left-- <= 0) return () => Promise.reject(full);
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
      await expect(execute(document, emergency(Date.now()), { ...tools, journal })).rejects.toMatchObject({
        failure: { kind: 'disk-full' },
      });
      const reader = new JournalReader(bench.folder);
      const [run = ''] = reader.runs();
      const intents = reader.records(run).filter(({ kind }) => kind === 'intent').length;
      reader.close();
      expect(world.effects.length, `room for ${room}`).toBeLessThanOrEqual(intents);
      expect(summarize(await resume(run, null, bench.tools()))).toMatchObject({ contained: true });
      expect(new Set(world.effects).size, 'nothing is done twice').toBe(world.effects.length);
    }
  });

  test('a global stop sends nothing new', async () => {
    const { world, bench } = await start();
    world.addAccount('mallory');
    const stop = new AbortController();
    const tools = {
      ...bench.tools(),
      stop: stop.signal,
      onProgress: ({ kind }: { kind: string }) => kind === 'result' && stop.abort(),
    };
    const run = await execute(await bench.plan(['mallory']), emergency(Date.now()), tools);
    expect(run.status).toBe('stopped');
    expect(world.effects).toHaveLength(1);
    const again = await resume(run.run, null, bench.tools());
    expect(summarize(again)).toMatchObject({ contained: true });
  });

  test('no secret in plan, journal or log', async () => {
    const { world, bench } = await start();
    world.addAccount('mallory');
    const document = await bench.plan(['mallory']);
    await execute(document, emergency(Date.now()), bench.tools());
    expect(JSON.stringify(document)).not.toContain(canary);
    const files = [bench.folder, bench.config].flatMap((folder) =>
      readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => join(folder, name)),
    );
    expect(files.length).toBeGreaterThan(2);
    expect(files.filter((file) => readFileSync(file).includes(canary))).toEqual([]);
    expect(bench.logged.join()).not.toContain(canary);
  });
});
