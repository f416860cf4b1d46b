// `npm start`: the desktop application where Electron's runtime is there or can be had, else the headless host's
// console in the browser. Runs on the project's own Node: npm puts it first on the path.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './fresh.mjs';

// npm passes a signal to its shell, and not every shell passes it on: without npm nobody waits for us any more.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
}, 1_000).unref();

// The only thing that is ever fetched without having been asked for by name: once, and quickly given up.
spawnSync(process.execPath, [join(root, 'scripts', 'fetch-electron.mjs')], {
  stdio: 'inherit',
  // Both follow the usual proxy variables only when told to.
  env: { ...process.env, NODE_USE_ENV_PROXY: '1', ELECTRON_GET_USE_PROXY: '1' },
});

process.argv.splice(2, 0, 'open');
await import('../electron/headless/bin.mjs');
