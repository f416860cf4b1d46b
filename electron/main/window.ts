import { BrowserWindow, type Rectangle, type Session, type WebPreferences, screen } from 'electron';
import { appOrigin, confirmOrigin } from './protocol.ts';
import type { WindowState } from './window-state.ts';

/** SECURITY: sandboxed, isolated, no Node, no webview, no dev tools in a release. */
function preferences(preload: string, developer: boolean): WebPreferences {
  return {
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
  };
}

/**
 * The window of the confirm surface, over its parent until it is closed. SECURITY: its own session and origin, so that it
 * shares neither process nor storage with the console's page.
 */
export function createConfirmWindow(
  preload: string,
  parent: BrowserWindow,
  session: Session,
  developer: boolean,
): BrowserWindow {
  const window = new BrowserWindow({
    parent,
    modal: true,
    width: 760,
    height: 860,
    minWidth: 560,
    minHeight: 560,
    minimizable: false,
    maximizable: false,
    fullscreenable: false,
    show: false,
    title: 'Execute this plan',
    backgroundColor: '#0f1216',
    webPreferences: { ...preferences(preload, developer), session },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${confirmOrigin}/confirm.html`);
  return window;
}

/** The window of the console. */
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
    webPreferences: preferences(preload, developer),
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
