import { constants, existsSync, readFileSync } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { arch, platform } from 'node:process';
import { desktopObstacle } from '#electron/platform/desktop.ts';
import {
  type Installation,
  chromiumBinary,
  electronBinary,
  installation,
} from '#electron/platform/installation.ts';
import { ensureFolder } from '#electron/platform/paths.ts';
import type { DoctorCheck } from '#shared/ipc/views.ts';
import { failureOf } from '#shared/util/result.ts';
import type { Engine } from './engine.ts';
import type { Host } from './host.ts';

const oldestNode = 24;
const tightSpace = 2 * 1024 ** 3;

/** Looks at what this machine has and lacks, with what to do about it. Asks nothing of the network. */
export async function examineMachine(engine: Engine, host: Host): Promise<readonly DoctorCheck[]> {
  const here = installation();
  return [
    found('Rescind', `${here.version} (${host.kind} host) in ${here.root}`),
    found('Machine', `${os.type()} ${os.release()} ${arch}, ${cores()}, ${gigabytes(os.totalmem())} memory`),
    checkNode(),
    checkDatabase(here),
    checkConsole(here),
    checkElectron(here, host),
    checkChromium(),
    await checkVault(host),
    await checkFolder('Configuration', engine.folders.config),
    await checkFolder('Temporary files', os.tmpdir()),
    ...(engine.folder === null ? [] : [await checkFolder('Case', engine.folder)]),
    await checkProviders(engine, host),
  ];
}

async function checkProviders(engine: Engine, host: Host): Promise<DoctorCheck> {
  try {
    const providers = await engine.respond(host.secrets).call('providerList', {});
    if (providers.length === 0) return found('Providers', 'none set up');
    return found('Providers', providers.map(({ name, type }) => `${name} (${type})`).join(', '));
  } catch (thrown) {
    const { message } = failureOf(thrown);
    return {
      name: 'Providers',
      ok: false,
      level: 'info',
      found: message,
      advice: 'See “rescind provider list”.',
    };
  }
}

function found(name: string, text: string): DoctorCheck {
  return { name, ok: true, level: 'info', found: text, advice: '' };
}

function checkNode(): DoctorCheck {
  const { node, electron } = process.versions;
  const ok = Number.parseInt(node, 10) >= oldestNode;
  return {
    name: 'Runtime',
    ok,
    level: 'required',
    found: electron === undefined ? `Node.js ${node}` : `Electron ${electron}, Node.js ${node}`,
    advice: ok ? '' : `Node.js ${oldestNode} or newer is needed: “npm ci” brings it, then use “npx rescind”.`,
  };
}

/** The library of the database is chosen by platform when the store starts; one is in its package for each. */
function checkDatabase({ root }: Installation): DoctorCheck {
  const folder = join(root, 'node_modules', 'better-sqlite3');
  const names = [`${platform}-${arch}`, ...(platform === 'linux' ? [`linuxmusl-${arch}`] : [])];
  const ok = names.some((name) => existsSync(join(folder, 'prebuilds', `${name}.node`)));
  return {
    name: 'Database',
    ok,
    level: 'required',
    found: ok ? `better-sqlite3 ${versionOf(folder)}` : `no library of better-sqlite3 for ${names[0]}`,
    advice: ok ? '' : 'Run “npm ci” again; where it stays so, this platform has none.',
  };
}

function checkConsole({ page }: Installation): DoctorCheck {
  const ok = existsSync(page);
  return {
    name: 'Console',
    ok,
    level: 'info',
    found: ok ? 'built' : 'has not been built',
    advice: ok ? '' : '“npm start” builds it; “npm run build” does it alone.',
  };
}

function checkElectron(here: Installation, host: Host): DoctorCheck {
  if (host.kind === 'electron') return found('Electron', process.execPath);
  const obstacle = desktopObstacle(here);
  const isMissing = electronBinary(here.root) === null;
  return {
    name: 'Electron',
    ok: obstacle === null,
    level: 'info',
    found: obstacle ?? `${versionOf(join(here.root, 'node_modules', 'electron'))}, ready`,
    advice:
      obstacle === null
        ? ''
        : `The console works in the browser (“rescind serve --open”).${isMissing ? ' For the desktop application let “npx install-electron” download the runtime once.' : ''}`,
  };
}

function versionOf(packageFolder: string): string {
  try {
    const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
      version: string;
    };
    return version;
  } catch {
    return 'of unknown version';
  }
}

function cores(): string {
  const count = os.availableParallelism();
  return count === 1 ? '1 core' : `${count} cores`;
}

function checkChromium(): DoctorCheck {
  const binary = chromiumBinary();
  return {
    name: 'Chromium',
    ok: binary !== null,
    level: 'info',
    found: binary ?? 'none found',
    advice:
      binary === null
        ? 'Only the browser tests need it: “apt-get install chromium”, or set CHROMIUM_PATH. Any current browser shows the console.'
        : '',
  };
}

const vaults = {
  system: 'the operating system’s own store',
  passphrase: 'a file that is encrypted with a passphrase',
  memory: 'memory: secrets are forgotten at exit',
} as const;

async function checkVault(host: Host): Promise<DoctorCheck> {
  const backend = await host.secrets.backend();
  const advice =
    backend !== 'memory'
      ? ''
      : host.kind === 'headless'
        ? 'To keep secrets, set RESCIND_PASSPHRASE to the passphrase of a vault before starting.'
        : 'To keep secrets, set up the system’s key store (on Linux: a keyring or wallet).';
  return { name: 'Secrets', ok: true, level: 'info', found: vaults[backend], advice };
}

/** The folder is there, writable, closed to others and has space. */
async function checkFolder(name: string, folder: string): Promise<DoctorCheck> {
  try {
    if (name === 'Configuration') ensureFolder(folder);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const { mode } = await stat(folder);
    const isOpen = name !== 'Temporary files' && process.platform !== 'win32' && (mode & 0o077) !== 0;
    const advice = [
      ...(free < tightSpace ? ['Free some space: an import needs about 1.4 times its compressed size.'] : []),
      ...(isOpen ? [`Others can look into it: chmod 700 “${folder}”.`] : []),
    ].join(' ');
    return { name, ok: advice === '', level: 'info', found: `${folder}, ${gigabytes(free)} free`, advice };
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code ?? String(thrown);
    const advice = 'Make it a folder that you may read and write, or choose another one.';
    return { name, ok: false, level: 'required', found: `${folder} (${code})`, advice };
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}
