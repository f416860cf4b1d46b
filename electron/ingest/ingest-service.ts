import { availableParallelism } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { directories, directoryByName } from '#shared/directories/index.ts';
import { mappingProblem } from '#shared/directories/directory-csv/index.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import { formatByName, formats } from '#shared/formats/index.ts';
import { formatInstant, parseInstant } from '#shared/util/instant.ts';
import { FailureError } from '#shared/util/result.ts';
import type { Caller } from '#electron/platform/rpc.ts';
import type { IngestItem, IngestOrder, IngestService, WriterService } from '#electron/platform/services.ts';
import { runImport } from './import-run.ts';
import { checkInputs, listInputs } from './list-inputs.ts';
import type { WorkerSettings } from './protocol.ts';
import { type ReadWorker, createReadWorker } from './read-worker.ts';

/** Bytes of batches that all workers together may have under way. */
const creditOfRun = 64 * 1024 * 1024;

const mostWorkers = 64;

/**
 * The ingest process's service. `workers` 0 or less stands for one a core. Fails with `invalid-input` for a format or
 * a time zone that is not known, `not-found` for a path that does not exist, `disk-full`, and with the writer's own
 * failures; a file that cannot be read is named in the report's `skipped`.
 */
export function createIngestService(writer: Caller<WriterService>): IngestService {
  let ahead: Readers = { settings: null, workers: [] };
  return {
    async check(order) {
      const settings = settingsOf(order, await checkInputs(order.paths));
      await end(ahead);
      // Threads take as long to start as the writer takes to make or open the case.
      ahead = { settings, workers: startReaders(settings) };
    },
    async run(order, { signal, emit }) {
      const { caseFolder, paths } = order;
      checkedOrder(order);
      const tell = (item: IngestItem): void => emit(item);
      tell(listing);
      const found = await listInputs(paths, caseFolder);
      const settings = settingsOf(order, found.files.length);
      const isSame = isDeepStrictEqual(settings, ahead.settings);
      if (!isSame) await end(ahead);
      const workers = isSame ? ahead.workers : startReaders(settings);
      ahead = { settings: null, workers: [] };
      return runImport({
        paths,
        listing: found,
        writer,
        workers,
        signal,
        onProgress: tell,
      });
    },
  };
}

/** The threads of a run, and for what they were started. */
interface Readers {
  readonly settings: WorkerSettings | null;
  readonly workers: readonly ReadWorker[];
}

async function end({ workers }: Readers): Promise<void> {
  await Promise.all(workers.map((worker) => worker.terminate()));
}

/** What the threads of a run over so many files get. Throws kind `invalid-input` as `checkedOrder` does. */
function settingsOf(order: IngestOrder, files: number): WorkerSettings & { readonly count: number } {
  const { caseFolder, format, timeZone, workers } = order;
  const { mapping, takenAt } = checkedOrder(order);
  const wanted = workers > 0 ? workers : availableParallelism();
  const count = Math.max(1, Math.min(wanted, mostWorkers, files));
  return {
    count,
    caseFolder,
    format,
    timeZone,
    mapping,
    takenAt,
    credit: Math.floor(creditOfRun / count),
  };
}

function startReaders(settings: WorkerSettings & { readonly count: number }): readonly ReadWorker[] {
  return Array.from({ length: settings.count }, () => createReadWorker(settings));
}

const listing: IngestItem = {
  phase: 'listing',
  file: null,
  filesDone: 0,
  filesTotal: 0,
  bytesDone: 0,
  bytesTotal: 0,
  events: 0,
  rejected: 0,
  eventsPerSecond: 0,
  secondsLeft: null,
};

/** What was asked of exports of directories. Throws kind `invalid-input` for an order that cannot be carried out. */
function checkedOrder({ format, timeZone, directory }: IngestOrder): {
  readonly mapping: JsonObject | null;
  readonly takenAt: string | null;
} {
  checkFormat(format);
  const { mapping = null, takenAt = null } = directory ?? {};
  checkMapping(mapping);
  checkTimeZone(timeZone);
  return { mapping, takenAt: takenAt === null ? null : timeOf(takenAt) };
}

function checkFormat(name: string | null): void {
  if (name === null || formatByName(name) !== undefined || directoryByName(name) !== undefined) return;
  const known = [...formats, ...directories].map((format) => format.name).join(', ');
  throw new FailureError('invalid-input', `There is no format ${JSON.stringify(name)}. Known: ${known}.`);
}

function timeOf(text: string): string {
  const instant = parseInstant(text);
  if (instant !== null) return formatInstant(instant);
  throw new FailureError(
    'invalid-input',
    `“${text}” is no time. Write it as RFC 3339, e.g. 2026-05-01T10:00:00Z.`,
  );
}

function checkMapping(mapping: JsonObject | null): void {
  const problem = mapping === null ? null : mappingProblem(mapping);
  if (problem !== null) throw new FailureError('invalid-input', problem);
}

function checkTimeZone(zone: string | null): void {
  if (zone === null) return;
  try {
    Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    const message = `There is no time zone ${JSON.stringify(zone)}. Give an IANA name such as Europe/Berlin.`;
    throw new FailureError('invalid-input', message);
  }
}
