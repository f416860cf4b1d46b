import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildDigest, isFresh, markFresh, root } from './fresh.mjs';

/** The headless host as a process of its own, the way `rescind serve` starts it. */
export interface ServedConsole {
  /** Holds a token that lets the first browser in, once. */
  readonly address: string;
  close(): Promise<void>;
  /** As a crash or the end of the machine would. */
  kill(): Promise<void>;
}

/** Builds what `out/` holds unless it is made of the sources as they are. */
export function ensureBuild(): void {
  const digest = buildDigest();
  if (existsSync(join(root, 'out')) && isFresh('build', digest)) return;
  // Vitest's own environment would make another page than the one that analysts get.
  const env = { ...process.env, NODE_ENV: 'production' };
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], {
    stdio: 'inherit',
    env,
  });
  if (status !== 0) throw new Error('The build failed.');
  markFresh('build', digest);
}

/** Serves the console with the user's files in `home`; resolves when it answers. */
export async function serveConsole(home: string, words: readonly string[] = []): Promise<ServedConsole> {
  ensureBuild();
  const program = join(root, 'electron', 'headless', 'bin.mjs');
  const child = spawn(process.execPath, [program, 'serve', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // The console's file browser starts at HOME.
    env: { ...process.env, RESCIND_HOME: home, HOME: home },
  });
  const said: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const address = await Promise.race([firstLine(child), once(child, 'exit').then(() => null)]);
  if (address === null) throw new Error(`The console was not served: ${said.join('')}`);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  return { address, close: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

async function firstLine({ stdout }: ChildProcess): Promise<string | null> {
  if (stdout === null) return null;
  for await (const line of createInterface({ input: stdout })) return line;
  return null;
}
