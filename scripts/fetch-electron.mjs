// Downloads Electron's runtime where it is missing and can be had. Says nothing where it cannot: `rescind open`, which
// comes next, says what it does instead.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './fresh.mjs';

/** Milliseconds that the first answer may take: a start must not hang on a network that swallows everything. */
const patience = 4_000;

const folder = join(root, 'node_modules', 'electron');
const { env, platform } = process;
const hasDesktop = platform !== 'linux' || (env.DISPLAY ?? '') !== '' || (env.WAYLAND_DISPLAY ?? '') !== '';

if (hasDesktop && !existsSync(join(folder, 'path.txt')) && (await canBeHad())) {
  console.error('Setting up: downloading Electron’s runtime, once …');
  spawnSync(process.execPath, [join(folder, 'install.js')], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Asks for the small file of checksums that lies beside the archive; the installer itself would wait for long. */
async function canBeHad() {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const source =
    env.npm_config_electron_mirror ??
    env.ELECTRON_MIRROR ??
    'https://github.com/electron/electron/releases/download/';
  try {
    const { ok } = await fetch(`${source}v${version}/SHASUMS256.txt`, {
      method: 'HEAD',
      signal: AbortSignal.timeout(patience),
    });
    return ok;
  } catch {
    return false;
  }
}
