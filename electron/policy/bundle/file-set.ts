import type { BundleProblem, PolicyFile } from '#shared/domain/policy-system.ts';
import { FailureError } from '#shared/util/result.ts';
import type { BundleLimits } from './limits.ts';

const byteOrderMark = '\u{FEFF}';
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const decoder16 = new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true });

/** Files of a bundle as they are found, within the limits. */
export class FileSet {
  readonly problems: BundleProblem[] = [];
  readonly #files = new Map<string, PolicyFile>();
  readonly #limits: BundleLimits;
  #bytes = 0;

  constructor(limits: BundleLimits) {
    this.#limits = limits;
  }

  /** Bytes that the next file may have at most. */
  get room(): number {
    return Math.min(this.#limits.fileBytes, this.#limits.bytes - this.#bytes);
  }

  /** Throws kind `unusable` where the bundle is over its limits before the file is read. */
  expect(path: string, bytes: number): void {
    if (this.#files.size >= this.#limits.files) {
      throw tooLarge(`it holds more than ${this.#limits.files} files`);
    }
    if (bytes > this.room) throw tooLarge(`${path} has ${bytes} bytes, and only ${this.room} more fit`);
  }

  add(path: string, bytes: Uint8Array): void {
    this.expect(path, bytes.length);
    if (this.#files.has(path)) {
      this.leaveOut(path, 'The bundle holds this path twice; the first is used.');
      return;
    }
    this.#bytes += bytes.length;
    this.#files.set(path, { path, text: textOf(bytes), bytes });
  }

  leaveOut(path: string, message: string): void {
    this.problems.push({ severity: 'warning', path, locator: '', message });
  }

  /** Sorted by path, by code unit: the same on every system. */
  sorted(): PolicyFile[] {
    return [...this.#files.values()].toSorted(({ path: first }, { path: second }) =>
      first < second ? -1 : first > second ? 1 : 0,
    );
  }
}

export function tooLarge(why: string): FailureError {
  return new FailureError('unusable', `The bundle is too large: ${why}.`);
}

/**
 * The text of a file; null where it is neither UTF-8 nor UTF-16 with its byte order mark, as PowerShell writes what it
 * redirects. The mark is taken off.
 */
export function textOf(bytes: Uint8Array): string | null {
  try {
    const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
    const text = (isUtf16 ? decoder16 : decoder).decode(bytes);
    return text.startsWith(byteOrderMark) ? text.slice(1) : text;
  } catch {
    return null;
  }
}

/**
 * SECURITY: a name within an archive as a path within the bundle, or null where it is absolute, has a drive, or
 * climbs out. Nothing is written under it; the refusal keeps one file from passing for another.
 */
export function safePath(name: string): string | null {
  const path = name.replaceAll('\\', '/');
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path) || path.includes('\0')) return null;
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.length === 0 || segments.includes('..')) return null;
  return segments.join('/');
}
