import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly bytes: Buffer;
}

export const root = resolve(import.meta.dirname, '../../..');
/** A home of its own for every test file. */
export const home = mkdtempSync(join(tmpdir(), 'rescind-cli-'));

/** `environment`: what is not as usual. */
export function start(
  words: readonly string[],
  input: string | null = null,
  environment: Readonly<Record<string, string>> = {},
): ChildProcess {
  const child = spawn(process.execPath, [join(root, 'electron/headless/bin.mjs'), ...words], {
    cwd: home,
    env: { PATH: process.env['PATH'], RESCIND_HOME: join(home, 'config'), ...environment },
    stdio: [input === null ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  if (input !== null) child.stdin?.end(input);
  return child;
}

/** Runs the command line as a user would: another process, with streams and an exit code. */
export async function rescind(words: readonly string[], input: string | null = null): Promise<Outcome> {
  return outcomeOf(start(words, input));
}

export function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const bytes = Buffer.concat(out);
      resolve({ code, out: bytes.toString(), err: Buffer.concat(err).toString(), bytes });
    });
  });
}

export function lines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
