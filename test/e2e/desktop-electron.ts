import { spawn } from 'node:child_process';
import { once } from 'node:events';
// Playwright is going to move this to a package of its own: it is used in this file only.
import { type ElectronApplication, _electron } from 'playwright-core';
import { electronBinary } from '#electron/platform/installation.ts';
import { projectRoot } from '../support/imports.ts';
import type { Desktop } from './desktop.ts';

/** What stands in for the desktop in Electron's main process: dialogs are not seen by Playwright. */
interface Stage {
  files: string[][];
  targets: string[];
  buttons: number[];
  messages: string[];
  opened: string[];
}
type Staged = typeof globalThis & { stage: Stage };

/** Starts the built application in Electron. */
export async function startOnElectron(home: string, words: readonly string[]): Promise<Desktop> {
  const binary = electronBinary(projectRoot);
  if (binary === null) throw new Error('Electron’s runtime is not here');
  const env = { ...definedOf(process.env), RESCIND_HOME: home };
  const application = await _electron.launch({
    executablePath: binary,
    args: [projectRoot, '--', ...words],
    env,
  });
  await setStage(application);
  const page = await application.firstWindow();
  return {
    home,
    page,
    chooseFiles: (paths) =>
      application.evaluate((_, list) => void (globalThis as Staged).stage.files.push(list), [...paths]),
    chooseTarget: (path) =>
      application.evaluate((_, target) => void (globalThis as Staged).stage.targets.push(target), path),
    pressButton: (index) =>
      application.evaluate((_, button) => void (globalThis as Staged).stage.buttons.push(button), index),
    messages: () => application.evaluate(() => (globalThis as Staged).stage.messages),
    externallyOpened: () => application.evaluate(() => (globalThis as Staged).stage.opened),
    clickMenu: (label) =>
      application.evaluate(({ Menu }, wanted) => {
        const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? []) ?? [];
        items.find((item) => item.label === wanted)?.click();
      }, label),
    async startAgain(again) {
      const second = spawn(binary, [projectRoot, '--', ...again], { env, stdio: 'ignore' });
      await once(second, 'exit');
    },
    async close() {
      const ended = application.waitForEvent('close');
      await application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
      await ended;
    },
  };
}

function setStage(application: ElectronApplication): Promise<void> {
  return application.evaluate(({ dialog, shell }) => {
    const stage: Stage = { files: [], targets: [], buttons: [], messages: [], opened: [] };
    (globalThis as Staged).stage = stage;
    dialog.showOpenDialog = () => {
      const filePaths = stage.files.shift() ?? [];
      return Promise.resolve({ canceled: filePaths.length === 0, filePaths });
    };
    dialog.showSaveDialog = () => {
      const filePath = stage.targets.shift() ?? '';
      return Promise.resolve({ canceled: filePath === '', filePath });
    };
    dialog.showMessageBox = (...parameters: unknown[]) => {
      const { message, cancelId } = parameters.at(-1) as { message: string; cancelId?: number };
      stage.messages.push(message);
      return Promise.resolve({ response: stage.buttons.shift() ?? cancelId ?? 0, checkboxChecked: false });
    };
    shell.openExternal = (address) => {
      stage.opened.push(address);
      return Promise.resolve();
    };
  });
}

function definedOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
