import { join } from 'node:path';
import { type BrowserWindow, type Session, app, session } from 'electron';
import type { Installation } from '#electron/platform/installation.ts';
import { type Log, logIds } from '#electron/platform/log.ts';
import type { ConfirmPlace } from '#electron/router/host.ts';
import type { ConfirmServices } from '#electron/router/page-services.ts';
import { pickPaths } from './dialogs.ts';
import { serveConfirm } from './ipc.ts';
import { confirmOrigin, serveApp } from './protocol.ts';
import { hardenSession } from './security.ts';
import { createConfirmWindow } from './window.ts';

/** Opens the confirm surface in a window of its own, one at a time. */
export class ConfirmWindows {
  readonly #installation: Installation;
  readonly #log: Log;
  #session: Session | null = null;
  #last: ConfirmPlace | null = null;

  constructor(installation: Installation, log: Log) {
    this.#installation = installation;
    this.#log = log;
  }

  open(ticket: string, parent: BrowserWindow, services: ConfirmServices): ConfirmPlace {
    // Another plan is to be confirmed: the one before is not on the screen any more.
    this.#last?.close();
    const preload = join(this.#installation.root, 'out', 'preload', 'confirm.cjs');
    const window = createConfirmWindow(preload, parent, this.#ownSession(), !app.isPackaged);
    serveConfirm(window, services, ticket);
    window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      this.#log.write('error', logIds.pageCrashed, 'The confirm surface has ended by itself.', {
        reason,
        exitCode,
      });
      if (!window.isDestroyed()) window.destroy();
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    window.on('closed', resolve);
    const place: ConfirmPlace = {
      address: null,
      closed: promise,
      pickKey: () => (window.isDestroyed() ? Promise.resolve([]) : pickPaths(window, 'key')),
      close: () => {
        if (!window.isDestroyed()) window.destroy();
      },
    };
    this.#last = place;
    return place;
  }

  /** In memory, forgotten at the end. */
  #ownSession(): Session {
    if (this.#session !== null) return this.#session;
    this.#session = session.fromPartition('confirm');
    hardenSession(this.#session, confirmOrigin);
    serveApp(this.#session.protocol, this.#installation.page, confirmOrigin);
    return this.#session;
  }
}
