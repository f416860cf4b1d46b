import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { installation } from '#electron/platform/installation.ts';
import { fileLog, logIds } from '#electron/platform/log.ts';
import { appFolders, ensureFolder } from '#electron/platform/paths.ts';
import { FailureError } from '#shared/util/result.ts';
import { openInBrowser } from './browser.ts';
import { type LoopbackServer, startLoopback } from './loopback/server.ts';
import type { Invocation } from './commands/command.ts';
import { createSession } from './session.ts';

export interface ServeRequest {
  /** A case to open at once; null for the start screen. */
  readonly caseFolder: string | null;
  /** 0 for a random one. */
  readonly port: number;
  readonly opensBrowser: boolean;
  readonly readOnly: boolean;
  /** 0 for never. */
  readonly idleMinutes: number;
}

export const defaultIdleMinutes = 60;

/**
 * Serves the console until the signal fires or nobody uses it; prints its address on standard output. Throws kind
 * `unusable` where the page has not been built or the port is taken, and what opening the case throws.
 */
export async function serveConsole(
  request: ServeRequest,
  { terminal, signal, launcher }: Pick<Invocation, 'terminal' | 'signal' | 'launcher'>,
): Promise<void> {
  const { page } = installation();
  if (!existsSync(page)) {
    throw new FailureError(
      'unusable',
      'The console has not been built. Run “npm start” once, or “npm run build”.',
    );
  }
  const folders = appFolders();
  const log = fileLog(ensureFolder(folders.config));
  let server: LoopbackServer | null = null;
  const session = createSession({
    launcher,
    folders,
    log,
    readOnly: request.readOnly,
    notify: (event) => server?.notify(event),
    confirm: (ticket) => {
      if (server === null) throw new FailureError('unsupported', 'The console is not served yet.');
      return server.openConfirm(ticket);
    },
  });
  try {
    if (request.caseFolder !== null) await session.engine.openCase(request.caseFolder);
    const { router, tokens } = session;
    const { port, idleMinutes } = request;
    server = await startLoopback({
      router,
      tokens,
      page,
      uploadFolder: folders.data,
      port,
      log,
      idleMinutes,
    });
    log.write('info', logIds.hostStarted, 'The console is served.', { port: server.port });
    await terminal.write(`${server.address}\n`);
    terminal.note('The console is at the address above, for this machine alone. Ctrl-C ends it.');
    if (request.opensBrowser) openInBrowser(server.address);
    const isIdle = await Promise.race([aborted(signal).then(() => false), server.idle.then(() => true)]);
    if (isIdle) terminal.note('Nobody has used the console for a while: it has ended.');
    log.write('info', logIds.hostStopped, 'The console has ended.', { isIdle });
  } finally {
    // In order: an import finishes its last commit, an action at a provider is finished and journalled.
    await session.engine.close();
    await server?.close();
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
