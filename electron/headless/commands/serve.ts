import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileLog } from '#electron/platform/log.ts';
import { installation } from '#electron/platform/installation.ts';
import { appFolders, ensureFolder } from '#electron/platform/paths.ts';
import { FailureError } from '#shared/util/result.ts';
import { openInBrowser } from '../browser.ts';
import { exitCodes } from '../exit-code.ts';
import { type LoopbackServer, startLoopback } from '../loopback/server.ts';
import { createSession } from '../session.ts';
import { type Command, type Invocation, caseOption, numberOf, textOf } from './command.ts';

const serveOptions = {
  case: { ...caseOption.case, required: false },
  port: { type: 'string', value: 'N', help: 'the port on 127.0.0.1 (default: a random one)' },
  open: { type: 'boolean', help: 'open the browser' },
  idle: {
    type: 'string',
    value: 'MINUTES',
    help: 'end when no page was open for so long (default: 60; 0 for never)',
  },
  'read-only': { type: 'boolean', help: 'change nothing: no import, no new case' },
} as const;

export const serve: Command = {
  name: 'serve',
  usage: '[--case DIR] [--port N] [--open] [--idle MINUTES] [--read-only]',
  summary: 'the console on loopback, for the browser of this machine',
  options: serveOptions,
  positionals: { min: 0, max: 0 },
  run: (invocation) =>
    serveConsole(invocation, textOf(invocation, 'case') ?? null, invocation.options['open'] === true),
};

/** Serves the console until Ctrl-C or until nobody uses it; prints its address on standard output. */
export async function serveConsole(
  invocation: Invocation,
  caseFolder: string | null,
  opensBrowser: boolean,
): Promise<0> {
  const { terminal, signal, options } = invocation;
  const { page } = installation();
  if (!existsSync(page)) {
    throw new FailureError(
      'unusable',
      'The console has not been built. Run “npm start” once, or “npm run build”.',
    );
  }
  const port = numberOf(invocation, 'port') ?? 0;
  if (port > 65_535) throw new FailureError('invalid-input', '--port is a number up to 65535.');
  const folders = appFolders();
  const log = fileLog(ensureFolder(folders.config));
  let server: LoopbackServer | null = null;
  const session = createSession({
    folders,
    log,
    readOnly: options['read-only'] === true,
    notify: (event) => server?.notify(event),
  });
  try {
    if (caseFolder !== null) await session.engine.openCase(caseFolder);
    server = await startLoopback({
      router: session.router,
      tokens: session.tokens,
      page,
      uploadFolder: folders.data,
      port,
      log,
      idleMinutes: numberOf(invocation, 'idle') ?? 60,
    });
    await terminal.write(`${server.address}\n`);
    terminal.note('The console is at the address above, for this machine alone. Ctrl-C ends it.');
    if (opensBrowser) openInBrowser(server.address);
    const stopped = once(signal, 'abort').then(() => 'signal');
    const reason = await Promise.race([stopped, server.idle.then(() => 'idle')]);
    if (reason === 'idle') terminal.note('Nobody has used the console for a while: it has ended.');
    await server.close();
    return exitCodes.done;
  } finally {
    session.close();
  }
}
