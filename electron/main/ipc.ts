import { type BrowserWindow, type IpcMainEvent, type IpcMainInvokeEvent, ipcMain } from 'electron';
import type { ConfirmServices, PageServices } from '#electron/router/page-services.ts';
import { channels } from '#shared/ipc/channels.ts';
import type { HostEvent } from '#shared/ipc/client.ts';
import { failure } from '#shared/util/result.ts';
import { confirmOrigin } from './protocol.ts';
import { isOwnAddress } from './security.ts';

const refusal = failure('refused', 'This request did not come from the console.');

/** Connects the window's page with the services. SECURITY: every message is checked for its window, frame and origin. */
export function servePage(window: BrowserWindow, services: PageServices): void {
  const running = new Map<number, AbortController>();
  const isConsole = (event: IpcMainEvent | IpcMainInvokeEvent): boolean =>
    event.sender === window.webContents &&
    event.senderFrame !== null &&
    event.senderFrame === window.webContents.mainFrame &&
    isOwnAddress(event.senderFrame.url);

  ipcMain.handle(channels.request, async (event, id: unknown, name: unknown, input: unknown) => {
    if (!isConsole(event)) return refusal;
    if (typeof id !== 'number' || running.has(id))
      return failure('invalid-input', 'A request needs an id of its own.');
    const controller = new AbortController();
    running.set(id, controller);
    const emit = (item: unknown): void => {
      // A page that was loaded again has requests of its own with the same ids.
      if (running.get(id) !== controller || window.isDestroyed()) return;
      window.webContents.send(channels.item, id, item);
    };
    try {
      return await services.handle(name, input, { signal: controller.signal, emit });
    } finally {
      if (running.get(id) === controller) running.delete(id);
    }
  });

  ipcMain.on(channels.cancel, (event, id: unknown) => {
    if (isConsole(event) && typeof id === 'number') running.get(id)?.abort();
  });

  ipcMain.handle(channels.register, async (event, paths: unknown) => {
    if (!isConsole(event)) return refusal;
    if (!Array.isArray(paths) || !paths.every((path) => typeof path === 'string')) {
      return failure('invalid-input', 'Expected a list of dropped files.');
    }
    return { ok: true, value: await services.registerPaths(paths) };
  });

  // A page that is loaded again has forgotten its requests; a window that is gone has none.
  const abandon = (): void => {
    for (const controller of running.values()) controller.abort();
    running.clear();
  };
  window.webContents.on('did-start-loading', abandon);
  window.on('closed', () => {
    abandon();
    ipcMain.removeHandler(channels.request);
    ipcMain.removeHandler(channels.register);
    ipcMain.removeAllListeners(channels.cancel);
  });
}

const surfaceOperations = new Set<unknown>(['show', 'pick', 'hold', 'leave']);

/**
 * Connects a confirm window with its operations. SECURITY: every message is checked for its window, frame and origin,
 * and the ticket is put in here: the surface acts for the plan that its window was opened for, and for no other.
 */
export function serveConfirm(window: BrowserWindow, services: ConfirmServices, ticket: string): void {
  const gone = new AbortController();
  ipcMain.handle(channels.confirm, async (event, name: unknown, input: unknown) => {
    const isSurface =
      event.sender === window.webContents &&
      event.senderFrame !== null &&
      event.senderFrame === window.webContents.mainFrame &&
      isOwnAddress(event.senderFrame.url, confirmOrigin);
    if (!isSurface) return failure('refused', 'This request did not come from the confirm surface.');
    if (!surfaceOperations.has(name) || typeof input !== 'object' || input === null) {
      return failure('invalid-input', 'The confirm surface has no such operation.');
    }
    return services.handle(
      `confirm.${String(name)}`,
      { ...input, ticket },
      {
        signal: gone.signal,
        emit: () => undefined,
      },
    );
  });
  window.on('closed', () => {
    gone.abort();
    ipcMain.removeHandler(channels.confirm);
  });
}

/** Tells the page. */
export function notifyPage(window: BrowserWindow | null, event: HostEvent): void {
  if (window !== null && !window.isDestroyed()) window.webContents.send(channels.event, event);
}
