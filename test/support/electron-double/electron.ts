import { EventEmitter } from 'node:events';
import type { Page } from 'playwright-core';
import { PageBridge } from './bridge.ts';

/**
 * A test double of the `electron` module: enough of it for the real main and preload code to run in the test's
 * process, with the page in Chromium. It keeps what it was told, so that a test can look; the page is served and
 * its requests are judged by the handlers that the main process installed, as Electron would.
 */
type Handler = (...parameters: never[]) => unknown;

export const double = {
  /** Gives a Chromium page for the next window. */
  openPage: (): Promise<Page> => Promise.reject(new Error('set double.openPage first')),
  /** Loads the preload code; the double's `ipcRenderer` and `contextBridge` belong to the newest window. */
  loadPreload: (): Promise<unknown> => Promise.resolve(),
  windows: [] as BrowserWindow[],
  schemes: [] as unknown[],
  externallyOpened: [] as string[],
  dialogAnswers: [] as string[][],
  messageBoxAnswer: 1,
  menu: [] as unknown[],
  storageBackend: 'gnome_libsecret',
  encryption: true,
  userData: '',
  locked: true,
  quit: false,
  exposed: new Map<string, unknown>(),
};

const requestOrigin = 'http://rescind.localhost';
const toApp = (address: string): string =>
  address.startsWith(requestOrigin) ? `app://rescind${address.slice(requestOrigin.length)}` : address;
const toRequest = (address: string): string => address.replace('app://rescind', requestOrigin);

class Protocol {
  readonly handlers = new Map<string, (request: Request) => Promise<Response>>();
  registerSchemesAsPrivileged(schemes: unknown[]): void {
    double.schemes.push(...schemes);
  }
  handle(scheme: string, handler: (request: Request) => Promise<Response>): void {
    this.handlers.set(scheme, handler);
  }
}
export const protocol = new Protocol();

class Session extends EventEmitter {
  readonly handlers = new Map<string, Handler>();
  readonly protocol = protocol;
  beforeRequest:
    | ((details: { url: string }, callback: (answer: { cancel: boolean }) => void) => void)
    | null = null;
  readonly webRequest = {
    onBeforeRequest: (listener: NonNullable<Session['beforeRequest']>) => {
      this.beforeRequest = listener;
    },
  };
  setPermissionRequestHandler(handler: Handler): void {
    this.handlers.set('permission-request', handler);
  }
  setPermissionCheckHandler(handler: Handler): void {
    this.handlers.set('permission-check', handler);
  }
  setDevicePermissionHandler(handler: Handler): void {
    this.handlers.set('device-permission', handler);
  }
  setDisplayMediaRequestHandler(handler: Handler): void {
    this.handlers.set('display-media', handler);
  }
}
export const session = { defaultSession: new Session() };

class WebContents extends EventEmitter {
  readonly session = session.defaultSession;
  readonly mainFrame = { url: '' };
  openHandler: (() => { action: string }) | null = null;
  setWindowOpenHandler(handler: () => { action: string }): void {
    this.openHandler = handler;
  }
  /** To the page: through the preload's `ipcRenderer`. */
  send(channel: string, ...parameters: unknown[]): void {
    ipcRenderer.emit(channel, {}, ...structuredClone(parameters));
  }
}

export class BrowserWindow extends EventEmitter {
  readonly options: Record<string, unknown>;
  readonly webContents = new WebContents();
  page: Page | null = null;
  destroyed = false;
  visible = false;
  /** Settled once the page has loaded. */
  loaded: Promise<void> = Promise.resolve();

