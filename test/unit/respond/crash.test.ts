import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { JournalReader } from '#electron/respond/journal/journal-reader.ts';
import { verifyActionJournal } from '#electron/respond/journal/verify-journal.ts';
import { buildRestore } from '#electron/respond/plan/build-restore.ts';
import { execute } from '#electron/respond/run/engine.ts';
import type { PlanDocument } from '#shared/respond/plan.ts';
import type { IntentBody } from '#shared/respond/run.ts';
import { foldRun } from '#shared/respond/run.ts';
import { Random } from '#shared/sample/random.ts';
import { Bench, emergency } from '#test/support/respond/bench.ts';
import { serveWorld } from '#test/support/respond/fake/server.ts';
import { type Fault, World, type WorldCall } from '#test/support/respond/fake/world.ts';

/** Instants at which a run is killed; more of them with RESCIND_CRASHES=200. */
const instants = Number(process.env['RESCIND_CRASHES'] ?? 6);
const child = join(import.meta.dirname, '../../support/respond/crash-child.ts');

interface Scene {
  readonly root: string;
  readonly world: World;
  readonly document: PlanDocument;
  readonly planFile: string;
  /** Writes for which no intent was durable. */
  readonly unannounced: string[];
  /** Called before each request; kills when its time has come. */
  onRequest: () => void;
  close(): Promise<void>;
}

async function scene(seed: number): Promise<Scene> {
  const random = new Random(seed + 1);
  const root = mkdtempSync(join(tmpdir(), 'rescind-crash-'));
  const unannounced: string[] = [];
  const made: { onRequest: () => void } = { onRequest: () => undefined };
  const kinds = ['throttle', 'before', 'after', 'reset-before', 'reset-after'] as const;
  const world = new World({
    now: () => Date.now(),
    readMs: 40,
    fault: () => {
      made.onRequest();
      const kind = random.fraction() < 0.25 ? kinds[Math.floor(random.fraction() * kinds.length)] : undefined;
      return kind === undefined ? null : ({ kind, ms: 20 } satisfies Fault);
    },
    onWrite: (call) => {
      if (!isAnnounced(root, call)) unannounced.push(`${call.method} ${call.path}`);
    },
  });
  for (const name of ['mallory', 'oscar', 'disabled']) world.addAccount(name);
  world.accounts.get('acct-disabled')!.disabled.set(true, 0);
  const server = await serveWorld(world);
  const bench = new Bench({ root });
  await bench.add('one', { url: server.url, settle: '300' });
  const document = await bench.plan(['mallory', 'oscar', 'disabled'], 'evict');
  bench.close();
  const planFile = join(root, 'plan.json');
  writeFileSync(planFile, JSON.stringify(document));
  return Object.assign(made, {
    root,
    world,
    document,
    planFile,
    unannounced,
    close: async () => {
      await server.close();
      rmSync(root, { recursive: true, force: true });
    },
  });
}

/** Whether the journal on disk has an intent for this write that has no result yet. */
function isAnnounced(root: string, { path }: WorldCall): boolean {
  const reader = new JournalReader(join(root, 'case', 'journal'));
  try {
    const [run] = reader.runs();
    if (run === undefined) return false;
    const id = path.split('/')[2] ?? '';
    const open = new Map<string, boolean>();
    for (const { kind, action, body } of reader.records(run)) {
      const intent = body as unknown as IntentBody;
      if (kind === 'intent' && intent.target.endsWith(`/${id}`)) open.set(action ?? '', true);
      if (kind === 'result' && open.has(action ?? '')) open.set(action ?? '', false);
    }
    return [...open.values()].includes(true);
  } finally {
    reader.close();
  }
}

