import type { ChildLauncher } from '#electron/platform/children.ts';
import { type Log, noLog } from '#electron/platform/log.ts';
import { createNodeLauncher } from '#electron/platform/node-children.ts';
import { type AppFolders, appFolders } from '#electron/platform/paths.ts';
import { type LocalClient, createLocalClient } from '#electron/router/client.ts';
import { Engine } from '#electron/router/engine.ts';
import { FileTokens } from '#electron/router/file-tokens.ts';
import type { ConfirmPlace, Host } from '#electron/router/host.ts';
import { type Router, createRouter } from '#electron/router/router.ts';
import type { HostEvent } from '#shared/ipc/client.ts';
import { FailureError } from '#shared/util/result.ts';
import { headlessHost } from './headless-host.ts';

/** The engine and the router under plain Node. */
export interface Session {
  readonly engine: Engine;
  readonly host: Host;
  readonly tokens: FileTokens;
  readonly router: Router;
  readonly client: LocalClient;
  close(): void;
}

export interface SessionOptions {
  readonly launcher?: ChildLauncher;
  readonly folders?: AppFolders;
  readonly log?: Log;
  readonly readOnly?: boolean;
  /** Events for the page, where there is one. */
  readonly notify?: (event: HostEvent) => void;
  /** Opens the confirm surface, where a page is served. */
  readonly confirm?: (ticket: string) => ConfirmPlace;
}

function noSurface(): never {
  throw new FailureError('unsupported', 'There is no page here to confirm anything on.');
}

export function createSession(options: SessionOptions = {}): Session {
  const { log = noLog, notify = () => undefined, confirm = noSurface, readOnly = false } = options;
  const folders = options.folders ?? appFolders();
  const host = headlessHost(folders.config, notify, confirm);
  const launcher = options.launcher ?? createNodeLauncher();
  const engine = new Engine({
    launcher,
    folders,
    log,
    onChange: () => host.notify({ type: 'case-changed' }),
  });
  const tokens = new FileTokens();
  const router = createRouter({ engine, host, tokens, readOnly }, log);
  return {
    engine,
    host,
    tokens,
    router,
    client: createLocalClient(router),
    close: () => engine.dispose(),
  };
}
