import { existsSync } from 'node:fs';
import { type Installation, electronBinary } from './installation.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether this machine can show windows: Linux can where one of its display servers is named. */
export function hasDisplay(
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (platform !== 'linux') return true;
  return (environment['DISPLAY'] ?? '') !== '' || (environment['WAYLAND_DISPLAY'] ?? '') !== '';
}

/** What keeps the desktop application from starting here, as a sentence; null where nothing is known that would. */
export function desktopObstacle({ root, desktopEntry }: Installation): string | null {
  if (electronBinary(root) === null) return 'Electron’s runtime is not here';
  if (!hasDisplay()) return 'Electron has no display here';
  // SECURITY: Chromium refuses to run as root with its sandbox, and we do not run without it.
  if (process.platform === 'linux' && process.getuid?.() === 0)
    return 'Electron’s sandbox does not work as root';
  return existsSync(desktopEntry) ? null : 'The desktop application has not been built';
}
