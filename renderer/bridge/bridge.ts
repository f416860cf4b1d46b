import type { Bridge, PreloadApi } from '#shared/ipc/client.ts';
import { createLoopbackBridge } from './loopback.ts';
import { bridgeOverPreload } from './preload.ts';

export type PageBridge = Bridge<File>;

declare global {
  interface Window {
    /** Put there by Electron's preload script; absent where a loopback host serves the page. */
    readonly rescind?: PreloadApi<File>;
  }
}

/** The page's one way to its host. */
export function connectBridge(page: Window & typeof globalThis): PageBridge {
  return page.rescind === undefined ? createLoopbackBridge(page) : bridgeOverPreload(page.rescind);
}
