import type { PlannedAction } from '#shared/respond/plan.ts';
import type { RunContext } from './context.ts';
import { perform } from './perform.ts';

/** After so many targets in a row that could not be reached, a provider is left for a resume. */
const downAfter = 3;

interface Lane {
  readonly gate: Gate;
  unreachable: number;
  isDown: boolean;
}

/** Lets so many through at once. */
class Gate {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(free: number) {
    this.#free = free;
  }

  async enter(): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

/**
 * Runs actions: each after those that it waits for, one at a time for a target, so many at once for a provider. A
 * provider that is down holds nobody up, and an action that fails holds nothing back: what waits for it goes on.
 */
export async function runLanes(context: RunContext, actions: readonly PlannedAction[]): Promise<void> {
  const { limits, clock, stop } = context.tools;
  const lanes = new Map<string, Lane>();
  const targets = new Map<string, Promise<unknown>>();
  const done = new Map<string, Promise<void>>();
  const longest = AbortSignal.any([stop]);
  const laneOf = (provider: string): Lane => {
    const lane = lanes.get(provider) ?? { gate: new Gate(limits.lane), unreachable: 0, isDown: false };
    lanes.set(provider, lane);
    return lane;
  };
  const work = async (planned: PlannedAction, before: Promise<unknown>): Promise<void> => {
    for (const id of planned.after) await waitFor(done.get(id));
    await before;
    const lane = laneOf(context.targetOf(planned).provider);
    await lane.gate.enter();
    try {
      if (stop.aborted || lane.isDown) return;
      const performed = await perform(context, planned);
      lane.unreachable = performed === 'unreachable' ? lane.unreachable + 1 : 0;
      lane.isDown = lane.unreachable >= downAfter;
    } finally {
      lane.gate.leave();
    }
  };
  const waitFor = async (promise: Promise<void> | undefined): Promise<void> => {
    if (promise === undefined) return;
    const limit = new AbortController();
    await Promise.race([promise, clock.sleep(limits.settleMs, AbortSignal.any([longest, limit.signal]))]);
    limit.abort('done');
  };
  for (const planned of actions) {
    const running = work(planned, targets.get(planned.target) ?? Promise.resolve());
    targets.set(
      planned.target,
      running.catch(() => undefined),
    );
    done.set(planned.id, running);
  }
  const results = await Promise.allSettled(done.values());
  // Only what is not a provider's doing comes here: a journal that cannot be written. Nothing is done without it.
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
