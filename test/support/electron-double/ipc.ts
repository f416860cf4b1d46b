import { EventEmitter } from 'node:events';
import { double } from './state.ts';

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

/** What a message of the newest window's page carries; a test forges one to see it refused. */
export function eventFromPage(): { sender: unknown; senderFrame: unknown } {
  const contents = double.windows.at(-1)?.webContents;
  return { sender: contents, senderFrame: contents?.mainFrame ?? null };
}

class IpcRenderer extends EventEmitter {
  async invoke(channel: string, ...parameters: unknown[]): Promise<unknown> {
    const handler = ipcMain.handlers.get(channel);
    if (handler === undefined) throw new Error(`no handler for ${channel}`);
    return structuredClone(await handler(eventFromPage(), ...structuredClone(parameters)));
  }
  send(channel: string, ...parameters: unknown[]): void {
    ipcMain.emit(channel, eventFromPage(), ...structuredClone(parameters));
  }
}
export const ipcRenderer = new IpcRenderer();

export const contextBridge = {
  exposeInMainWorld: (name: string, api: unknown): void => {
    double.exposed.set(name, api);
  },
};

/** Files cannot cross into the test's process: a test drops by naming paths through the preload's own channel. */
export const webUtils = { getPathForFile: (): string => '' };
