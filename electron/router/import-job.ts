import type { ChildLauncher } from '#electron/platform/children.ts';
import { type Log, logIds } from '#electron/platform/log.ts';
import { createCaller } from '#electron/platform/rpc.ts';
import type { DirectoryImport, IngestService } from '#electron/platform/services.ts';
import type { IngestProgress, IngestReport } from '#shared/ipc/views.ts';
import { endWhenStuck } from './end-when-stuck.ts';
import { valueOf } from './value-of.ts';
import { withWriter } from './writer-session.ts';

/** A cancelled import finishes its last commit; one that takes longer than this is ended. */
const cancellingTime = 20_000;

export interface ImportRequest {
  readonly paths: readonly string[];
  readonly format: string | null;
  readonly timeZone: string | null;
  readonly directory?: DirectoryImport;
  /** Worker threads; 0 for one a core. */
  readonly workers: number;
  /** Where relative paths start from. */
  readonly workingFolder?: string;
}

export interface ImportTarget {
  readonly folder: string;
  readonly configFolder: string;
  /** Name for a case that is to be made; null to take the case that is there. */
  readonly createAs: string | null;
}

export interface ImportContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: IngestProgress) => void;
}

/**
 * Imports files into a case: starts the writer and the ingest process, connected to each other, and ends both. Throws the
 * failures of either; kind `crashed` where one died, after which the same import continues where it stopped.
 */
export async function runImportJob(
  launcher: ChildLauncher,
  log: Log,
  target: ImportTarget,
  request: ImportRequest,
  { signal, onProgress }: ImportContext,
): Promise<IngestReport> {
  return withWriter(launcher, async (writer, writerChild) => {
    const { folder, configFolder, createAs } = target;
    const opening = { folder, configFolder };
    const child = launcher.start('ingest', {
      standardInput: request.paths.includes('-'),
      ...(request.workingFolder === undefined ? {} : { workingFolder: request.workingFolder }),
      peer: writerChild,
    });
    const stopWaiting = endWhenStuck(child, signal, cancellingTime);
    try {
      const { paths, format, timeZone, workers, directory } = request;
      const ingest = createCaller<IngestService>(child.port);
      const order = {
        caseFolder: folder,
        paths,
        format,
        timeZone,
        workers,
        ...(directory === undefined ? {} : { directory }),
      };
      // A wrong path or option must not leave an empty case behind.
      valueOf(await ingest.call('check', order));
      if (createAs === null) valueOf(await writer.call('open', opening));
      else valueOf(await writer.call('create', { ...opening, name: createAs }));
      const result = await ingest.call('run', order, {
        signal,
        onItem: (item) => onProgress(item as IngestProgress),
      });
      if (!result.ok && result.error.kind === 'crashed') {
        log.write('error', logIds.importCrashed, 'An import ended because one of its processes died.');
      }
      return valueOf(result);
    } finally {
      stopWaiting();
      child.kill();
    }
  });
}
