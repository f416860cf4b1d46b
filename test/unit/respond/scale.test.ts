import { expect, onTestFinished, test } from 'vitest';
import { execute } from '#electron/respond/run/engine.ts';
import { summarize } from '#shared/respond/run-summary.ts';
import { Bench, emergency } from '#test/support/respond/bench.ts';
import { serveWorld } from '#test/support/respond/fake/server.ts';
import { World } from '#test/support/respond/fake/world.ts';

/** Plans and executes against so many providers; how long until the first effect and altogether, in milliseconds. */
async function revoke(identities: number, providers: number) {
  const bench = new Bench();
  onTestFinished(() => bench.close());
  const names = Array.from({ length: identities }, (_, index) => `user-${index}`);
  let firstEffect = Number.POSITIVE_INFINITY;
  for (let index = 0; index < providers; index++) {
    const world = new World({
      now: () => Date.now(),
      onWrite: () => {
        firstEffect = Math.min(firstEffect, performance.now());
      },
    });
    for (const name of names) world.addAccount(name);
    const server = await serveWorld(world);
    onTestFinished(server.close);
    await bench.add(`provider-${index}`, { url: server.url });
  }
  const [start, used] = [performance.now(), process.cpuUsage()];
  const document = await bench.plan(names);
  const run = await execute(document, emergency(Date.now()), bench.tools());
  const { user, system } = process.cpuUsage(used);
  return { firstEffectMs: firstEffect - start, computedMs: (user + system) / 1_000, run };
}

test('five providers: two seconds from the question to the first effect', async () => {
  const { run, firstEffectMs } = await revoke(1, 5);
  expect(summarize(run)).toMatchObject({ actions: 20, effective: 20, contained: true });
  expect(firstEffectMs).toBeLessThan(2_000);
});

test('a hundred identities take no more work than a thousand in a minute allow', async () => {
  const { run, computedMs } = await revoke(100, 1);
  expect(summarize(run)).toMatchObject({ actions: 400, effective: 400, contained: true });
  // Time of the processor, that of the servers included: how busy the machine is otherwise does not matter.
  expect(computedMs).toBeLessThan(6_000);
});
