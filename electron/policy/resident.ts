import { FailureError } from '#shared/util/result.ts';
import { threadLimits } from './limits.ts';
import type { Job, Tally } from './thread/protocol.ts';
import { SupervisedThread, type ThreadServices, attemptOnce } from './thread/supervised.ts';

/** One thread that stays, with the bundles that it has compiled: questions wait in their order and cost little. */
export class Resident {
  readonly #thread: SupervisedThread;
  #last: Promise<unknown> = Promise.resolve();

  constructor(services: ThreadServices) {
    this.#thread = new SupervisedThread(services, threadLimits);
  }

  /** Throws the job's failure; kind `unusable` where it cost the thread, `cancelled` where the signal says so. */
  async run(
    job: Job,
    signal: AbortSignal,
    onLines: (text: string, tally: Tally) => void = () => undefined,
  ): Promise<unknown> {
    const before = this.#last;
    const done = (async () => {
      await before.catch(() => undefined);
      return this.#attempt(job, signal, onLines);
    })();
    this.#last = done;
    return done;
  }

  async #attempt(
    job: Job,
    signal: AbortSignal,
    onLines: (text: string, tally: Tally) => void,
  ): Promise<unknown> {
    if (signal.aborted) throw new FailureError('cancelled', 'Cancelled.');
    const end = (): void => void this.#thread.end();
    signal.addEventListener('abort', end, { once: true });
    try {
      return await attemptOnce(this.#thread, job, onLines);
    } catch (thrown) {
      // A thread that was ended on purpose is no fault of the bundle.
      throw signal.aborted ? new FailureError('cancelled', 'Cancelled.') : thrown;
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  end(): Promise<void> {
    return this.#thread.end();
  }
}
