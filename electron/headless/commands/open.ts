import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { electronBinary, installation } from '#electron/platform/installation.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
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
    const { root, desktopEntry } = installation();
    const binary = electronBinary(root);
    const [folder] = invocation.positionals;
    const caseFolder = folder === undefined ? null : resolve(folder);
    const port = portOf(invocation);
    if (binary !== null && existsSync(desktopEntry) && hasDisplay()) {
      return startDesktop(binary, root, caseFolder, signal);
    }
    const why = binary === null ? 'Electron’s runtime is not here' : 'Electron cannot open a window here';
    terminal.note(`${why}: the console opens in the browser instead.`);
    await serveConsole(
      { caseFolder, port, opensBrowser: hasDisplay(), readOnly: false, idleMinutes: defaultIdleMinutes },
      terminal,
      signal,
    );
    return exitCodes.done;
  },
};

/** Linux has a desktop where one of its display servers is named. */
function hasDisplay(): boolean {
  const { platform, env } = process;
  if (platform !== 'linux') return true;
  return (env['DISPLAY'] ?? '') !== '' || (env['WAYLAND_DISPLAY'] ?? '') !== '';
}

async function startDesktop(
  binary: string,
  root: string,
  caseFolder: string | null,
  signal: AbortSignal,
): Promise<ExitCode> {
  // SECURITY: arguments are data: nothing passes through a shell, and "--" ends Electron's own options.
  const child = spawn(binary, [root, ...(caseFolder === null ? [] : ['--', caseFolder])], {
    stdio: 'inherit',
  });
  signal.addEventListener('abort', () => void child.kill(), { once: true });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0 || signal.aborted ? exitCodes.done : exitCodes.bug;
}
