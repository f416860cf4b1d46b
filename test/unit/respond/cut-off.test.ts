import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { execute, resume } from '#electron/respond/run/engine.ts';
import { foldRun } from '#shared/respond/run.ts';
import { Random } from '#shared/sample/random.ts';
import { Bench, emergency } from '#test/support/respond/bench.ts';
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
import { type Cut, NeverCut, Scissors } from '#test/support/respond/cut.ts';
import { fakeType, inMemory } from '#test/support/respond/fake/provider.ts';
import { World } from '#test/support/respond/fake/world.ts';
import { VirtualClock } from '#test/support/respond/virtual-clock.ts';

/*
 * What a crash leaves behind is what is durable in the journal and what the provider has done: nothing of the process
 * itself. Here a run ends at each of its boundaries in turn — before a commit, after it, before a request, after its
 * effect but before its answer — and everything in memory is forgotten. `crash.test.ts` does the same to processes.
 */

/** How often runs are cut off altogether. */
const instants = Number(process.env['RESCIND_CUTS'] ?? 200);
/** Cuts of one run, before it may go on to its end. */
const cuts = 3;

const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'rescind-cut-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

class Scene {
  readonly root: string;
  readonly unannounced: string[] = [];
  readonly world: World;
  #now = Date.parse('2026-03-01T12:00:00Z');
  #planned: Awaited<ReturnType<Bench['plan']>> | null = null;

  constructor(seed: number) {
    this.root = join(folder, String(seed));
    this.world = new World({
      now: () => this.#now,
      readMs: 40,
      fault: unreliable(new Random(seed + 1)),
      onWrite: (call) => {
        if (!isAnnounced(recordsIn(this.root).records, call)) {
          this.unannounced.push(`${call.method} ${call.path}`);
        }
      },
    });
    peopleOf(this.world);
  }

  /** Works on the case as a process of its own would, until the work is done or cut off. */
  async process(cut: Cut, work: (bench: Bench) => Promise<unknown>): Promise<void> {
    const clock = new VirtualClock(this.#now);
    const transport = cut.transport(
      // At once: a write that does not wait for its intent arrives before it is durable.
      inMemory(this.world, {
        back: async (signal) => {
          await clock.sleep(5, signal);
          this.#now = clock.now();
        },
      }),
    );
    const bench = new Bench({
      root: this.root,
      clock,
      types: { fake: () => fakeType(transport) },
      limits: { settleMs: 400 },
      journal: (journal) => cut.journal(journal),
    });
    try {
      await clock.drive(Promise.race([work(bench), cut.done]));
    } finally {
      this.#now = clock.now() + 1_000;
      await cut.bury();
      bench.close();
    }
  }

  async plan(): Promise<void> {
    await this.process(new NeverCut(), async (bench) => {
      await bench.add('one', { url: 'http://127.0.0.1:1', settle: '300' });
      this.#planned = await bench.plan(people, 'evict');
    });
  }

  async run(cut: Cut): Promise<void> {
    const { run } = recordsIn(this.root);
    await this.process(cut, (bench) =>
      run === ''
        ? execute(this.#planned!, emergency(bench.clock.now()), bench.tools())
        : resume(run, null, bench.tools()),
    );
  }
}

describe('cut off at any instant', () => {
  test(`${instants} instants: nothing is forgotten, and nothing done twice that must not be`, {
    timeout: 300_000,
  }, async () => {
    const random = new Random(11);
    let boundaries = 200;
    let done = 0;
    const where = new Map<string, number>();
    for (let seed = 0; done < instants; seed++) {
      const at = new Scene(seed);
      await at.plan();
      for (let round = 0; round < cuts; round++) {
        const cut = new Scissors(1 + random.below(round === 0 ? boundaries : boundaries / 4));
        await at.run(cut);
        if (cut.at === null) continue;
        done += 1;
        where.set(cut.at, (where.get(cut.at) ?? 0) + 1);
      }
      for (let tries = 0; tries < 6; tries++) {
        const cut = new NeverCut();
        await at.run(cut);
        if (seed === 0) boundaries = Math.max(boundaries, cut.boundaries);
        if (isDone(foldRun(recordsIn(at.root).records)!)) break;
      }
      expect(at.unannounced, `seed ${seed}: no dispatch without durable intent`).toEqual([]);
      expectInvariants(at.world, at.root);
      await at.process(new NeverCut(), (bench) => expectRestore(at.world, bench));
      rmSync(at.root, { recursive: true, force: true });
    }
    // Every kind of instant was among them.
    expect([...where.keys()].toSorted()).toEqual([
      'after a commit',
      'after an effect',
      'before a commit',
      'before a request',
    ]);
  });
});
