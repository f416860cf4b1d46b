import { BrowserWindow, type Rectangle, screen } from 'electron';
import { appOrigin } from './protocol.ts';
import type { WindowState } from './window-state.ts';

/** The one place where a window is made. SECURITY: sandboxed, isolated, no Node, no webview, no dev tools in a release. */
export function createWindow(preload: string, state: WindowState, developer: boolean): BrowserWindow {
  const bounds =
    state.bounds !== null && isOnScreen(state.bounds) ? state.bounds : { width: 1440, height: 900 };
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 1024,
    minHeight: 700,
    show: false,
    title: 'Rescind',
    backgroundColor: '#0f1216',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: developer,
    },
  });
  if (state.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${appOrigin}/`);
  return window;
}

/** A window that was last on a display that is gone would open where nobody sees it. */
function isOnScreen(bounds: Rectangle): boolean {
  return screen.getAllDisplays().some(({ workArea }) => {
    const width =
      Math.min(bounds.x + bounds.width, workArea.x + workArea.width) - Math.max(bounds.x, workArea.x);
    const height =
      Math.min(bounds.y + bounds.height, workArea.y + workArea.height) - Math.max(bounds.y, workArea.y);
    return width > 100 && height > 100;
  });
}
