import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { desktopObstacle, hasDisplay } from '#electron/platform/desktop.ts';
import { electronBinary, installation } from '#electron/platform/installation.ts';
import { exitCodes } from '../exit-code.ts';
import { defaultIdleMinutes, serveConsole } from '../serve-console.ts';
import { type Command, portOf, portOption } from './command.ts';

export const open: Command = {
  name: 'open',
  usage: '[DIR]',
  summary: 'the desktop application; without Electron’s runtime the console in the browser',
  options: portOption,
  positionals: { min: 0, max: 1 },
  async run(invocation) {
    const { terminal, signal } = invocation;
    const here = installation();
    const binary = electronBinary(here.root);
    const [folder] = invocation.positionals;
    const caseFolder = folder === undefined ? null : resolve(folder);
    const port = portOf(invocation);
    const obstacle = desktopObstacle(here);
    if (binary !== null && obstacle === null) {
      const end = await startDesktop(binary, here.root, caseFolder, signal);
      if (end === 'done') return exitCodes.done;
      if (end === 'crashed') return exitCodes.bug;
    }
    const why = obstacle ?? 'Electron does not start on this machine';
    terminal.note(`${why}: the console opens in the browser instead.`);
    await serveConsole(
      { caseFolder, port, opensBrowser: hasDisplay(), readOnly: false, idleMinutes: defaultIdleMinutes },
      invocation,
    );
    return exitCodes.done;
  },
};

/** Milliseconds within which a failure counts as not having started at all. */
const startTime = 10_000;

async function startDesktop(
  binary: string,
  root: string,
  caseFolder: string | null,
  signal: AbortSignal,
): Promise<'done' | 'crashed' | 'not-started'> {
  const startedAt = performance.now();
  // SECURITY: arguments are data: nothing passes through a shell, and "--" ends Electron's own options.
  const child = spawn(binary, [root, ...(caseFolder === null ? [] : ['--', caseFolder])], {
    stdio: 'inherit',
  });
  signal.addEventListener('abort', () => void child.kill(), { once: true });
  const code = await once(child, 'exit').then(
    ([code]: (number | null)[]) => code,
    // A binary of another platform, or none that may be run.
    () => null,
  );
  if (code === 0 || signal.aborted) return 'done';
  return performance.now() - startedAt < startTime ? 'not-started' : 'crashed';
}
