import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../support/imports.ts';
import { writeSample } from '../support/write-sample.ts';

export interface BenchData {
  /** Holds gz CloudTrail files and nothing else. */
  readonly folder: string;
  readonly gzipBytes: number;
}

/** Generated CloudTrail of about that many events, kept between runs of the benchmark. */
export async function benchData(events: number): Promise<BenchData> {
  const home = join(projectRoot, '.cache', 'bench', String(events));
  const done = join(home, 'complete');
  if (!existsSync(done)) {
    console.error(`Generating ${events.toLocaleString('en')} events …`);
    rmSync(home, { recursive: true, force: true });
    await writeSample(home, { events, cloudtrailOnly: true });
    writeFileSync(done, '');
  }
  const folder = join(home, 'logs');
  return { folder, gzipBytes: folderBytes(folder) };
}

/** Bytes of all files below a folder. */
export function folderBytes(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
