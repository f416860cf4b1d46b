import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { makeFolder } from './folders.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the program keeps what is the user's and belongs to no case. */
export interface AppFolders {
  /** Recent cases, keys, the vault, logs. */
  readonly config: string;
  /** The sample case. */
  readonly data: string;
}

/**
 * The folders by the platform's convention: XDG Base Directory on Linux, Application Support on macOS, AppData on
 * Windows. `RESCIND_HOME` overrides both.
 */
export function appFolders(
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): AppFolders {
  const override = environment['RESCIND_HOME'];
  if (override !== undefined && override !== '') {
    const home = resolve(override);
    return { config: home, data: join(home, 'data') };
  }
  const home = homedir();
  if (platform === 'darwin') {
    const support = join(home, 'Library', 'Application Support', 'Rescind');
    return { config: support, data: join(support, 'data') };
  }
  if (platform === 'win32') {
    return {
      config: join(environment['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Rescind'),
      data: join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Rescind'),
    };
  }
  return {
    config: join(xdg(environment['XDG_CONFIG_HOME']) ?? join(home, '.config'), 'rescind'),
    data: join(xdg(environment['XDG_DATA_HOME']) ?? join(home, '.local', 'share'), 'rescind'),
  };
}

/** The folder of what may be deleted at any time, by the same conventions. */
export function cacheFolder(
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const override = environment['RESCIND_HOME'];
  if (override !== undefined && override !== '') return join(resolve(override), 'cache');
  const home = homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'Rescind');
  if (platform === 'win32')
    return join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Rescind', 'Cache');
  return join(xdg(environment['XDG_CACHE_HOME']) ?? join(home, '.cache'), 'rescind');
}

/** The XDG specification has relative paths ignored. */
function xdg(value: string | undefined): string | null {
  return value !== undefined && isAbsolute(value) ? value : null;
}

/** Makes one of the folders above, for the user's eyes alone. Throws kind `unusable` where that cannot be. */
export function ensureFolder(folder: string): string {
  makeFolder(
    folder,
    'Set RESCIND_HOME to a folder that you own: what is yours and of no case is kept there.',
  );
  return folder;
}
