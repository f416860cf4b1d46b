import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { electronBinary, installation } from '#electron/platform/installation.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { type Command, numberOf } from './command.ts';
import { serve, serveConsole } from './serve.ts';

export const open: Command = {
  name: 'open',
  usage: '[DIR]',
  summary: 'the desktop application; without Electron’s runtime the console in the browser',
  options: { port: serve.options['port'] ?? { type: 'string', help: '' } },
  positionals: { min: 0, max: 1 },
  async run(invocation) {
    const { root, desktopEntry } = installation();
    const binary = electronBinary(root);
    const [folder = null] = invocation.positionals;
    if (binary !== null && existsSync(desktopEntry) && hasDisplay()) {
      return startDesktop(binary, root, folder, invocation.signal);
    }
    const why = binary === null ? 'Electron’s runtime is not here' : 'Electron cannot open a window here';
    invocation.terminal.note(`${why}: the console opens in the browser instead.`);
    numberOf(invocation, 'port');
    return serveConsole(invocation, folder, hasDisplay());
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
  folder: string | null,
  signal: AbortSignal,
): Promise<ExitCode> {
  // Arguments are data: nothing passes through a shell, and "--" ends Electron's own options.
  const child = spawn(binary, [root, ...(folder === null ? [] : ['--', folder])], { stdio: 'inherit' });
  signal.addEventListener('abort', () => child.kill(), { once: true });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0 || signal.aborted ? exitCodes.done : exitCodes.bug;
}
