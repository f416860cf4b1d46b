import { join } from 'node:path';
import type { BrowserWindow } from 'electron';
import type { ConfirmPlace, Host } from '#electron/router/host.ts';
import { confirmMemory, pickPaths, pickTarget } from './dialogs.ts';
import { notifyPage } from './ipc.ts';
import { announce } from './notifications.ts';
import { createVault } from './vault.ts';

/** The desktop as a host: the system's dialogs and its key store, and one window at most. */
export function electronHost(
  configFolder: string,
  currentWindow: () => BrowserWindow | null,
  confirm: (ticket: string) => ConfirmPlace,
): Host {
  return {
    kind: 'electron',
    nativeDialogs: true,
    async pick(purpose) {
      const window = currentWindow();
      return window === null ? [] : pickPaths(window, purpose);
    },
    async pickTarget(name) {
      const window = currentWindow();
      return window === null ? null : pickTarget(window, name);
    },
    confirm,
    notify: (event) => {
      notifyPage(currentWindow(), event);
      announce(event);
    },
    secrets: createVault(join(configFolder, 'secrets.json'), () => confirmMemory(currentWindow())),
  };
}
