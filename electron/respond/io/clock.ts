import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../provider.ts';

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    await wait(Math.max(0, milliseconds), undefined, { signal }).catch(() => undefined);
  },
};
