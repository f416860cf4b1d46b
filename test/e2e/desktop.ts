import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { desktopObstacle } from '#electron/platform/desktop.ts';
import { installation } from '#electron/platform/installation.ts';
import { startOnDouble } from './desktop-double.ts';
import { startOnElectron } from './desktop-electron.ts';

export interface StartOptions {
  /** Folder with the user's files; a new one by default. */
  readonly home?: string;
  /** Words after the program's name. */
  readonly words?: readonly string[];
}

/** The running desktop application, on the double or in Electron, as the tests use it. */
export interface Desktop {
  readonly home: string;
  readonly page: Page;
  /** What the analyst chooses in the next file dialog. */
  chooseFiles(paths: readonly string[]): Promise<void>;
  /** Where the analyst puts the file of the next save dialog. */
  chooseTarget(path: string): Promise<void>;
  /** The button of the next message box. */
  pressButton(index: number): Promise<void>;
  /** Messages that were shown in boxes so far. */
  messages(): Promise<readonly string[]>;
  clickMenu(label: string): Promise<void>;
  /** Starts the program a second time with these words. */
  startAgain(words: readonly string[]): Promise<void>;
  externallyOpened(): Promise<readonly string[]>;
  /** Closes the window, and with it the application; resolves when it has ended. */
  close(): Promise<void>;
}

export interface Runtime {
  readonly name: string;
  /** Why it cannot be used here; null where it can. */
  readonly missing: string | null;
  readonly start: (options?: StartOptions) => Promise<Desktop>;
}

export function newHome(): string {
  return mkdtempSync(join(tmpdir(), 'rescind-desktop-'));
}

/** The real main and preload code in both: on the double everywhere, in Electron where its binary is. */
export const runtimes: readonly Runtime[] = [
  {
    name: 'on the double of Electron',
    missing: null,
    start: ({ home = newHome(), words = [] } = {}) => startOnDouble(home, words),
  },
  {
    name: 'in Electron',
    missing: desktopObstacle(installation()),
    start: ({ home = newHome(), words = [] } = {}) => startOnElectron(home, words),
  },
];
