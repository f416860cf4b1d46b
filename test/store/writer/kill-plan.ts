import type { CommitLimits } from '#electron/store/write/import-run.ts';

/** An import in a process of its own, to be killed. */
export interface KillPlan {
  readonly folder: string;
  readonly configFolder: string;
  readonly seed: number;
  /** Ends itself with SIGKILL before or after the journal is written for the n-th time. */
  readonly dieAtJournal: { readonly write: number; readonly when: 'before' | 'after' } | null;
}

export const filesToImport = [11, 12, 13].map((seed) => ({
  seed,
  path: `file-${seed}.json`,
  records: 6_000,
  ids: 12_000,
}));

/** Commits at nearly every batch. */
export const eager: CommitLimits = { events: 500, rows: 200, milliseconds: 4_000 };
