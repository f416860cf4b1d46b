import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { FileToken } from '#shared/ipc/views.ts';
import { FailureError } from '#shared/util/result.ts';

/** What a token stands for. */
export interface NamedPath {
  readonly path: string;
  readonly name: string;
  readonly kind: 'file' | 'folder';
  readonly bytes: number | null;
  /** Where `path` starts from, for files that came with a name but no path of their own (uploads). */
  readonly workingFolder?: string;
}

const lifetime = 60 * 60 * 1000;
const mostTokens = 100_000;

/**
 * SECURITY: no path crosses from the page. What the analyst chose gets a random token that works once and not for
 * long; the page can neither make one nor learn the path from it.
 */
export class FileTokens {
  readonly #now: () => number;
  /** In the order in which they were given out, so that the oldest come first. */
  readonly #entries = new Map<string, { readonly target: NamedPath; readonly expires: number }>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  give(target: NamedPath): FileToken {
    const now = this.#now();
    for (const [token, { expires }] of this.#entries) {
      if (expires > now && this.#entries.size < mostTokens) break;
      this.#entries.delete(token);
    }
    const token = randomBytes(24).toString('base64url');
    this.#entries.set(token, { target, expires: now + lifetime });
    const { name, kind, bytes } = target;
    return { token, name, kind, bytes };
  }

  /** Tokens for existing files and folders; what cannot be read gets none. */
  async givePaths(paths: readonly string[]): Promise<readonly FileToken[]> {
    const tokens: FileToken[] = [];
    for (const path of paths) {
      const found = await stat(path).catch(() => null);
      if (found === null || !(found.isFile() || found.isDirectory())) continue;
      const kind = found.isDirectory() ? 'folder' : 'file';
      tokens.push(
        this.give({ path, name: basename(path), kind, bytes: kind === 'file' ? found.size : null }),
      );
    }
    return tokens;
  }

  /** What the token stands for, once. Throws kind `refused`. */
  take(token: string): NamedPath {
    const entry = this.#entries.get(token);
    this.#entries.delete(token);
    if (entry === undefined || entry.expires <= this.#now()) {
      throw new FailureError('refused', 'This choice of a file is no longer valid. Choose it again.');
    }
    return entry.target;
  }
}
