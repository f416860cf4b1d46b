import { type DecodeLimits, decodeLimits } from './limits.ts';

/** Bounds on what an archive may hold. What lies beyond is named and left out. */
export interface ArchiveLimits {
  readonly entries: number;
  /** Unpacked, of all members. */
  readonly bytes: number;
  /** Archives within archives: 2 is a zip in a zip. */
  readonly depth: number;
  readonly member: DecodeLimits;
}

export const archiveLimits: ArchiveLimits = {
  entries: 200_000,
  bytes: 2 ** 38,
  depth: 2,
  member: decodeLimits,
};

/** Members up to this size are handed on in memory. */
export const memberBuffer = 64 * 1024 * 1024;

/**
 * A member's name for display, joined to its archive's. Nothing is ever written under it; separators, dots and
 * control characters are cleared so that it cannot pass for another path.
 */
export function memberPath(archivePath: string, name: string): string {
  const segments = name
    .replaceAll('\\', '/')
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.' && segment !== '..');
  const clean = segments.join('/').replace(/[\p{Cc}\p{Bidi_Control}]/gu, '\ufffd');
  return `${archivePath}!${clean.slice(0, 1024)}`;
}
