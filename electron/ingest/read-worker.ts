import { Worker } from 'node:worker_threads';
import { threadFile } from '#electron/platform/entries.ts';
import type { MessageQueue } from './message-queue.ts';
import type { FromWorker, InputFile, ToWorker, WorkerSettings } from './protocol.ts';

/** What the coordinator hears of a task: the worker's own messages, or that the worker has died over it. */
export type TaskMessage = FromWorker | { readonly type: 'died'; readonly reason: string };

/** A task that a worker is at. */
export interface ReadTask {
  /** Answers the thread that performs it; one that has died hears nothing. */
  post(message: ToWorker): void;
  /** Resolves when the task is done, or the worker has died over it. */
  readonly ended: Promise<void>;
}

/** One worker thread and the task that it is at. The thread starts at once, and anew with the next task after a death. */
export interface ReadWorker {
  perform(input: InputFile, messages: MessageQueue<TaskMessage>): ReadTask;
  terminate(): Promise<void>;
}

/** Memory of one worker's heap; a hostile file ends its worker, not the run. */
const heapMegabytes = 2048;

/** Of it, for what is new: V8 takes four times as much by itself, and is hardly faster for it. */
const youngMegabytes = 48;

export function createReadWorker(settings: WorkerSettings): ReadWorker {
  let task: { readonly messages: MessageQueue<TaskMessage>; readonly end: () => void } | null = null;

  const endTask = (last: TaskMessage): void => {
    task?.messages.push(last);
    task?.end();
    task = null;
  };
  const start = (): Worker => {
    const started = new Worker(threadFile('ingest'), {
      workerData: settings,
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: youngMegabytes },
    });
    let reason = 'The process that read it has ended.';
    started.on('message', (message: FromWorker) => {
      if (worker !== started) return;
      if (message.type === 'done') endTask(message);
      else task?.messages.push(message);
    });
    started.on('error', (error) => {
      const code = (error as { code?: unknown }).code;
      reason = code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'Reading it took too much memory.' : error.message;
    });
    started.on('exit', () => {
      if (worker !== started) return;
      worker = null;
      endTask({ type: 'died', reason });
    });
    return started;
  };
  let worker: Worker | null = start();

  return {
    perform(input, messages) {
      worker ??= start();
      const performing = worker;
      performing.postMessage({ type: 'task', input } satisfies ToWorker, []);
      return {
        post: (message) => {
          const memory = message.type === 'credit' ? [message.memory] : [];
          if (worker === performing) performing.postMessage(message, memory);
        },
        ended: new Promise((resolve) => {
          task = { messages, end: resolve };
        }),
      };
    },
    async terminate() {
      await worker?.terminate();
    },
  };
}
