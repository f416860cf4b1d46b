import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { fileMode, folderMode } from '#electron/platform/case-folder.ts';
import {
  type SampleBundle,
  generateCompany,
  sampleCase,
  sampleDirectories,
  samplePolicies,
} from '#shared/sample/index.ts';
import { FailureError } from '#shared/util/result.ts';

const compress = promisify(gzip);

/** What was written, relative to the folder that was given. */
interface WrittenSample {
  /** The logs and exports of directories that are to be imported. */
  readonly logs: readonly string[];
  readonly bundles: readonly SampleBundle[];
}

/**
 * Writes the logs and directories of the sample's company below a folder, and the policies under which they came about. The same every
 * time. Throws kind `cancelled`.
 */
export async function writeSample(folder: string, signal: AbortSignal): Promise<WrittenSample> {
  const logs = new Set<string>();
  const company = generateCompany({ ...sampleCase, sha256 });
  let next = company.next();
  for (; next.done !== true; next = company.next()) {
    if (signal.aborted) throw new FailureError('cancelled', 'Cancelled.');
    const { path, text, gzip: isCompressed } = next.value;
    await write(join(folder, path), isCompressed ? await compress(text) : text);
    logs.add(path.split('/')[0] ?? path);
    // The host has other things to do as well.
    await setImmediate();
  }
  for (const { path, text } of sampleDirectories(next.value).files) {
    await write(join(folder, path), text);
    logs.add(path.split('/')[0] ?? path);
  }
  const bundles = samplePolicies(next.value);
  for (const { folder: place, files } of bundles) {
    for (const { path, text } of files) await write(join(folder, place, path), text);
  }
  return { logs: [...logs].toSorted(), bundles };
}

async function write(file: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: folderMode });
  await writeFile(file, content, { mode: fileMode });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
