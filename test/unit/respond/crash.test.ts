import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foldRun } from '#shared/respond/run.ts';
import { Random } from '#shared/sample/random.ts';
import { Bench } from '#test/support/respond/bench.ts';
import {
  expectInvariants,
  expectRestore,
  isAnnounced,
  isDone,
  people,
  peopleOf,
  recordsIn,
  unreliable,
} from '#test/support/respond/crash-scene.ts';
import { serveWorld } from '#test/support/respond/fake/server.ts';
import { World } from '#test/support/respond/fake/world.ts';

/** How often the process is killed altogether; `RESCIND_CRASHES` says another number. Every instant is in `cut-off.test.ts`. */
const instants = Number(process.env['RESCIND_CRASHES'] ?? 200);
/** Kills of one run, before it may go on to its end. */
const kills = 3;
/** Requests of a run that nobody kills. */
const requestsOfRun = 75;
const child = join(import.meta.dirname, '../../support/respond/crash-child.ts');
/** Compiled once for all the processes that follow. */
const compiled = mkdtempSync(join(tmpdir(), 'rescind-crash-code-'));
const environment = { ...process.env, NODE_COMPILE_CACHE: compiled };
beforeAll(async () => {
  await once(fork(child, { env: environment }), 'exit');
});
afterAll(() => rmSync(compiled, { recursive: true, force: true }));

interface Scene {
  readonly root: string;
  readonly world: World;
  readonly planFile: string;
  /** Writes for which no intent was durable. */
  readonly unannounced: string[];
  /** Called at each request; kills when its time has come. */
  onRequest: () => void;
  /** Resolves once everything that a killed process had sent has been dealt with. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

async function scene(seed: number): Promise<Scene> {
  const root = mkdtempSync(join(tmpdir(), 'rescind-crash-'));
  const unannounced: string[] = [];
  const made: { onRequest: () => void } = { onRequest: () => undefined };
  const world = new World({
    now: () => Date.now(),
    readMs: 15,
    onRequest: () => made.onRequest(),
    fault: unreliable(new Random(seed + 1)),
    onWrite: (call) => {
      if (!isAnnounced(recordsIn(root).records, call)) unannounced.push(`${call.method} ${call.path}`);
    },
  });
  peopleOf(world);
  const server = await serveWorld(world);
  const bench = new Bench({ root });
  await bench.add('one', { url: server.url, settle: '120' });
  const planFile = join(root, 'plan.json');
  writeFileSync(planFile, JSON.stringify(await bench.plan(people, 'evict')));
  bench.close();
  return Object.assign(made, {
    root,
    world,
    planFile,
    unannounced,
    quiet: server.quiet,
    close: async () => {
      await server.close();
      rmSync(root, { recursive: true, force: true });
    },
  });
}

/** Runs the process, and kills it at the request of this number, a moment later. Answers whether it was killed. */
async function runAndKill(at: Scene, killAt = Number.POSITIVE_INFINITY, moment = 0): Promise<boolean> {
  const running = fork(child, [at.root, at.planFile, recordsIn(at.root).run], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: environment,
  });
  let requests = 0;
  at.onRequest = () => {
    if (++requests !== killAt) return;
    if (moment === 0) running.kill('SIGKILL');
    else setTimeout(() => running.kill('SIGKILL'), moment);
  };
  const [code, signal] = (await once(running, 'exit')) as [number | null, string | null];
  at.onRequest = () => undefined;
  await at.quiet();
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`the run ended by itself with ${code}`);
  return signal === 'SIGKILL';
}

/** A third of the kills fall on a request itself; the others between requests, where answers and commits are. */
function instantsOf(seed: number): { readonly request: number; readonly moment: number }[] {
  const random = new Random(seed + 7_000);
  return Array.from({ length: kills }, (_, index) => ({
    request: 1 + random.below(index === 0 ? requestsOfRun - 10 : requestsOfRun / 5),
    moment: random.below(3) === 0 ? 0 : random.below(25),
  }));
}

describe('a process that is killed', () => {
  let killed = 0;

  describe.concurrent('forgets nothing, and does nothing twice that must not be', () => {
    const seeds = Array.from({ length: Math.ceil(instants / kills) }, (_, seed) => seed);
    test.each(seeds)('seed %i', { timeout: 180_000 }, async (seed) => {
      const at = await scene(seed);
      try {
        for (const { request, moment } of instantsOf(seed)) {
          if (await runAndKill(at, request, moment)) killed += 1;
        }
        // Faults may use up an action's attempts: a person would resume again.
        for (let tries = 0; tries < 6; tries++) {
          await runAndKill(at);
          if (isDone(foldRun(recordsIn(at.root).records)!)) break;
        }
        expect(at.unannounced, 'no dispatch without durable intent').toEqual([]);
        expectInvariants(at.world, at.root);
        const bench = new Bench({ root: at.root });
        try {
          await expectRestore(at.world, bench);
        } finally {
          bench.close();
        }
      } finally {
        await at.close();
      }
    });
  });

  test('really was killed', () => {
    expect(killed).toBeGreaterThan(instants * 0.8);
  });
});
