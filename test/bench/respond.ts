import { summarize } from '#shared/respond/run-summary.ts';
import { execute } from '#electron/respond/run/engine.ts';
import { Bench, emergency } from '#test/support/respond/bench.ts';
import { serveWorld } from '#test/support/respond/fake/server.ts';
import { World } from '#test/support/respond/fake/world.ts';

/** Revocation against fakes on loopback: `node test/bench/respond.ts [identities] [providers]`. */
const identities = Number(process.argv[2] ?? 1_000);
const providers = Number(process.argv[3] ?? 5);

const bench = new Bench();
const names = Array.from({ length: identities }, (_, index) => `user-${index}`);
let firstEffect = 0;
const servers = [];
for (let index = 0; index < providers; index++) {
  const world = new World({
    now: () => Date.now(),
    onWrite: () => {
      firstEffect ||= performance.now();
    },
  });
  for (const name of names) world.addAccount(name);
  const server = await serveWorld(world);
  servers.push(server);
  await bench.add(`provider-${index}`, { url: server.url });
}
const start = performance.now();
const document = await bench.plan(names);
const planned = performance.now();
const run = await execute(document, emergency(Date.now()), bench.tools());
const done = performance.now();
for (const server of servers) await server.close();
bench.close();
const seconds = (from: number, to: number): number => Math.round(to - from) / 1_000;
const { actions, effective, contained } = summarize(run);
console.log(
  JSON.stringify({
    identities,
    providers,
    actions,
    effective,
    contained,
    planSeconds: seconds(start, planned),
    firstEffectSeconds: seconds(start, firstEffect),
    executeSeconds: seconds(planned, done),
    totalSeconds: seconds(start, done),
  }),
);
