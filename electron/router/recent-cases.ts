import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { caseFolder, fileMode } from '#electron/platform/case-folder.ts';
import { ensureFolder } from '#electron/platform/paths.ts';
import type { CaseSummary, RecentCase } from '#shared/ipc/views.ts';

const entry = z.object({ id: z.string(), name: z.string(), folder: z.string(), openedAt: z.string() });
const stored = z.array(entry);

const longestList = 20;

/** The cases that were opened last, newest first, in the user's configuration folder. */
export class RecentCases {
  readonly #file: string;
  readonly #folder: string;

  constructor(configFolder: string) {
    this.#folder = configFolder;
    this.#file = join(configFolder, 'recent-cases.json');
  }

  list(): readonly RecentCase[] {
    return this.#read().map((known) => ({
      ...known,
      missing: !existsSync(caseFolder(known.folder).manifest),
    }));
  }

  /** The folder of a case that was opened before; null where it is not known. */
  folderOf(id: string): string | null {
    return this.#read().find((known) => known.id === id)?.folder ?? null;
  }

  /** A disk that takes nothing must not keep a case from being opened. */
  remember({ id, name, folder }: Pick<CaseSummary, 'id' | 'name' | 'folder'>, now: Date): void {
    // A copy of a case has the same id in another folder: the one that was opened last counts.
    const others = this.#read().filter((known) => known.id !== id && known.folder !== folder);
    const list = [{ id, name, folder, openedAt: now.toISOString() }, ...others].slice(0, longestList);
    try {
      ensureFolder(this.#folder);
      writeFileSync(`${this.#file}.new`, `${JSON.stringify(list, null, 2)}\n`, { mode: fileMode });
      renameSync(`${this.#file}.new`, this.#file);
    } catch {
      // The case is opened all the same, and found by its folder the next time.
    }
  }

  /** A list that is missing or broken is an empty one: it is a convenience, no evidence. */
  #read(): z.infer<typeof stored> {
    try {
      return stored.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch {
      return [];
    }
  }
}