  constructor(options: Record<string, unknown>) {
    super();
    this.options = options;
    double.windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  loadURL(address: string): Promise<void> {
    this.loaded = this.#load(address);
    return this.loaded;
  }
  async #load(address: string): Promise<void> {
    const page = await double.openPage();
    this.page = page;
    this.webContents.mainFrame.url = address;
    await double.loadPreload();
    const bridge = new PageBridge(page);
    for (const [name, api] of double.exposed) await bridge.expose(name, api);
    await page.route('**/*', async (route) => {
      const url = toApp(route.request().url());
      const { pathname } = new URL(url);
      if (pathname.startsWith('/__bridge/')) {
        await route.fulfill({ body: await bridge.answer(pathname, route.request().postData() ?? '') });
        return;
      }
      const handler = protocol.handlers.get(new URL(url).protocol.slice(0, -1));
      const cancelled = await new Promise<boolean>((resolve) => {
        const { beforeRequest } = session.defaultSession;
        if (beforeRequest === null) resolve(false);
        else beforeRequest({ url }, ({ cancel }) => resolve(cancel));
      });
      if (cancelled || handler === undefined) {
        await route.abort('blockedbyclient');
        return;
      }
      const response = await handler(new Request(url, { method: route.request().method() }));
      await route.fulfill({
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: Buffer.from(await response.arrayBuffer()),
      });
    });
    await page.goto(toRequest(address));
    this.emit('ready-to-show');
  }
  show(): void {
    this.visible = true;
  }
  focus(): void {}
  restore(): void {}
  isMinimized(): boolean {
    return false;
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  getNormalBounds(): { x: number; y: number; width: number; height: number } {
    return { x: 10, y: 10, width: 1300, height: 800 };
  }
  async close(): Promise<void> {
    this.emit('close', {});
    this.destroyed = true;
    await this.page?.close();
    this.emit('closed');
    app.emit('window-all-closed');
  }
  static getAllWindows(): BrowserWindow[] {
    return double.windows.filter((window) => !window.destroyed);
  }
}

class App extends EventEmitter {
  readonly isPackaged = true;
  sandboxed = false;
  ready = Promise.resolve();
  whenReady(): Promise<void> {
    return this.ready;
  }
  enableSandbox(): void {
    this.sandboxed = true;
  }
  requestSingleInstanceLock(): boolean {
    return double.locked;
  }
  getPath(): string {
    return double.userData;
  }
  getVersion(): string {
    return '0.0.0-test';
  }
  setName(): void {}
  quit(): void {
    double.quit = true;
    this.emit('will-quit', { preventDefault: () => undefined });
  }
  exit(): void {
    double.quit = true;
  }
}
export const app = new App();

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

function eventFromPage(): { sender: WebContents | undefined; senderFrame: unknown } {
  const contents = double.windows.at(-1)?.webContents;
  return { sender: contents, senderFrame: contents?.mainFrame ?? null };
}

class IpcRenderer extends EventEmitter {
  async invoke(channel: string, ...parameters: unknown[]): Promise<unknown> {
    const handler = ipcMain.handlers.get(channel) as ((...all: unknown[]) => unknown) | undefined;
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

/** Files cannot cross into the test's process: a test drops by naming paths through the main process's handler. */
export const webUtils = { getPathForFile: (): string => '' };

export const dialog = {
  showOpenDialog: (): Promise<{ canceled: boolean; filePaths: string[] }> => {
    const filePaths = double.dialogAnswers.shift() ?? [];
    return Promise.resolve({ canceled: filePaths.length === 0, filePaths });
  },
  showMessageBox: (): Promise<{ response: number }> => Promise.resolve({ response: double.messageBoxAnswer }),
  showErrorBox: (): void => undefined,
};

export const Menu = {
  buildFromTemplate: (template: unknown[]): unknown[] => template,
  setApplicationMenu: (template: unknown[]): void => {
    double.menu = template;
  },
};

export const screen = {
  getAllDisplays: (): unknown[] => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
};

export const shell = {
  openExternal: (address: string): Promise<void> => {
    double.externallyOpened.push(address);
    return Promise.resolve();
  },
};

/** Reversible and visibly not plain text. */
export const safeStorage = {
  isAsyncEncryptionAvailable: (): Promise<boolean> => Promise.resolve(double.encryption),
  getSelectedStorageBackend: (): string => double.storageBackend,
  encryptStringAsync: (text: string): Promise<Buffer> =>
    Promise.resolve(Buffer.from([...Buffer.from(text)].map((byte) => byte ^ 0x5a))),
  decryptStringAsync: (sealed: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> =>
    Promise.resolve({
      result: Buffer.from([...sealed].map((byte) => byte ^ 0x5a)).toString(),
      shouldReEncrypt: false,
    }),
};
