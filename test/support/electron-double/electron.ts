import { double } from './state.ts';

/**
 * A test double of the `electron` module: enough of it for the real main and preload code to run in the test's
 * process, with the page in Chromium and the children in processes of their own. It keeps what it was told, so that
 * a test can look; the page is served and its requests are judged by the handlers that the main process installed.
 */
export { app } from './app.ts';
export { MessageChannelMain, utilityProcess } from './children.ts';
export { contextBridge, eventFromPage, ipcMain, ipcRenderer, webUtils } from './ipc.ts';
export { protocol, session } from './session.ts';
export { type MenuEntry, double } from './state.ts';
export { BrowserWindow } from './window.ts';

interface MessageBox {
  readonly message: string;
  readonly detail?: string;
  readonly cancelId?: number;
}

export const dialog = {
  showOpenDialog: (): Promise<{ canceled: boolean; filePaths: string[] }> => {
    const filePaths = double.dialogAnswers.shift() ?? [];
    return Promise.resolve({ canceled: filePaths.length === 0, filePaths });
  },
  showSaveDialog: (): Promise<{ canceled: boolean; filePath: string }> => {
    const filePath = double.saveAnswers.shift() ?? '';
    return Promise.resolve({ canceled: filePath === '', filePath });
  },
  /** With or without the window that it belongs to. */
  showMessageBox: (...parameters: readonly unknown[]): Promise<{ response: number }> => {
    const box = parameters.at(-1) as MessageBox;
    double.messageBoxes.push(box);
    return Promise.resolve({ response: double.messageBoxAnswers.shift() ?? box.cancelId ?? 0 });
  },
};

export const Menu = {
  buildFromTemplate: (template: typeof double.menu): typeof double.menu => template,
  setApplicationMenu: (template: typeof double.menu): void => {
    double.menu = template;
  },
};

export const screen = {
  getAllDisplays: (): unknown[] => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
};

export class Notification {
  static isSupported(): boolean {
    return true;
  }
  readonly #options: { readonly title: string; readonly body: string };
  constructor(options: { readonly title: string; readonly body: string }) {
    this.#options = options;
  }
  show(): void {
    double.notifications.push(this.#options);
  }
}

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
