import { Worker } from 'node:worker_threads';
import { threadFile } from '#electron/platform/entries.ts';
import type { BundleProblem, BundleSource } from '#shared/domain/policy-system.ts';
import { type Failure, FailureError, type Result, failureOf } from '#shared/util/result.ts';
import type { ThreadLimits } from '../limits.ts';
import { ProcessorClock } from './processor-clock.ts';
import {
  type Casualty,
  type EngineOutput,
  type EngineRun,
  type FromThread,
  type Job,
  type Phase,
  type ReadableBundle,
  type Tally,
  type ThreadSettings,
  type ToThread,
  phases,
  state,
} from './protocol.ts';

/** What a thread may have done for it. */
export interface ThreadServices {
  read(
    what: ReadableBundle,
  ): Promise<{ readonly source: BundleSource; readonly problems: readonly BundleProblem[] }>;
  run(run: EngineRun, signal: AbortSignal): Promise<EngineOutput>;
  /** Versions of the user's own programs; null where there is none. */
  readonly opa: string | null;
  readonly cerbos: string | null;
}

/** How an attempt at a job ended: with its value, with its failure, or with the thread. */
export type Attempt =
  | { readonly type: 'done'; readonly value: unknown }
  | { readonly type: 'failed'; readonly failure: Failure }
  | { readonly type: 'died'; readonly casualty: Casualty };

/** How often the watch looks. */
const watchInterval = 250;
/** How many times its limit a thread may last in all, while others keep the processor from it. */
const longestWait = 12;

/**
 * A worker thread under watch: it is ended when it stays too long at one unit or takes too much memory, and starts
 * anew with the next job.
 */
export class SupervisedThread {
  readonly #services: ThreadServices;
  readonly #limits: ThreadLimits;
  #worker: Worker | null = null;
  #state = new Int32Array(new SharedArrayBuffer(state.length * 4));
  #running = new AbortController();

  constructor(services: ThreadServices, limits: ThreadLimits) {
    this.#services = services;
    this.#limits = limits;
  }

  /** Tries a job once; lines come as they are made. */
  attempt(job: Job, onLines: (text: string, tally: Tally) => void): Promise<Attempt> {
    const worker = (this.#worker ??= this.#start());
    return new Promise((resolve) => {
      let reason: string | null = null;
      const end = (attempt: Attempt): void => {
        clearInterval(watch);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        resolve(attempt);
      };
      const onMessage = (message: FromThread): void => {
        if (message.type === 'lines') onLines(message.text, message.tally);
        else if (message.type === 'done') end({ type: 'done', value: message.value });
        else if (message.type === 'failed') end({ type: 'failed', failure: message.failure });
        else void this.#serve(worker, message);
      };
      const onError = (error: Error): void => {
        const code = (error as { code?: unknown }).code;
        reason ??=
          code === 'ERR_WORKER_OUT_OF_MEMORY'
            ? `It took more than ${this.#limits.heapMegabytes} MiB of memory.`
            : `The evaluator ended: ${error.message}`;
      };
      const onExit = (): void => {
        const [phase, unit] = [this.#state[state.phase] as Phase, this.#state[state.unit] ?? 0];
        this.#forget();
        end({ type: 'died', casualty: { unit, phase, reason: reason ?? 'The evaluator ended.' } });
      };
      const watch = this.#watch(worker, (milliseconds) => {
        reason ??= `It took more than ${milliseconds / 1000} seconds.`;
        void worker.terminate();
      });
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      post(worker, { type: 'job', job });
    });
  }

  async end(): Promise<void> {
    const worker = this.#worker;
    this.#forget();
    await worker?.terminate();
  }

  #forget(): void {
    this.#worker = null;
    this.#running.abort();
  }

  #start(): Worker {
    const { opa, cerbos } = this.#services;
    this.#state = new Int32Array(new SharedArrayBuffer(state.length * 4));
    this.#running = new AbortController();
    const settings: ThreadSettings = { state: this.#state.buffer, opa, cerbos };
    const worker = new Worker(threadFile('policy'), {
      workerData: settings,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.heapMegabytes },
    });
    // Between jobs its death is told by the next one.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.#worker === worker) this.#forget();
    });
    return worker;
  }

  /** Calls when the thread has not moved for longer than its phase allows. */
  #watch(worker: Worker, onStuck: (milliseconds: number) => void): NodeJS.Timeout {
    let [seen, since] = ['', performance.now()];
    let clock = new ProcessorClock(worker);
    return setInterval(
      () => {
        const now = this.#state.join(' ');
        if (now !== seen) [seen, since, clock] = [now, performance.now(), new ProcessorClock(worker)];
        clock.look();
        const limit = this.#limits.milliseconds[this.#state[state.phase] as Phase] ?? 0;
        // A thread that has not begun is still loading its modules.
        const allowed = this.#state[state.phase] === phases.idle ? Math.max(limit, 60_000) : limit;
        const elapsed = performance.now() - since;
        if (elapsed <= allowed) return;
        // On a busy machine a thread waits for its turn: that is not its own doing.
        const worked = this.#state[state.phase] === phases.evaluating ? clock.milliseconds() : null;
        if (worked !== null && worked <= allowed && elapsed <= allowed * longestWait) return;
        onStuck(allowed);
      },
      Math.min(watchInterval, ...Object.values(this.#limits.milliseconds)),
    );
  }

  async #serve(worker: Worker, message: Extract<FromThread, { type: 'read' | 'run' }>): Promise<void> {
    const { id } = message;
    if (message.type === 'read') {
      post(worker, { type: 'bundle', id, result: await resultOf(this.#services.read(message.what)) });
    } else {
      const { signal } = this.#running;
      post(worker, { type: 'ran', id, result: await resultOf(this.#services.run(message.run, signal)) });
    }
  }
}

/** The value of a job that is tried once. Throws kind `unusable` where it cost the thread. */
export async function attemptOnce(
  thread: SupervisedThread,
  job: Job,
  onLines: (text: string, tally: Tally) => void,
): Promise<unknown> {
  const attempt = await thread.attempt(job, onLines);
  if (attempt.type === 'done') return attempt.value;
  if (attempt.type === 'failed') {
    const { kind, message, details } = attempt.failure;
    throw new FailureError(kind, message, details);
  }
  const { phase, reason } = attempt.casualty;
  const what = phase === phases.loading ? 'The bundle cannot be loaded' : 'The bundle cannot be evaluated';
  throw new FailureError('unusable', `${what}: ${reason}`);
}

function post(worker: Worker, message: ToThread): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- no window: the port has one receiver
  worker.postMessage(message);
}

async function resultOf<T>(work: Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await work };
  } catch (thrown) {
    return { ok: false, error: failureOf(thrown) };
  }
}
