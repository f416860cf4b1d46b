import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The program's own files. */
export interface Installation {
  readonly root: string;
  readonly version: string;
  /** The built page. */
  readonly page: string;
  /** Electron's main module, built. */
  readonly desktopEntry: string;
}

/** Finds the package that this file belongs to, as source or built. */
export function installation(): Installation {
  let root = import.meta.dirname;
  let version = versionIn(root);
  while (version === null) {
    const parent = dirname(root);
    if (parent === root)
      throw new Error('The package.json of Rescind is missing: the installation is broken.');
    root = parent;
    version = versionIn(root);
  }
  return {
    root,
    version,
    page: join(root, 'out', 'renderer'),
    desktopEntry: join(root, 'out', 'electron', 'main', 'main.js'),
  };
}

function versionIn(folder: string): string | null {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return null;
  const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown; version?: unknown };
  return name === 'rescind' && typeof version === 'string' ? version : null;
}

/** Electron's binary, as its package names it once it has been downloaded; null where it was not. */
export function electronBinary(root: string): string | null {
  const packageFolder = join(root, 'node_modules', 'electron');
  const pointer = join(packageFolder, 'path.txt');
  if (!existsSync(pointer)) return null;
  const binary = join(packageFolder, 'dist', readFileSync(pointer, 'utf8').trim());
  return existsSync(binary) ? binary : null;
}

const browsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** A Chromium of this machine; `CHROMIUM_PATH` names another one. Null where there is none. */
export function chromiumBinary(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | null {
  const named = environment['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') return existsSync(named) ? named : null;
  return browsers.find((path) => existsSync(path)) ?? null;
}
