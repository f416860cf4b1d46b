import { join } from 'node:path';
import { type BrowserWindow, app, dialog, session } from 'electron';
import type { Installation } from '#electron/platform/installation.ts';
import { type Log, logIds } from '#electron/platform/log.ts';
import { type AppFolders, ensureFolder } from '#electron/platform/paths.ts';
import { Engine } from '#electron/router/engine.ts';
import { FileTokens } from '#electron/router/file-tokens.ts';
import type { ConfirmPlace } from '#electron/router/host.ts';
import {
  type ConfirmServices,
  type PageServices,
  createConfirmServices,
  createPageServices,
} from '#electron/router/page-services.ts';
import { createRouter } from '#electron/router/router.ts';
import { FailureError, failureOf } from '#shared/util/result.ts';
import { ConfirmWindows } from './confirm-window.ts';
import { watchPage } from './crashes.ts';
import { type Work, confirmAddress, confirmQuit } from './dialogs.ts';
import { electronHost } from './electron-host.ts';
import { notifyPage, servePage } from './ipc.ts';
import { installMenu } from './menu.ts';
import { serveApp } from './protocol.ts';
import { hardenSession, openExternal } from './security.ts';
import { createUtilityLauncher } from './utility-children.ts';
import { createWindow } from './window.ts';
import { WindowMemory } from './window-state.ts';

export interface ApplicationOptions {
  readonly installation: Installation;
  readonly folders: AppFolders;
  readonly log: Log;
}

/** The application once Electron is ready: one engine, one router and at most one window. */
export class Application {
  readonly #options: ApplicationOptions;
  readonly #engine: Engine;
  readonly #services: PageServices;
  readonly #memory: WindowMemory;
  readonly #confirmServices: ConfirmServices;
  readonly #confirmWindows: ConfirmWindows;
  #window: BrowserWindow | null = null;
  #mayInterrupt = false;

  constructor(options: ApplicationOptions) {
    const { folders, log, installation } = options;
    this.#options = options;
    const config = ensureFolder(folders.config);
    this.#memory = new WindowMemory(config);
    const host = electronHost(
      config,
      () => this.#window,
      (ticket) => this.#confirm(ticket),
    );
    this.#engine = new Engine({
      launcher: createUtilityLauncher(),
      folders,
      log,
      onChange: () => host.notify({ type: 'case-changed' }),
    });
    const tokens = new FileTokens();
    const router = createRouter({ engine: this.#engine, host, tokens, readOnly: false }, log);
    this.#services = createPageServices(router, tokens);
    this.#confirmServices = createConfirmServices(router);
    this.#confirmWindows = new ConfirmWindows(installation, log);
    hardenSession(session.defaultSession);
    serveApp(session.defaultSession.protocol, installation.page);
    installMenu((command) => notifyPage(this.#window, { type: 'command', command }));
  }

  /** Brings the window to the front; makes it where there is none. */
  showWindow(): void {
    const window = this.#window;
    if (window === null) {
      this.#window = this.#makeWindow();
      return;
    }
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  /** Opens the case in a folder that the application was started with; says so where it cannot. */
  async openFolder(folder: string): Promise<void> {
    try {
      await this.#engine.openCase(folder);
    } catch (thrown) {
      const { kind, message } = failureOf(thrown);
      this.#options.log.write('warning', logIds.openFailed, 'A case could not be opened.', { kind });
      await dialog.showMessageBox({
        type: 'error',
        message: 'The case cannot be opened.',
        detail: `${folder}\n\n${message}`,
      });
    }
  }

  /** Ends the children. A running import finishes its last commit first. */
  async close(): Promise<void> {
    await this.#engine.close();
    this.#options.log.write('info', logIds.hostStopped, 'The desktop application has ended.');
  }

  #confirm(ticket: string): ConfirmPlace {
    if (this.#window === null) throw new FailureError('unsupported', 'There is no window to confirm it in.');
    return this.#confirmWindows.open(ticket, this.#window, this.#confirmServices);
  }

  #makeWindow(): BrowserWindow {
    const { installation, log } = this.#options;
    const preload = join(installation.root, 'out', 'preload', 'preload.cjs');
    const window = createWindow(preload, this.#memory.read(), !app.isPackaged);
    servePage(window, this.#services);
    watchPage(window, log);
    // SECURITY: a link to a page elsewhere never opens here; a listed one does in the browser, once the analyst agrees.
    window.webContents.setWindowOpenHandler(({ url }) => {
      void openExternal(url, (address) => confirmAddress(window, address));
      return { action: 'deny' };
    });
    window.on('close', (event) => {
      const { work } = this.#engine;
      if (work !== null && !this.#mayInterrupt) {
        event.preventDefault();
        void this.#askToQuit(window, work);
        return;
      }
      this.#memory.write({ bounds: window.getNormalBounds(), maximized: window.isMaximized() });
    });
    window.on('closed', () => {
      this.#window = null;
    });
    return window;
  }

  /** Closing the window ends the application, and with it what it works at. */
  async #askToQuit(window: BrowserWindow, work: Work): Promise<void> {
    this.#mayInterrupt = await confirmQuit(window, work);
    if (this.#mayInterrupt) app.quit();
  }
}
