import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rectangle } from 'electron';
import { fileMode } from '#electron/platform/case-folder.ts';

export interface WindowState {
  /** Null where the window has not been on the screen yet. */
  readonly bounds: Rectangle | null;
  readonly maximized: boolean;
}

/** Where the window was last; kept in the user's configuration folder. */
export class WindowMemory {
  readonly #file: string;

  constructor(configFolder: string) {
    this.#file = join(configFolder, 'window.json');
  }

  /** A file that is missing or broken is no memory. */
  read(): WindowState {
    try {
      const { bounds, maximized } = JSON.parse(readFileSync(this.#file, 'utf8')) as Record<string, unknown>;
      return { bounds: isRectangle(bounds) ? bounds : null, maximized: maximized === true };
    } catch {
      return { bounds: null, maximized: false };
    }
  }

  /** A disk that takes nothing must not keep the window from closing. */
  write(state: WindowState): void {
    try {
      writeFileSync(`${this.#file}.new`, `${JSON.stringify(state)}\n`, { mode: fileMode });
      renameSync(`${this.#file}.new`, this.#file);
    } catch {
      // The next window opens where every first one does.
    }
  }
}

function isRectangle(value: unknown): value is Rectangle {
  if (typeof value !== 'object' || value === null) return false;
  const sides = value as Record<string, unknown>;
  return ['x', 'y', 'width', 'height'].every((side) => Number.isSafeInteger(sides[side]));
}
