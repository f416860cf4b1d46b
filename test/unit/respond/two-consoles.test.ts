import { afterEach, expect, test } from 'vitest';
import { execute } from '#electron/respond/run/engine.ts';
import { summarize } from '#shared/respond/run-summary.ts';
import { Bench, emergency } from '#test/support/respond/bench.ts';
import { type Transport, fakeType } from '#test/support/respond/fake/provider.ts';
import { World } from '#test/support/respond/fake/world.ts';

const cleanup: (() => void)[] = [];
afterEach(() => {
  for (const close of cleanup.splice(0)) close();
});

test('of two consoles that execute on one case at once, one acts and the other is told why not', async () => {
  const world = new World({ now: () => Date.now() });
  world.addAccount('mallory');
  const transport: Transport = (method, path, body) => {
    const url = new URL(path, 'http://fake');
    const query = Object.fromEntries(url.searchParams);
    const asked = (body ?? {}) as Record<string, unknown>;
    const { status, body: answer } = world.handle({
      method,
      path: url.pathname,
      query,
      body: asked,
      ifMatch: null,
    });
    return Promise.resolve(new Response(JSON.stringify(answer), { status }));
  };
  const types = { fake: () => fakeType(transport) };
  const first = new Bench({ types });
  cleanup.push(() => first.close());
  await first.add('one', { url: 'http://127.0.0.1:1' });
  const second = new Bench({ types, root: first.root });
  cleanup.unshift(() => second.close());
  const document = await first.plan(['mallory']);
  const [ran, refused] = await Promise.allSettled([
    execute(document, emergency(Date.now(), 'a'), first.tools()),
    execute(document, emergency(Date.now(), 'b'), second.tools()),
  ]);
  expect(refused).toMatchObject({
    status: 'rejected',
    reason: { failure: { kind: 'case-busy', message: expect.stringContaining('Another Rescind acts') } },
  });
  expect(ran).toMatchObject({ status: 'fulfilled', value: { status: 'finished' } });
  // Free again: the second console finds everything as the first one has left it.
  const again = await execute(document, emergency(Date.now(), 'c'), second.tools());
  expect(summarize(again)).toMatchObject({ contained: true });
});
