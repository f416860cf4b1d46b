import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureFolder } from '#electron/platform/paths.ts';
import type { CaseSummary } from '#shared/ipc/views.ts';
import { FailureError } from '#shared/util/result.ts';
import type { Engine } from './engine.ts';
import type { ImportContext } from './import-job.ts';
import { writeSample } from './sample-files.ts';

const sampleName = 'Sample: a leaked CI key';

/** Opens the sample case; the first time it is made, by an ordinary import of generated logs and policies. */
export async function openSample(engine: Engine, context: ImportContext): Promise<CaseSummary> {
  const folder = join(ensureFolder(engine.folders.data), 'sample-case');
  if (!existsSync(folder)) await makeSample(engine, folder, context);
  return engine.openCase(folder);
}

/** The case gets its place when it is whole; one that was cut off is continued the next time. */
async function makeSample(engine: Engine, folder: string, context: ImportContext): Promise<void> {
  const unfinished = `${folder}.part`;
  const written = await mkdtemp(join(tmpdir(), 'rescind-sample-'));
  try {
    const { logs, bundles } = await writeSample(written, context.signal);
    const request = { paths: logs, format: null, timeZone: null, workers: 0, workingFolder: written };
    const { cancelled } = await engine.importInto(unfinished, sampleName, request, context);
    if (cancelled) throw new FailureError('cancelled', 'The sample case is not complete yet.');
    for (const { folder: place, system, inForceFrom } of bundles) {
      const bundle = { path: join(written, place), system, inForceFrom };
      await engine.addBundleInto(unfinished, sampleName, bundle, context.signal);
    }
    await rename(unfinished, folder);
  } finally {
    await rm(written, { recursive: true, force: true });
  }
}
