import { type App, type BrowserWindow, dialog } from 'electron';
import { type Log, logIds } from '#electron/platform/log.ts';

/** A page that dies again within this time, in milliseconds, is not loaded a third time without asking. */
const trustAfter = 60_000;

/**
 * The ladder for a page that died or hangs: load it again (its state is in its address, the case is in other
 * processes); when it dies again soon, ask. `now` is in milliseconds.
 */
export function watchPage(
  window: BrowserWindow,
  log: Log,
  now: () => number = () => performance.now(),
): void {
  const { webContents } = window;
  let diedAt = Number.NEGATIVE_INFINITY;
  webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    log.write('error', logIds.pageCrashed, 'The page has ended by itself.', { reason, exitCode });
    const isSecond = now() - diedAt < trustAfter;
    diedAt = now();
    if (isSecond) void askAfterCrash(window);
    else webContents.reload();
  });
  webContents.on('unresponsive', () => {
    log.write('warning', logIds.pageHangs, 'The page does not answer.');
    void askWhileHanging(window);
  });
  webContents.on('preload-error', (_event, _path, { message }) => {
    log.write('error', logIds.pageCrashed, 'The preload script failed.', { message });
  });
}

/** Helper processes of Chromium; it starts them again by itself, and ours are watched by the engine. */
export function watchHelpers(app: App, log: Log): void {
  app.on('child-process-gone', (_event, { type, reason, exitCode, serviceName }) => {
    if (reason === 'clean-exit' || reason === 'killed') return;
    log.write('warning', logIds.helperGone, 'A helper process has ended by itself.', {
      type,
      reason,
      exitCode,
      service: serviceName ?? null,
    });
  });
}

async function askAfterCrash(window: BrowserWindow): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The console has crashed twice.',
    detail: 'The case is intact: it is kept by other processes.',
    buttons: ['Load it again', 'Close the window'],
    defaultId: 0,
    cancelId: 1,
  });
  if (window.isDestroyed()) return;
  if (response === 0) window.webContents.reload();
  else window.destroy();
}

async function askWhileHanging(window: BrowserWindow): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: 'The console does not answer.',
    detail: 'A running import is not affected.',
    buttons: ['Wait', 'Load it again'],
    defaultId: 0,
    cancelId: 0,
  });
  if (response === 1 && !window.isDestroyed()) {
    // A page in an endless loop does not let itself be reloaded before its process is gone.
    window.webContents.forcefullyCrashRenderer();
  }
}
