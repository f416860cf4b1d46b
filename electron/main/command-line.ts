import { join } from 'node:path';
import { app } from 'electron';
import { appFolders } from '#electron/platform/paths.ts';
import { createUtilityLauncher } from './utility-children.ts';

/**
 * Runs a command in an installed Rescind, which has no Node of its own: the same command line, without a window, with
 * utility processes as children.
 */
export function runCommandLine(words: readonly string[]): void {
  // A desktop application that runs meanwhile has Chromium's files of its own.
  app.setPath('userData', join(appFolders().config, 'command-line'));
  app.disableHardwareAcceleration();
  app.dock?.hide();
  void runWhenReady(words).then(
    (code) => app.exit(code),
    (thrown: unknown) => {
      process.stderr.write(`rescind: ${String(thrown)}\n`);
      app.exit(70);
    },
  );
}

async function runWhenReady(words: readonly string[]): Promise<number> {
  // Read only here: the desktop application starts without it.
  const [{ main }] = await Promise.all([import('#electron/headless/cli.ts'), app.whenReady()]);
  return main(words, createUtilityLauncher());
}
