#!/usr/bin/env node
// The command `rescind`. Plain JavaScript that any Node can read: an older one must be told so before anything
// loads the database, whose binary crashes there.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const oldest = 24;
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

if (Number.parseInt(process.versions.node, 10) < oldest) {
  const own = ownNode();
  if (own === null) {
    process.stderr.write(
      `rescind needs Node.js ${oldest} or newer; this is ${process.versions.node} (${process.execPath}).\n` +
        'In a checkout run “npm start” once, which brings the right one, and then “npx rescind …”. ' +
        'Elsewhere install Node.js from https://nodejs.org.\n',
    );
    process.exitCode = 2;
  } else {
    runAgain(own);
  }
} else {
  const { main } = await import(pathToFileURL(chooseModule()).href);
  process.exitCode = await main(process.argv.slice(2));
}

/** The Node.js that comes with the dependencies of a checkout; null where they are not installed. */
function ownNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = join(root, 'node_modules', 'node', 'bin', name);
  return existsSync(path) ? path : null;
}

/** The same command on another Node.js, in its place: same streams, same signals, same exit code. */
function runAgain(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches the child by itself as well; what is sent to this process alone is passed on.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('error', ({ message }) => {
    process.stderr.write(`rescind: ${node} does not start: ${message}\n`);
    process.exitCode = 70;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}

/** The build, unless the sources lie here and are newer: then the sources as they are. */
function chooseModule() {
  const source = join(root, 'electron', 'headless', 'cli.ts');
  const built = join(root, 'out', 'electron', 'headless', 'cli.js');
  if (!existsSync(source)) return built;
  if (!existsSync(built)) return source;
  const builtAt = statSync(built).mtimeMs;
  return ['electron', 'shared'].some((folder) => hasNewer(join(root, folder), builtAt)) ? source : built;
}

function hasNewer(folder, time) {
  return readdirSync(folder, { withFileTypes: true }).some((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? hasNewer(path, time) : statSync(path).mtimeMs > time;
  });
}
