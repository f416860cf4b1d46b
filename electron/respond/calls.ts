import { type CallContext, type Clock, ProviderError } from './provider.ts';

interface CallLimits {
  readonly clock: Clock;
  /** The global stop. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Start of what is looked at; now where it is left out. */
  readonly since?: number;
  /** Whether a read that stayed without an answer for all of its time is asked again: a run has the time, a person waits. */
  readonly retriesSilence?: boolean;
}

const mostReads = 4;
const longestReadWait = 20_000;

/** Gives a call its deadline. A call that does not come back in time is `interrupted`, whether it listens or not. */
export function withDeadline<T>(
  { clock, signal, timeoutMs, since }: CallLimits,
  call: (context: CallContext) => Promise<T>,
): Promise<T> {
  // Thousands of these are made in a run: no composite signals, and no error before there is one.
  const controller = new AbortController();
  const done = new AbortController();
  const now = clock.now();
  const context: CallContext = {
    signal: controller.signal,
    deadline: now + timeoutMs,
    since: since ?? now,
  };
  return new Promise<T>((resolve, reject) => {
    const giveUp = (why: string): void => {
      if (done.signal.aborted) return;
      controller.abort('late');
      reject(new ProviderError('interrupted', why));
    };
    const stopped = (): void => giveUp('stopped');
    const over = (): void => {
      signal.removeEventListener('abort', stopped);
      // With a reason of its own: making the usual error costs more than the wait.
      done.abort('done');
    };
    signal.addEventListener('abort', stopped);
    void clock.sleep(timeoutMs, done.signal).then(() => giveUp('no answer in time'));
    if (signal.aborted) stopped();
    call(context).then(resolve, reject).finally(over);
  });
}

/** Makes a call that changes nothing; asks again where it was interrupted, and waits as a throttling provider asks. */
export async function read<T>(limits: CallLimits, call: (context: CallContext) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const began = limits.clock.monotonic();
    try {
      return await withDeadline(limits, call);
    } catch (thrown) {
      // Clients have time-outs of their own, which may fire a little earlier.
      const isSilent = limits.clock.monotonic() - began >= 0.9 * limits.timeoutMs;
      if (isSilent && limits.retriesSilence !== true) throw thrown;
      const wait = waitAfter(thrown, attempt);
      if (wait === null || attempt === mostReads || limits.signal.aborted) throw thrown;
      await limits.clock.sleep(wait, limits.signal);
    }
  }
}

function waitAfter(thrown: unknown, attempt: number): number | null {
  if (!(thrown instanceof ProviderError)) return null;
  if (thrown.kind === 'interrupted' || thrown.kind === 'unreachable') return 100 * 2 ** attempt;
  if (thrown.kind !== 'throttled') return null;
  return Math.min(thrown.retryAfterMs ?? 1_000, longestReadWait);
}

/** Runs work for every item, so many at once; keeps the order of the answers. */
export async function eachAtOnce<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const answers: R[] = [];
  let next = 0;
  const runner = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      answers[index] = await work(items[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, runner));
  return answers;
}
