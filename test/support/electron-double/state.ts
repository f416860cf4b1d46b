import { AsyncLocalStorage } from 'node:async_hooks';
import type { Page } from 'playwright-core';
import type { BrowserWindow } from './window.ts';

export interface MenuEntry {
  readonly label?: string;
  readonly role?: string;
  readonly submenu?: readonly MenuEntry[];
  readonly click?: () => void;
}

/** Whose preload code runs: each window has an `ipcRenderer` and a context bridge of its own. */
export const ofWindow = new AsyncLocalStorage<BrowserWindow>();

/** What the double was told by the code under test, and what it answers. */
export const double = {
  /** Gives a Chromium page for the next window. */
  openPage: (): Promise<Page> => Promise.reject(new Error('set double.openPage first')),
  /** Runs the preload code that a window names, once more for each of them. */
  loadPreload: (_preload: string, _window: number): Promise<unknown> => Promise.resolve(),
  windows: [] as BrowserWindow[],
  schemes: [] as { scheme: string; privileges: Record<string, boolean> }[],
  externallyOpened: [] as string[],
  notifications: [] as { title: string; body: string }[],
  /** Answers of the next file dialogs; without one the dialog is left. */
  dialogAnswers: [] as string[][],
  /** Where the next save dialogs put the file. */
  saveAnswers: [] as string[],
  /** Answers of the next message boxes, by button; without one the button that Escape stands for. */
  messageBoxAnswers: [] as number[],
  messageBoxes: [] as { message: string; detail?: string; cancelId?: number }[],
  menu: [] as readonly MenuEntry[],
  storageBackend: 'gnome_libsecret',
  encryption: true,
  paths: new Map<string, string>(),
  /** Whether this is the first instance. */
  locked: true,
  /** What this instance would hand over to the first one. */
  handedOver: null as unknown,
  exitCode: null as number | null,
  /** Names of what happened before and after `ready`, in order. */
  order: [] as string[],
  /** Child processes that are running. */
  children: new Set<{ readonly serviceName: string; readonly pid: number | undefined }>(),
};

/** An event that a listener may prevent. */
export class PreventableEvent {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}
