import { appendFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileMode } from './case-folder.ts';

/**
 * What went wrong or is worth knowing later, one JSON object a line. Each place has an id of its own, so that a line
 * leads to the code. SECURITY: attributes are counts, names and kinds; never contents of evidence, never secrets.
 */
export interface Log {
  write(
    level: 'info' | 'warning' | 'error',
    id: LogId,
    message: string,
    attributes?: Readonly<Record<string, string | number | boolean | null>>,
  ): void;
}

export const logIds = {
  readerCrashed: 1001,
  readerKilled: 1002,
  importCrashed: 1003,
  respondCrashed: 1010,
  secretsInMemory: 1011,
  policyCrashed: 1004,
  requestFailed: 2001,
  requestRefused: 2002,
  hostStarted: 3001,
  hostStopped: 3002,
  hostFailed: 3003,
  pageCrashed: 3101,
  pageHangs: 3102,
  helperGone: 3103,
  openFailed: 3104,
} as const;
type LogId = (typeof logIds)[keyof typeof logIds];

/** A log that keeps nothing. */
export const noLog: Log = { write: () => undefined };

const largestLog = 5 * 1024 * 1024;

/** Writes to `rescind.log` in `folder`; one earlier file is kept when it has grown large. */
export function fileLog(folder: string, now: () => Date = () => new Date()): Log {
  const file = join(folder, 'rescind.log');
  return {
    write(level, id, message, attributes = {}) {
      const line = JSON.stringify({ time: now().toISOString(), level, id, message, ...attributes });
      try {
        if (sizeOf(file) > largestLog) renameSync(file, `${file}.1`);
        appendFileSync(file, `${line}\n`, { mode: fileMode });
      } catch {
        // A full disk must not stop the work that the log is about.
      }
    },
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
