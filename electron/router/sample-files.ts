import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { fileMode, folderMode } from '#electron/platform/case-folder.ts';
import { generateCompany, sampleCase } from '#shared/sample/index.ts';
import { FailureError } from '#shared/util/result.ts';

const compress = promisify(gzip);

/**
 * Writes the logs of the sample's company below a folder; answers with the paths, relative to it, that are to be
 * imported. The same every time. Throws kind `cancelled`.
 */
export async function writeSampleLogs(folder: string, signal: AbortSignal): Promise<readonly string[]> {
  const tops = new Set<string>();
  for (const { path, text, gzip: isCompressed } of generateCompany({ ...sampleCase, sha256 })) {
    if (signal.aborted) throw new FailureError('cancelled', 'Cancelled.');
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true, mode: folderMode });
    await writeFile(file, isCompressed ? await compress(text) : text, { mode: fileMode });
    tops.add(path.split('/')[0] ?? path);
    // The host has other things to do as well.
    await setImmediate();
  }
  return [...tops].toSorted();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
