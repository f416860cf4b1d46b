#!/usr/bin/env node
// The command `rescind`. Plain JavaScript that any Node can read: an older one must be told so before anything
// loads the database, whose binary crashes there.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const oldest = 24;
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

if (Number.parseInt(process.versions.node, 10) < oldest) {
  process.stderr.write(
    `rescind needs Node.js ${oldest} or newer; this is ${process.versions.node} (${process.execPath}).\n` +
      'In a checkout run “npm start” once, which brings the right one, and then “npx rescind …”. ' +
      'Elsewhere install Node.js from https://nodejs.org.\n',
  );
  process.exitCode = 2;
} else {
  const { main } = await import(pathToFileURL(chooseModule()).href);
  process.exitCode = await main(process.argv.slice(2));
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
