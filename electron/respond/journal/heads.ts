import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { folderMode } from '#electron/platform/case-folder.ts';
import { FailureError } from '#shared/util/result.ts';
import { writeDurably } from '../files.ts';

/** What this workstation knows of a journal, kept apart from it. */
export interface JournalHead {
  /** The case's journal folder where it was last seen. */
  readonly folder: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
}

const heads = z.record(
  z.string(),
  z.strictObject({ folder: z.string(), size: z.int().min(0), root: z.string() }),
);

/**
 * Sizes and roots of every action journal that this workstation has written, in the configuration folder. A journal
 * that was cut or put back to an older copy is found by it, and a run's journal by the journal's id.
 */
export class JournalHeads {
  readonly #file: string;

  constructor(configFolder: string) {
    mkdirSync(configFolder, { recursive: true, mode: folderMode });
    this.#file = join(configFolder, 'action-journals.json');
  }

  get(id: string): JournalHead | null {
    return this.#read()[id] ?? null;
  }

  /** Ids with the beginning that a run's name gives. */
  find(prefix: string): readonly [string, JournalHead][] {
    return Object.entries(this.#read()).filter(([id]) => id.startsWith(prefix));
  }

  put(id: string, head: JournalHead): void {
    const all = this.#read();
    const known = all[id];
    if (known?.folder === head.folder && known.size === head.size && known.root === head.root) return;
    writeDurably(this.#file, `${JSON.stringify({ ...all, [id]: head }, null, 1)}\n`);
  }

  #read(): Record<string, JournalHead> {
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw thrown;
    }
    try {
      return heads.parse(JSON.parse(text));
    } catch {
      throw new FailureError('unusable', `${this.#file} is damaged. Restore it from a copy.`);
    }
  }
}
