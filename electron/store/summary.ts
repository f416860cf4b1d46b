import type { CaseManifest } from '#electron/platform/case-folder.ts';
import type { CaseSummary } from '#shared/ipc/views.ts';
import { type Instant, formatInstant, parseInstant } from '#shared/util/instant.ts';
import { earlier, later } from '#shared/util/instant-range.ts';
import { type ReadableDb, type WritableDb, sql } from './connection.ts';

/** What the case holds as of its last commit. `files` counts evidence that was read as a log. */
export function caseSummary(
  db: ReadableDb | WritableDb,
  manifest: CaseManifest,
  folder: string,
): CaseSummary {
  const counts = db
    .prepare<[], { revision: number; events: number; files: number; rejected: number }>(sql`
      select
        (select revision from state) as revision,
        (select coalesce(sum(count), 0) from segment) as events,
        (select count(*) from evidence where status <> 'skipped') as files,
        (select coalesce(sum(rejected), 0) from evidence) as rejected
    `)
    .get() ?? { revision: 0, events: 0, files: 0, rejected: 0 };
  const { from, to } = coveredTime(db);
  return {
    id: manifest.id,
    name: manifest.name,
    folder,
    created: manifest.created,
    schemaVersion: manifest.schemaVersion,
    events: counts.events,
    files: counts.files,
    rejected: counts.rejected,
    from: from === null ? null : formatInstant(from),
    to: to === null ? null : formatInstant(to),
    revision: counts.revision,
  };
}

/** The first and the last event of the case. */
function coveredTime(db: ReadableDb | WritableDb): { from: Instant | null; to: Instant | null } {
  let from: Instant | null = null;
  let to: Instant | null = null;
  const rows = db
    .prepare<[], { first: string; last: string }>(sql`
      select time_from as first, time_to as last from evidence where time_from is not null
    `)
    .iterate();
  for (const { first, last } of rows) {
    from = earlier(from, parseInstant(first));
    to = later(to, parseInstant(last));
  }
  return { from, to };
}
