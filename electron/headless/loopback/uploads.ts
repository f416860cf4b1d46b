import { createWriteStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, rm, statfs } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileMode, folderMode } from '#electron/platform/case-folder.ts';
import type { FileTokens } from '#electron/router/file-tokens.ts';
import type { FileToken } from '#shared/ipc/views.ts';
import { FailureError, type Result, failureOf, success } from '#shared/util/result.ts';

const largestUpload = 64 * 1024 ** 3;
const longestName = 1_000;
const prefix = 'uploads-';

/**
 * Files that a browser hands over lie in a private folder until they are imported. A browser has no paths: a file
 * keeps the name that it came with, which is what the case calls it.
 */
export class Uploads {
  readonly #folder: string;
  readonly #tokens: FileTokens;
  /** Files and their folders, as `placeOf` names them. */
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();

  /** `parent` lies on a disk with space: temporary folders are often in memory. */
  constructor(parent: string, tokens: FileTokens) {
    removeAbandoned(parent);
    this.#folder = join(parent, `${prefix}${process.pid}`);
    this.#tokens = tokens;
    mkdirSync(this.#folder, { recursive: true, mode: folderMode });
  }

  /** `PUT /api/upload?name=…&size=…` with the bytes as body. */
  async take(request: IncomingMessage, search: URLSearchParams, response: ServerResponse): Promise<void> {
    const result = await this.#store(request, search).catch(
      (thrown: unknown): Result<FileToken> => ({ ok: false, error: failureOf(thrown) }),
    );
    // What was not read of a refused body is not waited for.
    if (!result.ok) response.setHeader('connection', 'close');
    response.writeHead(result.ok ? 200 : 422, { 'content-type': 'application/json' });
    response.end(JSON.stringify(result));
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #store(request: IncomingMessage, search: URLSearchParams): Promise<Result<FileToken>> {
    const size = Number(search.get('size'));
    if (!Number.isSafeInteger(size) || size < 0 || size > largestUpload) {
      throw new FailureError('invalid-input', 'A file needs its size, of at most 64 GiB.');
    }
    const { bavail, bsize } = await statfs(this.#folder);
    if (size > bavail * bsize) {
      throw new FailureError(
        'disk-full',
        'The file does not fit on this machine’s disk. Free some space, or import it with “rescind ingest”.',
      );
    }
    const name = this.#unused(safeName(search.get('name') ?? ''));
    const path = join(this.#folder, name);
    try {
      await mkdir(dirname(path), { recursive: true, mode: folderMode });
      const file = createWriteStream(path, { mode: fileMode, flags: 'wx' });
      await pipeline(request, exactly(size), file);
    } catch (thrown) {
      await rm(path, { force: true });
      this.#files.delete(placeOf(name));
      throw thrown;
    }
    const target = { path: name, name, kind: 'file', bytes: size, workingFolder: this.#folder } as const;
    return success(this.#tokens.give(target));
  }

  /** The name, numbered where another file has its place or lies in the way. */
  #unused(name: string): string {
    let unused = name;
    for (let number = 2; this.#isTaken(unused); number++) unused = `${number}/${name}`;
    this.#files.add(placeOf(unused));
    for (const folder of foldersOf(unused)) this.#folders.add(folder);
    return unused;
  }

  #isTaken(name: string): boolean {
    const place = placeOf(name);
    if (this.#files.has(place) || this.#folders.has(place)) return true;
    return foldersOf(name).some((folder) => this.#files.has(folder));
  }
}

/** Names that are one on some file system: without case (macOS, Windows), whatever way a letter is composed (macOS). */
function placeOf(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** The places of the folders that a file lies in. */
function foldersOf(name: string): string[] {
  const parts = placeOf(name).split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** SECURITY: a relative path without steps up, drive letters or control characters, whatever the browser sent. */
export function safeName(given: string): string {
  const parts = given
    .slice(0, longestName)
    .split(/[/\\]/)
    // oxlint-disable-next-line no-control-regex
    .map((part) => part.replaceAll(/[\u0000-\u001F\u007F:*?"<>|]/g, '_').slice(0, 200))
    .filter((part) => part !== '' && part !== '.' && part !== '..');
  return parts.length === 0 ? 'unnamed' : parts.slice(-20).join('/');
}

function exactly(size: number): Transform {
  let seen = 0;
  const wrong = (): FailureError => new FailureError('invalid-input', `Expected ${size} bytes of the file.`);
  return new Transform({
    transform(chunk: Buffer, _, done) {
      seen += chunk.length;
      if (seen > size) done(wrong());
      else done(null, chunk);
    },
    flush(done) {
      done(seen === size ? null : wrong());
    },
  });
}

/** Removes what hosts that were killed have left behind. */
function removeAbandoned(parent: string): void {
  mkdirSync(parent, { recursive: true, mode: folderMode });
  for (const name of readdirSync(parent)) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN;
    if (Number.isSafeInteger(pid) && pid > 0 && !isRunning(pid)) {
      rmSync(join(parent, name), { recursive: true, force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
