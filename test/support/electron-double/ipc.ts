import { EventEmitter } from 'node:events';
import { double, ofWindow } from './state.ts';
import type { BrowserWindow } from './window.ts';

type Handler = (...parameters: unknown[]) => unknown;

class IpcMain extends EventEmitter {
  readonly handlers = new Map<string, Handler>();
  handle(channel: string, handler: Handler): void {
    if (this.handlers.has(channel)) throw new Error(`second handler for ${channel}`);
    this.handlers.set(channel, handler);
  }
  removeHandler(channel: string): void {
    this.handlers.delete(channel);
  }
}
export const ipcMain = new IpcMain();

/** What a message of a window's page carries, by default the newest's; a test forges one to see it refused. */
export function eventFromPage(window: BrowserWindow | undefined = double.windows.at(-1)): {
  sender: unknown;
  senderFrame: unknown;
} {
  const contents = window?.webContents;
  return { sender: contents, senderFrame: contents?.mainFrame ?? null };
}

/** Belongs to the window whose preload code or page calls; outside of both to the newest. */
class IpcRenderer {
  readonly #events = (): EventEmitter => (ofWindow.getStore() ?? double.windows.at(-1)!).rendererEvents;
  on(channel: string, listener: Handler): void {
    this.#events().on(channel, listener);
  }
  removeListener(channel: string, listener: Handler): void {
    this.#events().removeListener(channel, listener);
  }
  async invoke(channel: string, ...parameters: unknown[]): Promise<unknown> {
    const handler = ipcMain.handlers.get(channel);
    if (handler === undefined) throw new Error(`no handler for ${channel}`);
    return structuredClone(await handler(eventFromPage(ofWindow.getStore()), ...structuredClone(parameters)));
  }
  send(channel: string, ...parameters: unknown[]): void {
    ipcMain.emit(channel, eventFromPage(ofWindow.getStore()), ...structuredClone(parameters));
  }
}
export const ipcRenderer = new IpcRenderer();

export const contextBridge = {
  exposeInMainWorld: (name: string, api: unknown): void => {
    (ofWindow.getStore() ?? double.windows.at(-1)!).exposed.set(name, api);
  },
};

/** Files cannot cross into the test's process: a test drops by naming paths through the preload's own channel. */
export const webUtils = { getPathForFile: (): string => '' };
