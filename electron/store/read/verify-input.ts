import type { EvidenceSource } from '#electron/evidence/files/read.ts';
import { type ReadableDb, sql } from '../connection.ts';
import { bundleFiles, listBundles } from './bundles.ts';
import type { CaseReader } from './case-reader.ts';
import { atOnce } from './in-steps.ts';
import type { EventPositions } from './record-check.ts';
import { SegmentSource } from './segment-source.ts';
import type { VerifyEvidence, VerifyInput } from './verify.ts';

const evidenceRows = sql`select id, path, bytes, status, sha256, encoding, location from evidence order by id`;

/** What of a case is verified: its files, and where each event says that its record lies. */
export function verifyInput({ db, paths }: CaseReader): VerifyInput {
  // First the events: what is committed in between has its file in the list then.
  const events = [positions(db)];
  return {
    evidenceFolder: paths.evidence,
    journalFolder: paths.journal,
    bundlesFolder: paths.bundles,
    bundles: listBundles(db).map((bundle) => ({ bundle, files: bundleFiles(db, bundle.id) })),
    evidence: listed(db),
    events,
  };
}

function listed(db: ReadableDb): VerifyEvidence[] {
  return db
    .prepare<[], Omit<VerifyEvidence, 'location'> & { location: string }>(evidenceRows)
    .all()
    .map((row) => ({ ...row, location: JSON.parse(row.location) as EvidenceSource['location'] }));
}

/** The positions of all events in the order of import, read from the database anew. */
function positions(db: ReadableDb): EventPositions {
  const source = new SegmentSource(db);
  return {
    count: source.count,
    evidenceIds: atOnce(source.load('evidence')),
    offsets: atOnce(source.load('offset')),
    lengths: atOnce(source.load('length')),
  };
}
