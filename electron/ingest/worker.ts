import { parentPort, workerData } from 'node:worker_threads';
import { directories, directoryByName } from '#shared/directories/index.ts';
import { formatByName, formats } from '#shared/formats/index.ts';
import { failureOf } from '#shared/util/result.ts';
import { caseFolder } from '#electron/platform/case-folder.ts';
import { Extractors } from './accelerated/extractors.ts';
import { BatchBuilder } from './batch-builder.ts';
import { BatchMemory } from './batch-memory.ts';
import { Credit } from './credit.ts';
import { createOpenInput, scratchSize } from './open-input.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './protocol.ts';
import { type Desk, readTask } from './read-task.ts';

/** Entry of a worker thread: reads one input after another, as the coordinator hands them out. */
function serve(port: NonNullable<typeof parentPort>, settings: WorkerSettings): void {
  const { format, timeZone } = settings;
  const chosen = format === null ? null : (formatByName(format) ?? null);
  const directory = format === null ? null : (directoryByName(format) ?? null);
  const { mapping, takenAt } = settings;
  const memory = new BatchMemory();
  const builder = new BatchBuilder(memory);
  const extractors = new Extractors();
  const scratch = Buffer.allocUnsafeSlow(scratchSize);
  const open = createOpenInput(
    caseFolder(settings.caseFolder).evidence,
    () => extractors.room(scratchSize) ?? scratch,
  );
  const reading = {
    formats,
    directories,
    format: chosen,
    directory,
    mapping,
    takenAt,
    timeZone,
    builder,
    extractors,
  };
  const credit = new Credit(settings.credit);
  /** Of the logs that the store has not answered for; one that was read ahead waits for no answer. */
  const registrations: ((answer: Extract<ToWorker, { type: 'registered' }>) => void)[] = [];

  const desk: Desk = {
    send: (message, transfer = []) => port.postMessage(message, transfer),
    registration: () =>
      new Promise((resolve) => {
        registrations.push(resolve);
      }),
    spend: (bytes) => credit.spend(bytes),
  };

  port.on('message', (message: ToWorker) => {
    if (message.type === 'registered') registrations.shift()?.(message);
    else if (message.type === 'credit') {
      credit.giveBack(message.bytes);
      memory.giveBack(message.memory);
    } else {
      readTask(message.input, open, reading, desk).catch((thrown: unknown) => {
        const failure = failureOf(thrown);
        // A bug or a broken disk under one file is the thread's end; the coordinator names the file and goes on.
        if (failure.kind === 'internal') throw thrown;
        port.postMessage({ type: 'failed', failure } satisfies FromWorker);
      });
    }
  });
}

if (parentPort !== null) serve(parentPort, workerData as WorkerSettings);
