import { existsSync } from 'node:fs';
import { installDebianPackages } from './debian.mjs';

const candidates = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The Chromium that the browser tests use: CHROMIUM_PATH if set, else the system's. Null where there is none. */
export function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== '') return existsSync(named) ? named : null;
  return candidates.find((path) => existsSync(path)) ?? null;
}

/** Installs Debian's package as root; otherwise says what to do. True when a Chromium is there afterwards. */
export function installChromium() {
  installDebianPackages(['chromium'], 'Chromium for the browser tests');
  if (findChromium() !== null) return true;
  console.error(
    'The browser tests need Chromium. Install it (Debian, Ubuntu: "sudo apt-get install chromium"; macOS: ' +
      '"brew install --cask chromium"), or set CHROMIUM_PATH to one, and run the same command again.',
  );
  return false;
}
