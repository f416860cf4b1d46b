import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { vi } from 'vitest';
import type * as Installations from '#electron/platform/installation.ts';
import { findChromium } from '../../scripts/chromium.mjs';
import { buildPage } from '../support/build-page.ts';
import { projectRoot } from '../support/imports.ts';
import type * as ElectronDouble from '../support/electron-double/electron.ts';
import type { Desktop } from './desktop.ts';

export type Double = typeof ElectronDouble;

/** The desktop on the double, with the double itself for tests of what only the main process sees. */
export interface DoubleDesktop extends Desktop {
  readonly electron: Double;
}

let shared: Promise<{ readonly browser: Browser; readonly pageFolder: string }> | null = null;

/** One Chromium and one build of the page for all tests of a file. */
function stage(): NonNullable<typeof shared> {
  shared ??= (async () => {
    const executablePath = findChromium();
    if (executablePath === null) throw new Error('There is no Chromium. "npm test" installs it or says how.');
    const [pageFolder, browser] = await Promise.all([
      buildPage(),
      chromium.launch({ executablePath, args: ['--no-sandbox'] }),
    ]);
    return { browser, pageFolder };
  })();
  return shared;
}

export async function endStage(): Promise<void> {
  if (shared === null) return;
  const { browser, pageFolder } = await shared;
  shared = null;
  await browser.close();
  await rm(pageFolder, { recursive: true });
}

/** Loads a fresh double and runs the real main process's code on it, up to where it has a window or has quit. */
export async function runMain(
  home: string,
  words: readonly string[],
  prepare: (electron: Double) => void = () => undefined,
): Promise<Double> {
  const { browser, pageFolder } = await stage();
  // What the code of an earlier start had left in this process.
  process.removeAllListeners('uncaughtExceptionMonitor');
  vi.resetModules();
  vi.doMock('electron', () => import('../support/electron-double/electron.ts'));
  vi.doMock('#electron/platform/installation.ts', async (original) => {
    const real = await original<typeof Installations>();
    return { ...real, installation: () => ({ ...real.installation(), page: pageFolder }) };
  });
  const electron = await import('../support/electron-double/electron.ts');
  const { double } = electron;
  double.openPage = () => browser.newPage({ viewport: { width: 1280, height: 800 } });
  double.loadPreload = (preload, number) =>
    preload === 'confirm'
      ? import(/* @vite-ignore */ `${join(projectRoot, 'electron/preload/confirm.ts')}?window=${number}`)
      : import('#electron/preload/preload.ts');
  prepare(electron);
  vi.stubEnv('RESCIND_HOME', home);
  const { argv } = process;
  process.argv = ['/opt/Rescind/rescind', ...words];
  try {
    await import('#electron/main/main.ts');
  } finally {
    process.argv = argv;
    vi.unstubAllEnvs();
  }
  await vi.waitFor(() => {
    if (double.windows.length === 0 && double.exitCode === null) throw new Error('neither window nor end');
  }, 45_000);
  await double.windows[0]?.loaded;
  return electron;
}

export async function startOnDouble(
  home: string,
  words: readonly string[],
  prepare?: (electron: Double) => void,
): Promise<DoubleDesktop> {
  const electron = await runMain(home, words, prepare);
  const { app, double } = electron;
  const window = double.windows[0];
  const page = window?.page ?? null;
  if (window === undefined || page === null) throw new Error('there is no window');
  return {
    electron,
    home,
    page,
    chooseFiles: (paths) => Promise.resolve(void double.dialogAnswers.push([...paths])),
    chooseTarget: (path) => Promise.resolve(void double.saveAnswers.push(path)),
    pressButton: (index) => Promise.resolve(void double.messageBoxAnswers.push(index)),
    messages: () => Promise.resolve(double.messageBoxes.map(({ message }) => message)),
    externallyOpened: () => Promise.resolve(double.externallyOpened),
    clickMenu(label) {
      entryOf(double.menu, label)?.click?.();
      return Promise.resolve();
    },
    async startAgain(again) {
      // What the second instance sends is what it would hand over; it is made by the same code.
      const { folderOf } = await import('#electron/main/launch-arguments.ts');
      app.emit('second-instance', {}, ['rescind', ...again], '/', { folder: folderOf(again, '/') });
    },
    async close() {
      const ended = double.exitCode === null ? once(app, 'exited') : null;
      window.close();
      await ended;
      await window.gone;
    },
  };
}

function entryOf(
  menu: readonly ElectronDouble.MenuEntry[],
  label: string,
): ElectronDouble.MenuEntry | undefined {
  return menu.flatMap(({ submenu = [] }) => submenu).find((entry) => entry.label === label);
}
