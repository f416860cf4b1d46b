import { join } from 'node:path';

/** The files of the custody journal in a case's journal folder. */
export interface JournalPaths {
  /** One entry a line, append-only. */
  readonly entries: string;
  /** Signed checkpoints, append-only. */
  readonly checkpoints: string;
  /** Verifier keys that checkpoints were signed with, one a line. */
  readonly keys: string;
}

export function journalPaths(folder: string): JournalPaths {
  return {
    entries: join(folder, 'custody.jsonl'),
    checkpoints: join(folder, 'custody-checkpoints.txt'),
    keys: join(folder, 'custody-keys.txt'),
  };
}
