import { createStore } from 'zustand/vanilla';
import type { Client } from '#shared/ipc/client.ts';
import type { InputOf, ItemOf, OperationName, OutputOf } from '#shared/ipc/contract.ts';
import { type Failure, type Result, failure } from '#shared/util/result.ts';

/** How far a job is, in the units that it knows. */
export interface JobProgress {
  /** 0 to 1; null while the whole is not known. */
  readonly fraction: number | null;
  readonly bytesDone?: number;
  readonly bytesTotal?: number;
  readonly events?: number;
  readonly eventsPerSecond?: number;
  readonly secondsLeft?: number | null;
  /** What it works on. */
  readonly note?: string | null;
}

export interface Job {
  readonly id: number;
  /** A verb's form, e.g. `Importing`. */
  readonly title: string;
  readonly state: 'running' | 'cancelling' | 'done' | 'cancelled' | 'failed';
  readonly progress: JobProgress;
  readonly error: Failure | null;
  /** What came of it, in a sentence. */
  readonly summary: string | null;
}

interface JobPlan<K extends OperationName> {
  readonly title: string;
  readonly progress: (item: ItemOf<K>) => JobProgress;
  readonly summary: (value: OutputOf<K>) => string;
}

export interface Jobs {
  readonly list: readonly Job[];
  /** Runs an operation with its progress in the bottom bar. */
  run<K extends OperationName>(name: K, input: InputOf<K>, plan: JobPlan<K>): Promise<Result<OutputOf<K>>>;
  /** The same for work that is no operation, such as an upload. */
  track<T>(
    title: string,
    work: (signal: AbortSignal, report: (progress: JobProgress) => void) => Promise<Result<T>>,
    summary: (value: T) => string,
  ): Promise<Result<T>>;
  cancel(id: number): void;
  dismiss(id: number): void;
}

export function createJobs(client: Client) {
  const controllers = new Map<number, AbortController>();
  let next = 1;
  return createStore<Jobs>()((set, get) => {
    const update = (id: number, change: Partial<Job>): void =>
      set(({ list }) => ({ list: list.map((job) => (job.id === id ? { ...job, ...change } : job)) }));

    const track: Jobs['track'] = async (title, work, summary) => {
      const id = next++;
      const controller = new AbortController();
      controllers.set(id, controller);
      const job: Job = {
        id,
        title,
        state: 'running',
        progress: { fraction: null },
        error: null,
        summary: null,
      };
      set(({ list }) => ({ list: [...list.filter(isRunning), job] }));
      const result = await settled(work(controller.signal, (progress) => update(id, { progress })));
      controllers.delete(id);
      if (result.ok) update(id, { state: 'done', summary: summary(result.value) });
      else if (result.error.kind === 'cancelled') update(id, { state: 'cancelled' });
      else update(id, { state: 'failed', error: result.error });
      return result;
    };

    return {
      list: [],
      track,
      run: (name, input, plan) =>
        track(
          plan.title,
          (signal, report) =>
            client.request(name, input, { signal, onItem: (item) => report(plan.progress(item)) }),
          plan.summary,
        ),
      cancel(id) {
        if (get().list.some((job) => job.id === id && job.state === 'running')) {
          update(id, { state: 'cancelling' });
        }
        controllers.get(id)?.abort();
      },
      dismiss: (id) => set(({ list }) => ({ list: list.filter((job) => job.id !== id || isRunning(job)) })),
    };
  });
}

/** Work that breaks off is a failure like any other: a job that never ends would be shown for ever. */
async function settled<T>(work: Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work;
  } catch (thrown) {
    return failure('crashed', `It broke off: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

export function isRunning(job: Job): boolean {
  return job.state === 'running' || job.state === 'cancelling';
}
