import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../support/imports.ts';
import { type BenchData, folderBytes } from './data.ts';
import { median, printTable, ratio } from './figures.ts';
import { type ChildRun, runChild } from './run-child.ts';

const peer = join(projectRoot, 'test/bench/duckdb-peer.ts');
const rescind = join(projectRoot, 'electron/headless/bin.mjs');

export interface IngestFigures {
  readonly caseFolder: string;
  readonly database: string;
}

/** Where a load leaves what it made. */
export function loadedIn(work: string): IngestFigures {
  return { caseFolder: join(work, 'case'), database: join(work, 'typed.duckdb') };
}

/** Loads the same files with both, round by round in turn, and prints rates and ratios. */
export async function benchIngest(data: BenchData, work: string, rounds: number): Promise<IngestFigures> {
  const { caseFolder, database } = loadedIn(work);
  const raw = join(work, 'raw.duckdb');
  const runs: Record<'rescind' | 'typed' | 'raw', ChildRun[]> = { rescind: [], typed: [], raw: [] };
  for (let round = 0; round < rounds; round++) {
    rmSync(caseFolder, { recursive: true, force: true });
    settleDisk();
    runs.rescind.push(await runChild(rescind, ['ingest', '--case', caseFolder, '--json', data.folder]));
    settleDisk();
    runs.typed.push(await runChild(peer, ['load', 'typed', data.folder, database]));
    settleDisk();
    runs.raw.push(await runChild(peer, ['load', 'raw', data.folder, raw]));
  }
  const disk = folderBytes(caseFolder);
  const records = Number(runs.rescind[0]?.answer['records']);
  const rows = (['rescind', 'typed', 'raw'] as const).map((name) => [
    { rescind: 'Rescind: evidence, hash, dedupe', typed: 'DuckDB typed, no raw', raw: 'DuckDB with raw' }[
      name
    ],
    `${Math.round(records / seconds(runs[name]) / 1000)}k`,
    seconds(runs[name]).toFixed(2),
    `${Math.round(Math.max(...runs[name].map(({ peakBytes }) => peakBytes ?? 0)) / 2 ** 20)}`,
    `${Math.round((name === 'rescind' ? disk : Number(runs[name][0]?.answer['bytes'])) / 2 ** 20)}`,
  ]);
  printTable(
    `Load of ${records.toLocaleString('en')} records, gz`,
    ['', 'records/s', 's', 'peak RSS MB', 'disk MB'],
    rows,
  );
  printTable(
    'Ratios',
    ['', 'measured', 'goal'],
    [
      ['rate ÷ DuckDB typed without raw', ratio(seconds(runs.typed), seconds(runs.rescind)), '≥ 0.8'],
      ['rate ÷ DuckDB with raw', ratio(seconds(runs.raw), seconds(runs.rescind)), '≥ 1.8'],
      ['disk ÷ gz input', ratio(disk, data.gzipBytes), '≤ 1.4'],
    ],
  );
  return { caseFolder, database };
}

/** Has the disk write what the run before has left: otherwise the next one that waits for the disk waits for that too. */
function settleDisk(): void {
  if (process.platform !== 'win32') execFileSync('sync');
}

/** Whole processes are compared, start and all. */
function seconds(runs: readonly ChildRun[]): number {
  return median(runs.map((run) => run.seconds));
}