/** Runs the child, and kills it at the request of this number, a moment later. Answers with the run's name. */
async function runAndKill(
  at: Scene,
  run: string,
  killAt: number,
  moment: number,
): Promise<{ run: string; killed: boolean }> {
  const process_ = fork(child, [at.root, at.planFile, run], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  let name = run;
  let requests = 0;
  process_.on('message', (message) => {
    name = (message as { run: string }).run;
  });
  at.onRequest = () => {
    if (++requests !== killAt) return;
    if (moment === 0) process_.kill('SIGKILL');
    else setTimeout(() => process_.kill('SIGKILL'), moment);
  };
  const [, signal] = (await once(process_, 'exit')) as [number | null, string | null];
  at.onRequest = () => undefined;
  return { run: name, killed: signal === 'SIGKILL' };
}

describe('killed at any instant', () => {
  let kills = 0;
  const random = new Random(7);
  const cases = Array.from({ length: instants }, (_, seed) => ({
    seed,
    first: 1 + Math.floor(random.fraction() * 16),
    second: 1 + Math.floor(random.fraction() * 8),
    moment: Math.floor(random.fraction() * 3) === 0 ? 0 : Math.floor(random.fraction() * 40),
  }));

  test.each(cases)(
    'seed $seed: at request $first and again at $second, $moment ms later',
    { timeout: 180_000 },
    async ({ seed, first, second, moment }) => {
      const at = await scene(seed);
      try {
        const started = await runAndKill(at, '', first, moment);
        const reader = new JournalReader(join(at.root, 'case', 'journal'));
        const run = started.run === '' ? (reader.runs()[0] ?? '') : started.run;
        reader.close();
        kills += started.killed ? 1 : 0;
        let again = await runAndKill(at, run, second, moment);
        if (again.killed) again = await runAndKill(at, run, Number.POSITIVE_INFINITY, 0);
        if (again.killed) throw new Error('the last resume was not to be killed');
        await settleThrottled(at, run);
        expect(at.unannounced, 'no dispatch without durable intent').toEqual([]);
        expectInvariants(at, run);
        await expectRestore(at, run);
      } finally {
        await at.close();
      }
    },
  );

  test('the runs really were killed', () => {
    expect(kills).toBeGreaterThan(instants / 2);
  });
});

/** Faults may have used up an action's attempts: a person would resume again. */
async function settleThrottled(at: Scene, run: string): Promise<void> {
  for (let more = 0; more < 3; more++) {
    const reader = new JournalReader(join(at.root, 'case', 'journal'));
    const view = foldRun(reader.records(run));
    reader.close();
    const isOpen = view?.actions.some(
      ({ state, action }) => state !== 'effective' && action.spec.id !== 'key.rotate',
    );
    if (isOpen !== true) return;
    await runAndKill(at, run, Number.POSITIVE_INFINITY, 0);
  }
}

function expectInvariants({ world, root }: Scene, run: string): void {
  const reader = new JournalReader(join(root, 'case', 'journal'));
  const records = reader.records(run);
  reader.close();
  const view = foldRun(records)!;
  // Nothing forgotten.
  for (const name of ['mallory', 'oscar', 'disabled']) {
    expect(world.mayLogIn(`acct-${name}`), name).toBe(false);
    expect(world.works('keys', `key-${name}-0`), name).toBe(false);
    expect(world.works('sessions', `sess-${name}-0`), name).toBe(false);
  }
  // Nothing done twice that must not be.
  const rotations = world.effects.filter((effect) => effect.startsWith('rotate'));
  expect(new Set(rotations).size).toBe(rotations.length);
  // Every intent is settled, or shown as ambiguous.
  expect(view.actions.filter(({ open }) => open !== null)).toEqual([]);
  const rotated = view.actions.filter(({ action }) => action.spec.id === 'key.rotate');
  for (const { state } of rotated)
    expect(['ambiguous', 'unverifiable', 'effective', 'throttled', 'approved']).toContain(state);
  const others = view.actions.filter(({ action }) => action.spec.id !== 'key.rotate');
  expect(others.map(({ state }) => state)).toEqual(others.map(() => 'effective'));
  expect(verifyActionJournal(join(root, 'case', 'journal'), join(root, 'config'))).toMatchObject({
    problems: [],
    ok: true,
  });
}

/** What was so before is so afterwards: the account that was disabled already stays disabled. */
async function expectRestore({ world, root }: Scene, run: string): Promise<void> {
  const bench = new Bench({ root });
  const tools = bench.tools();
  try {
    const view = foldRun(bench.journal.records(run))!;
    const wasOff = view.actions.find(
      ({ action }) => action.target.endsWith('acct-disabled') && action.spec.id === 'account.disable',
    )!;
    expect(wasOff.ours).toBe('no');
    const document = await buildRestore(
      { run: view, observeSeconds: 0, proposer: 'tester' },
      { ...tools, signal: tools.stop },
    );
    for (let tries = 0; tries < 6; tries++) {
      const restored = await execute(document, { ...emergency(Date.now()), kind: 'approvals' }, tools);
      if (restored.actions.every(({ state }) => state === 'effective')) break;
    }
    expect(
      [...world.accounts.values()].map(({ name, disabled, denied }) => [name, disabled.get(), denied.get()]),
    ).toEqual([
      ['mallory', false, false],
      ['oscar', false, false],
      ['disabled', true, false],
    ]);
  } finally {
    bench.close();
  }
}
