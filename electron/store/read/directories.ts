import type { DirectoryEntry, DirectoryIdentity, DirectorySnapshot } from '#shared/domain/directory.ts';
import { latest } from '#shared/util/directory-fields.ts';
import { type ReadableDb, sql } from '../connection.ts';

/** SQL of this file, for the tests of its plans. */
export const directoryQueries = {
  snapshots: sql`
    select evidence_id as evidenceId, sha256, path, directory_snapshot.format as format, imported_at as importedAt,
      taken_at as takenAt, complete, last_page as lastPage, rejected
    from directory_snapshot cross join evidence on id = evidence_id order by evidence_id
  `,
  entries: sql`select offset, length, value from directory_entry where evidence_id = ? order by number`,
} as const;

interface SnapshotRow {
  readonly evidenceId: number;
  readonly sha256: string;
  readonly path: string;
  readonly format: string;
  readonly importedAt: string;
  readonly takenAt: string | null;
  readonly complete: number | null;
  readonly lastPage: number;
  readonly rejected: number;
}

/** One export with all that it tells. */
export interface LoadedSnapshot {
  readonly snapshot: DirectorySnapshot;
  readonly entries: readonly {
    readonly offset: number;
    readonly length: number;
    readonly value: DirectoryEntry;
  }[];
}

/** Every imported export of a directory, in the order of import. */
export function loadDirectories(db: ReadableDb): LoadedSnapshot[] {
  const entriesOf = db.prepare<[number], { offset: number; length: number; value: string }>(
    directoryQueries.entries,
  );
  return db
    .prepare<[], SnapshotRow>(directoryQueries.snapshots)
    .all()
    .map(({ evidenceId, complete, lastPage, ...row }): LoadedSnapshot => {
      const entries = entriesOf.all(evidenceId).map(({ offset, length, value }) => ({
        offset,
        length,
        value: JSON.parse(value) as DirectoryEntry,
      }));
      const identities = entries.flatMap(({ value }) => (value.entry === 'identity' ? [value] : []));
      return {
        snapshot: {
          ...row,
          complete: complete === null ? null : complete === 1,
          lastPage: lastPage === 1,
          notBefore: latest(momentsOf(identities)),
          identities: identities.length,
          groups: entries.length - identities.length,
          authorities: [...new Set(identities.flatMap(({ authority }) => authority ?? []))].toSorted(),
        },
        entries,
      };
    });
}

/** Moments that had passed when the export was made. */
function* momentsOf(identities: readonly DirectoryIdentity[]): Generator<string | null> {
  for (const { created, lastUses, credentials } of identities) {
    yield created;
    for (const { at } of lastUses) yield at;
    for (const credential of credentials) {
      yield credential.created;
      yield credential.rotated;
      yield credential.lastUse?.at ?? null;
    }
  }
}
