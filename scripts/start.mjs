// `npm start`: the desktop application where Electron's runtime is there or can be had, else the headless host's
// console in the browser.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './fresh.mjs';

const result = spawnSync(
  process.execPath,
  [join(root, 'electron', 'headless', 'bin.mjs'), 'open', ...process.argv.slice(2)],
  { cwd: process.cwd(), stdio: 'inherit' },
);
process.exit(result.status ?? 1);
