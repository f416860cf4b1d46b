import { expect, test } from 'vitest';
import { read } from '#electron/respond/calls.ts';
import { furtherCall, outcome, outcomeOfError } from '#electron/respond/outcomes.ts';
import { ProviderError } from '#electron/respond/provider.ts';
import { VirtualClock } from '#test/support/respond/virtual-clock.ts';

/** How long a read takes that ends so each time, and how often it was asked. */
async function asked(how: 'silent' | 'broken', retriesSilence?: true): Promise<readonly [number, number]> {
  const clock = new VirtualClock(0);
  let times = 0;
  const limits = { clock, signal: new AbortController().signal, timeoutMs: 20_000 };
  const work = read({ ...limits, ...(retriesSilence === undefined ? {} : { retriesSilence }) }, () => {
    times += 1;
    return how === 'broken'
      ? Promise.reject(new ProviderError('interrupted', 'reset'))
      : new Promise<never>(() => undefined);
  });
  expect(await clock.drive(work.catch((thrown: unknown) => thrown))).toMatchObject({ kind: 'interrupted' });
  return [clock.monotonic(), times];
}

test('a provider that stays silent costs its time once where a person waits for it', async () => {
  expect(await asked('silent')).toEqual([20_000, 1]);
  const [time, times] = await asked('silent', true);
  expect(times).toBe(4);
  expect(time).toBeGreaterThan(80_000);
});

test('a connection that breaks at once is asked again', async () => {
  const [time, times] = await asked('broken');
  expect(times).toBe(4);
  expect(time).toBeLessThan(2_000);
});

test('nothing was sent only where no call before was made', async () => {
  const down = new ProviderError('unreachable', 'nothing listens there');
  expect(outcomeOfError(down)).toBe(null);
  expect(await furtherCall(() => Promise.reject(down))).toMatchObject({ kind: 'ambiguous' });
  expect(await furtherCall(() => Promise.reject(new ProviderError('forbidden', 'no')))).toMatchObject({
    kind: 'forbidden',
  });
  expect(await furtherCall(() => Promise.resolve(outcome('applied', 'done')))).toMatchObject({
    kind: 'applied',
  });
});
