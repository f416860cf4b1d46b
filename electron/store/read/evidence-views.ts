import type { EvidenceItem, RejectedItem } from '#shared/ipc/views.ts';
import { type ReadableDb, sql } from '../connection.ts';

/** SQL of this file, for the tests of its plans. Rejected records are never deleted: the n-th has the id n. */
export const evidenceQueries = {
  list: sql`
    select
      id, sha256, path, format, encoding, bytes, location, status, reason, records, events, duplicates, rejected,
      time_from as "from", time_to as "to", imported_at as importedAt
    from evidence order by id
  `,
  leftOut: sql`
    select evidence_id as evidenceId, reason, records from skipped order by evidence_id, reason
  `,
  rejectedCount: sql`select coalesce(sum(rejected), 0) as total from evidence`,
  rejectedPage: sql`
    select evidence.path as path, evidence.sha256 as sha256, offset, length, rejected.reason as reason, excerpt
    from rejected cross join evidence on evidence.id = evidence_id
    where rejected.id > ? order by rejected.id limit ?
  `,
  rejectedCountOf: sql`
    select coalesce(sum(rejected), 0) as total from evidence where sha256 = ?
  `,
  rejectedPageOf: sql`
    select evidence.path as path, evidence.sha256 as sha256, offset, length, rejected.reason as reason, excerpt
    from evidence cross join rejected on evidence_id = evidence.id
    where evidence.sha256 = ? order by offset limit ? offset ?
  `,
} as const;

/** Every file of the case in the order of import, those that were skipped too. */
export function listEvidence(db: ReadableDb): EvidenceItem[] {
  const leftOut = Map.groupBy(
    db.prepare<[], LeftOutRow>(evidenceQueries.leftOut).all(),
    ({ evidenceId }) => evidenceId,
  );
  return db
    .prepare<[], Omit<EvidenceItem, 'parent' | 'leftOut'> & { id: number; location: string }>(
      evidenceQueries.list,
    )
    .all()
    .map(({ id, location, ...item }) => ({
      ...item,
      parent: parentOf(location),
      leftOut: (leftOut.get(id) ?? []).map(({ reason, records }) => ({ reason, records })),
    }));
}

interface LeftOutRow {
  readonly evidenceId: number;
  readonly reason: string;
  readonly records: number;
}

/** The archive that a file is a member of. */
function parentOf(location: string): string | null {
  const { parent } = JSON.parse(location) as { readonly parent?: unknown };
  return typeof parent === 'string' ? parent : null;
}

/** Rejected records, of one file in the order of their offsets, else in the order in which they were found. */
export function rejectedRecords(
  db: ReadableDb,
  {
    sha256,
    offset,
    limit,
  }: { readonly sha256: string | null; readonly offset: number; readonly limit: number },
): { total: number; rows: RejectedItem[] } {
  if (sha256 === null) {
    const total = db.prepare<[], { total: number }>(evidenceQueries.rejectedCount).get()?.total ?? 0;
    const rows = db.prepare<[number, number], RejectedItem>(evidenceQueries.rejectedPage).all(offset, limit);
    return { total, rows };
  }
  const total =
    db.prepare<[string], { total: number }>(evidenceQueries.rejectedCountOf).get(sha256)?.total ?? 0;
  const rows = db
    .prepare<[string, number, number], RejectedItem>(evidenceQueries.rejectedPageOf)
    .all(sha256, limit, offset);
  return { total, rows };
}
