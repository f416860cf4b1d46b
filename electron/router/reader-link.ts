import type { Child, ChildLauncher } from '#electron/platform/children.ts';
import { type Log, logIds } from '#electron/platform/log.ts';
import { type CallOptions, type Caller, createCaller } from '#electron/platform/rpc.ts';
import type { ReaderService } from '#electron/platform/services.ts';
import type { CaseSummary } from '#shared/ipc/views.ts';
import { type Result, failure } from '#shared/util/result.ts';

type InputOf<K extends keyof ReaderService> = Parameters<ReaderService[K]>[0];
type OutputOf<K extends keyof ReaderService> = Awaited<ReturnType<ReaderService[K]>>;

/** After a cancel the caller waits no longer than this. */
const patience = 300;
/** A cancelled question that is begun comes back within this unless it never will. */
const longestStep = 1_000;
/** A reader that has answered nothing yet is loading the case, which would only begin again. */
const patienceWhileLoading = 10_000;

interface ReaderProcess {
  readonly child: Child;
  readonly caller: Caller<ReaderService>;
  readonly opened: Promise<Result<CaseSummary>>;
  readonly startedAt: number;
  /** Milliseconds from the start to the first answer to a question: what a restart costs. */
  warmAfter: number | null;
  /** Questions that it has begun to answer, by when: the last of them is what it works on. */
  readonly begun: Set<symbol>;
}

/**
 * The reader process of one case. It is started when it is first needed and again when it has died; a question that
 * died with it is asked once more, unless part of its answer is out. A running SQLite query cannot be interrupted
 * from within: a cancelled question that is being answered and does not come back ends the process. One that waits
 * behind others never does.
 */
export class ReaderLink {
  readonly #launcher: ChildLauncher;
  readonly #folder: string;
  readonly #log: Log;
  #process: ReaderProcess | null = null;
  #closed = false;

  constructor(launcher: ChildLauncher, folder: string, log: Log) {
    this.#launcher = launcher;
    this.#folder = folder;
    this.#log = log;
  }

  get isRunning(): boolean {
    return this.#process !== null;
  }

  /** Opens the case, or answers what its opening found. */
  open(): Promise<Result<CaseSummary>> {
    return this.#running().opened;
  }

  /** Takes in what was committed since; the case's summary as it is now. */
  refresh(): Promise<Result<CaseSummary>> {
    return this.call('refresh', {});
  }

  async call<K extends keyof ReaderService>(
    method: K,
    input: InputOf<K>,
    options: CallOptions = {},
  ): Promise<Result<OutputOf<K>>> {
    for (let attempt = 1; ; attempt++) {
      // A job that outlives the case must not start a process that nobody would end.
      if (this.#closed) return failure('cancelled', 'The case was closed.');
      const process = this.#running();
      const opened = await process.opened;
      const { signal } = options;
      if (signal?.aborted) return failure('cancelled', 'Cancelled.');
      let hasItems = false;
      const onItem = (item: unknown): unknown => {
        hasItems = true;
        return options.onItem?.(item);
      };
      const result = opened.ok
        ? await this.#watched(process, signal, (onBegun) =>
            process.caller.call(method, input as never, {
              onItem,
              onBegun,
              ...(signal === undefined ? {} : { signal }),
            }),
          )
        : opened;
      const canAskAgain = !result.ok && result.error.kind === 'crashed' && attempt === 1 && !hasItems;
      if (!canAskAgain || this.#closed) return result as Result<OutputOf<K>>;
    }
  }

  close(): void {
    this.#closed = true;
    this.#process?.child.kill();
    this.#process = null;
  }

  #running(): ReaderProcess {
    if (this.#process !== null) return this.#process;
    const child = this.#launcher.start('reader');
    const caller = createCaller<ReaderService>(child.port);
    const started: ReaderProcess = {
      child,
      caller,
      opened: caller.call('open', { folder: this.#folder }),
      startedAt: performance.now(),
      warmAfter: null,
      begun: new Set(),
    };
    this.#process = started;
    child.onExit(() => {
      if (this.#process !== started) return;
      this.#process = null;
      this.#log.write('error', logIds.readerCrashed, 'The store reader has ended by itself.');
    });
    // Opening is tried anew with the next question, e.g. when a missing folder is back.
    void started.opened.then((result) => {
      if (!result.ok && this.#process === started) this.#end(started);
      return undefined;
    });
    return started;
  }

  /** Waits for a call; when its signal says so and it does not come back, without it. */
  #watched<T>(
    process: ReaderProcess,
    signal: AbortSignal | undefined,
    start: (onBegun: () => void) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const question = Symbol('question');
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const watch = (): void => {
        // To end a process for less than its restart costs would make everything slower.
        const wait = Math.max(longestStep, process.warmAfter ?? patienceWhileLoading);
        clearTimeout(timer);
        timer = setTimeout(() => {
          if ([...process.begun].at(-1) === question) this.#endRunaway(process);
          else watch();
        }, wait);
      };
      const onAbort = (): void => {
        setTimeout(() => resolve(failure('cancelled', 'Cancelled.')), patience).unref();
        watch();
      };
      const onBegun = (): void => {
        process.begun.add(question);
        if (signal?.aborted === true) watch();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      void start(onBegun).then((result) => {
        process.begun.delete(question);
        if (result.ok) process.warmAfter ??= performance.now() - process.startedAt;
        signal?.removeEventListener('abort', onAbort);
        clearTimeout(timer);
        const gone = !result.ok && result.error.kind === 'crashed' && signal?.aborted === true;
        resolve(gone ? failure('cancelled', 'Cancelled.') : result);
        return undefined;
      });
    });
  }

  #endRunaway(process: ReaderProcess): void {
    this.#log.write('warning', logIds.readerKilled, 'A cancelled query did not stop; the reader was ended.');
    this.#end(process);
    if (!this.#closed) this.#running();
  }

  #end(process: ReaderProcess): void {
    if (this.#process === process) this.#process = null;
    process.child.kill();
  }
}
