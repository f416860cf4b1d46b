import Database from 'better-sqlite3';
import { caseFolder } from '#electron/platform/case-folder.ts';
import { decodeEntries } from '#electron/store/segments/dictionary-part.ts';
import { decodeColumn } from '#electron/store/segments/codec.ts';
import { segmentColumns } from '#electron/store/segments/columns.ts';
import { dimensionNames } from '#shared/domain/dimensions.ts';

/** Everything that an import leaves in a case, but for the runs and the clock. */
export interface CaseContent {
  readonly events: readonly Readonly<Record<string, number | string>>[];
  readonly dictionaries: readonly (readonly [string, readonly string[]])[];
  readonly evidence: readonly Readonly<Record<string, unknown>>[];
  readonly rejected: readonly unknown[];
  readonly skipped: readonly unknown[];
  readonly segments: readonly Segment[];
  readonly rollUps: readonly unknown[];
}

interface Segment {
  readonly id: number;
  readonly first: number;
  readonly count: number;
  readonly min: number;
  readonly max: number;
}

export function readContent(folder: string): CaseContent {
  const db = new Database(caseFolder(folder).database, { readonly: true });
  try {
    const all = (text: string): Record<string, unknown>[] => db.prepare(text).all() as never;
    return {
      events: readEvents(db),
      dictionaries: dimensionNames.map((name) => [name, dictionaryOf(db, name)]),
      evidence: all(
        'select id, sha256, path, bytes, format, status, reason, resume_at, records, events, duplicates, rejected, time_from, time_to from evidence order by id',
      ),
      rejected: all('select evidence_id, offset, length, reason, excerpt from rejected order by id'),
      skipped: all('select * from skipped order by evidence_id, reason'),
      segments: segmentsOf(db),
      rollUps: all(`
        select segment_id, count, name, length, encoding, base, scale, hex(data) as data
        from roll_up join roll_up_column using (segment_id) order by segment_id, name
      `),
    };
  } finally {
    db.close();
  }
}

export function readSegments(folder: string): readonly Segment[] {
  const db = new Database(caseFolder(folder).database, { readonly: true });
  try {
    return segmentsOf(db);
  } finally {
    db.close();
  }
}

function segmentsOf(db: Database.Database): Segment[] {
  return db
    .prepare(
      'select id, first_ordinal as first, count, time_min as min, time_max as max from segment order by id',
    )
    .all() as Segment[];
}

/** A dictionary's entries by id, whatever the commits that they came in. */
function dictionaryOf(db: Database.Database, name: string): string[] {
  const parts = db
    .prepare('select first_id as firstId, data from dictionary_part where dimension = ? order by first_id')
    .all(name) as { firstId: number; data: Uint8Array }[];
  return parts.flatMap(({ firstId, data }, index) => {
    if (index === 0 && firstId !== 0) throw new Error(`${name} starts at ${firstId}`);
    return decodeEntries(data);
  });
}

/** The events in the order of import, with the values of their dimensions for the ids. */
function readEvents(db: Database.Database): CaseContent['events'] {
  const events: Record<string, number | string>[] = [];
  const segments = db.prepare('select id, count from segment order by id').all() as {
    id: number;
    count: number;
  }[];
  const dictionaries = new Map(dimensionNames.map((name) => [`dimension:${name}`, dictionaryOf(db, name)]));
  const read = db.prepare('select * from segment_column where segment_id = ? and name = ?');
  for (const { id, count } of segments) {
    const rows = Array.from({ length: count }, (): Record<string, number | string> => ({}));
    for (const name of segmentColumns) {
      const column = new Float64Array(count);
      decodeColumn(read.get(id, name) as never, count, column, 0);
      const values = dictionaries.get(name);
      for (const [index, row] of rows.entries()) {
        row[name] = values === undefined ? column[index]! : values[column[index]!]!;
      }
    }
    for (const row of rows) events.push(row);
  }
  return events;
}
