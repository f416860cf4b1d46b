import type { IngestProgress, IngestReport } from '#shared/ipc/views.ts';
import type { Caller } from '#electron/platform/rpc.ts';
import type { WriterService } from '#electron/platform/services.ts';
import { Gate } from './gate.ts';
import type { Listing, Skipped } from './list-inputs.ts';
import { MessageQueue } from './message-queue.ts';
import { Progress } from './progress.ts';
import type { InputFile } from './protocol.ts';
import type { ReadWorker, TaskMessage } from './read-worker.ts';
import { type Intake, takeIn, valueOf } from './task-intake.ts';

export interface RunOptions {
  /** As the analyst gave them, for the case's record of runs. */
  readonly paths: readonly string[];
  readonly listing: Listing;
  readonly writer: Caller<WriterService>;
  readonly workers: readonly ReadWorker[];
  readonly signal: AbortSignal;
  readonly onProgress: (progress: IngestProgress) => void;
}

/**
 * Imports the files of a listing: workers read ahead, each one file at a time; the store takes files and events in the
 * order of the listing. A cancelled run ends at once, with what has been written; the same import goes on from there.
 * Fails where the case cannot take more; one file that cannot be read is named in the report and the others go on.
 */
export async function runImport(options: RunOptions): Promise<IngestReport> {
  const { listing, writer, workers, signal } = options;
  const startedAt = performance.now();
  const { runId } = valueOf(await writer.call('beginRun', { paths: options.paths }));
  const progress = new Progress(listing.files, options.onProgress);
  const skipped: Skipped[] = [...listing.skipped];
  let files = 0;
  const over = new AbortController();
  const stop = (): void => over.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const intake: Intake = {
    writer,
    runId,
    registering: new Gate(),
    writing: new Gate(),
    progress,
    skipped,
    signal: over.signal,
    countLog: () => files++,
  };
  progress.tellNow();
  try {
    await readAll(listing.files, workers, intake, over);
  } catch (thrown) {
    await writer.call('finishRun', { runId, cancelled: true });
    throw thrown;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  progress.finishing();
  const sums = valueOf(await writer.call('finishRun', { runId, cancelled: signal.aborted }));
  const seconds = Math.round(performance.now() - startedAt) / 1000;
  const named = skipped.toSorted((first, second) =>
    first.path < second.path ? -1 : first.path > second.path ? 1 : 0,
  );
  return { files, skipped: named, bytes: progress.bytesDone, ...sums, seconds };
}

/** Keeps every worker at a task until all are done, the run is over or a task fails. */
async function readAll(
  inputs: readonly InputFile[],
  workers: readonly ReadWorker[],
  intake: Intake,
  over: AbortController,
): Promise<void> {
  const failures: unknown[] = [];
  const intakes: Promise<void>[] = [];
  let next = 0;
  const lane = async (worker: ReadWorker): Promise<void> => {
    for (let input = inputs[next]; input !== undefined && !over.signal.aborted; input = inputs[next]) {
      const messages = new MessageQueue<TaskMessage>();
      const task = worker.perform(input, messages);
      const taken = takeIn(intake, next++, input, messages, (message) => task.post(message));
      intakes.push(
        taken.catch((thrown: unknown) => {
          failures.push(thrown);
          over.abort();
        }),
      );
      await task.ended;
    }
  };
  const terminate = (): Promise<unknown> => Promise.all(workers.map((worker) => worker.terminate()));
  over.signal.addEventListener('abort', () => void terminate(), { once: true });
  await Promise.all(workers.map(lane));
  await Promise.all(intakes);
  await terminate();
  if (failures.length > 0) throw failures[0];
}
