import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { caseFolder } from '#electron/platform/case-folder.ts';
import { ensureFolder } from '#electron/platform/paths.ts';
import type { CaseSummary } from '#shared/ipc/views.ts';
import { FailureError } from '#shared/util/result.ts';
import type { Engine } from './engine.ts';
import type { ImportContext } from './import-job.ts';
import { writeSampleLogs } from './sample-files.ts';

const sampleName = 'Sample: a leaked CI key';

/**
 * Opens the sample case; the first time it is made, by an ordinary import of generated logs. One that was cut off is
 * completed, since an import continues where it stopped.
 */
export async function openSample(engine: Engine, context: ImportContext): Promise<CaseSummary> {
  const folder = join(ensureFolder(engine.folders.data), 'sample-case');
  if (!existsSync(caseFolder(folder).manifest) || !(await isComplete(engine, folder))) {
    await makeSample(engine, folder, context);
  }
  return engine.openCase(folder);
}

async function isComplete(engine: Engine, folder: string): Promise<boolean> {
  const { events } = await engine.openCase(folder);
  if (
    events > 0 &&
    (await engine.read('evidence.list', {}, {})).every(({ status }) => status !== 'partial')
  ) {
    return true;
  }
  engine.closeCase();
  return false;
}

async function makeSample(engine: Engine, folder: string, context: ImportContext): Promise<void> {
  const logs = await mkdtemp(join(tmpdir(), 'rescind-sample-'));
  try {
    const paths = await writeSampleLogs(logs, context.signal);
    const request = { paths, format: null, timeZone: null, workers: 0, workingFolder: logs };
    const { cancelled } = await engine.importInto(folder, sampleName, request, context);
    if (cancelled) throw new FailureError('cancelled', 'The sample case is not complete yet.');
  } finally {
    await rm(logs, { recursive: true, force: true });
  }
}
