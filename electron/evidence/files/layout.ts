import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TransportEncoding } from '#shared/domain/batch.ts';

/**
 * Where evidence lies in a case's evidence folder. A file is kept as it came under `<first two hex>/<sha256>`, or,
 * where that saves space, as zstd frames that give back the identical bytes under `<sha256>.zst` (`zstd -dc` reads
 * it). Beside it, `<sha256>.idx` may hold checkpoints for random access; it can be lost and is made again.
 */
export interface EvidencePaths {
  readonly folder: string;
  readonly original: string;
  readonly packed: string;
  readonly index: string;
}

export function evidencePaths(evidenceFolder: string, sha256: string): EvidencePaths {
  const folder = join(evidenceFolder, sha256.slice(0, 2));
  const original = join(folder, sha256);
  return { folder, original, packed: `${original}.zst`, index: `${original}.idx` };
}

/** Files that are being written lie here until they are whole. */
export function incomingFolder(evidenceFolder: string): string {
  return join(evidenceFolder, 'incoming');
}

/** Removes what a crash left half written; call only while nothing is being imported. Answers with how many. */
export function sweepTemporary(evidenceFolder: string): number {
  const folder = incomingFolder(evidenceFolder);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return 0;
  }
  for (const name of names) rmSync(join(folder, name), { force: true, recursive: true });
  return names.length;
}

/** The transport encoding by the first bytes: gzip (RFC 1952), zstd (RFC 8878), else none. */
export function sniffEncoding(head: Uint8Array): TransportEncoding {
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return 'gzip';
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd';
  return 'none';
}
