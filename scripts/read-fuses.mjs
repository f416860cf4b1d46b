// Reads the fuses of a packaged Rescind back and compares them with what electron-builder.yml asks for:
// node scripts/read-fuses.mjs release/linux-unpacked/rescind (on macOS the .app). Exit code 1 where they differ.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { root } from './fresh.mjs';

const [artefact] = process.argv.slice(2);
if (artefact === undefined) {
  console.error('Usage: node scripts/read-fuses.mjs PATH-OF-THE-PROGRAM');
  process.exit(2);
}

// electron-builder's own copy: the one that set the fuses.
const builder = createRequire(createRequire(join(root, 'package.json')).resolve('electron-builder'));
const library = createRequire(builder.resolve('app-builder-lib'));
const fuses = library('@electron/fuses');
// The bytes of the wire are ASCII digits: 0 off, 1 on (Electron, docs/tutorial/fuses.md).
const states = new Map([
  [0x30, false],
  [0x31, true],
]);

const { electronFuses: wanted } = parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8'));
const wire = await fuses.getCurrentFuseWire(resolve(artefact));
let differ = false;
for (const [name, value] of Object.entries(wanted)) {
  const option = name.charAt(0).toUpperCase() + name.slice(1);
  const actual = states.get(wire[fuses.FuseV1Options[option]]) ?? null;
  differ ||= actual !== value;
  console.log(`${actual === value ? 'ok    ' : 'WRONG '}  ${name}: ${actual ?? 'not set'}, wanted ${value}`);
}
process.exitCode = differ ? 1 : 0;
