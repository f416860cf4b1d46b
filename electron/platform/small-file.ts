import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileMode } from './case-folder.ts';
import { ensureFolder } from './paths.ts';

/**
 * A file that is always written whole, for the user's eyes alone: after a crash it is the one before or the new one.
 * Writings come one after another, however many are asked for at once.
 */
export class SmallFile {
  readonly path: string;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
  }

  /** `text` is asked when its turn comes, and so holds what was changed meanwhile. */
  write(text: () => string): Promise<void> {
    this.#last = this.#last.catch(() => undefined).then(() => this.#replace(text()));
    return this.#last;
  }

  async #replace(text: string): Promise<void> {
    ensureFolder(dirname(this.path));
    const part = `${this.path}.new`;
    const file = await open(part, 'w', fileMode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, this.path);
  }
}
