import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { harmless } from './text.ts';

/** The streams of a command: results go to `out`, everything else to `err`. */
export interface Terminal {
  /** Whether a person reads the results: text and tables instead of JSON. */
  readonly isInteractive: boolean;
  readonly showsProgress: boolean;
  readonly columns: number;
  /** Writes to standard output; a promise where the reader is slower than the writer. */
  write(data: string | Uint8Array): void | Promise<void>;
  /** A line on standard error. */
  note(line: string): void;
  /** Replaces the last line on standard error, which is a terminal. */
  status(line: string): void;
}

/** The streams of this process; what is written to a terminal as text is harmless there, bytes go as they are. */
export function systemTerminal({
  stdout,
  stderr,
}: Pick<NodeJS.Process, 'stdout' | 'stderr'> = process): Terminal {
  // `rescind events … | head` closes the pipe early: that is the reader's good right, not an error.
  stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(0);
    const why = code === 'ENOSPC' ? 'the disk is full' : (code ?? 'it failed');
    try {
      // At once, since the process ends.
      writeSync(stderr.fd, `rescind: the output could not be written (${why}); it is not complete.\n`);
    } finally {
      // Also where standard error takes nothing either.
      process.exit(5);
    }
  });
  stderr.on('error', () => undefined);
  const forOut = (data: string | Uint8Array): string | Uint8Array =>
    stdout.isTTY && typeof data === 'string' ? harmless(data) : data;
  const forErr = (line: string): string => (stderr.isTTY ? harmless(line) : line);
  let hasStatus = false;
  const clear = (): string => {
    const text = hasStatus ? '\r\u001B[K' : '';
    hasStatus = false;
    return text;
  };
  return {
    isInteractive: stdout.isTTY,
    showsProgress: stderr.isTTY,
    columns: stdout.columns ?? 100,
    write(data) {
      if (hasStatus) stderr.write(clear());
      if (stdout.write(forOut(data))) return undefined;
      return once(stdout, 'drain').then(() => undefined);
    },
    note: (line) => void stderr.write(`${clear()}${forErr(line)}\n`),
    status(line) {
      stderr.write(`\r\u001B[K${forErr(line).slice(0, (stderr.columns ?? 80) - 1)}`);
      hasStatus = true;
    },
  };
}
