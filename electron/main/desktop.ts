import { join } from 'node:path';
import { app } from 'electron';
import { installation } from '#electron/platform/installation.ts';
import { fileLog, logIds } from '#electron/platform/log.ts';
import { appFolders, ensureFolder } from '#electron/platform/paths.ts';
import { Application } from './application.ts';
import { watchHelpers } from './crashes.ts';
import { folderIn, folderOf } from './launch-arguments.ts';
import { registerAppScheme } from './protocol.ts';
import { hardenApp } from './security.ts';

/** Starts the desktop application, or hands over to the one that runs already. Must be called before Electron is ready. */
export function startDesktop(words: readonly string[]): void {
  registerAppScheme();
  hardenApp(app);
  const folders = appFolders();
  const log = fileLog(ensureFolder(folders.config));
  // Chromium's own files lie beside ours, also where RESCIND_HOME says that ours are elsewhere.
  app.setPath('userData', join(folders.config, 'desktop'));
  process.on('uncaughtExceptionMonitor', ({ message }) => log.write('error', logIds.hostFailed, message));

  const folder = folderOf(words, process.cwd());
  if (!app.requestSingleInstanceLock({ folder })) {
    app.quit();
    return;
  }
  let application: Application | null = null;
  /** A folder that came before the application was ready. */
  let waiting = folder;
  const open = (path: string): void => {
    if (application === null) waiting = path;
    else void application.openFolder(path);
  };

  watchHelpers(app, log);
  app.on('second-instance', (_event, _argv, _workingFolder, additionalData) => {
    const path = folderIn(additionalData);
    application?.showWindow();
    if (path !== null) open(path);
  });
  // macOS: a case folder was dropped on the dock's icon.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    application?.showWindow();
    open(path);
  });
  app.on('activate', () => application?.showWindow());
  app.on('window-all-closed', () => app.quit());
  // The children end in order before the application does: a running import finishes its last commit.
  app.on('will-quit', (event) => {
    if (application === null) return;
    event.preventDefault();
    void application.close().finally(() => app.exit(0));
    application = null;
  });

  const begin = (): void => {
    application = new Application({ installation: installation(), folders, log });
    log.write('info', logIds.hostStarted, 'The desktop application has started.');
    if (waiting !== null) void application.openFolder(waiting);
    application.showWindow();
  };
  void app
    .whenReady()
    .then(begin)
    .catch((thrown: unknown) => {
      log.write('error', logIds.hostFailed, String(thrown));
      app.exit(1);
    });
}
