import { type WritableDb, sql } from '../connection.ts';
import { EntryClasses } from '../segments/entry-classes.ts';
import { type RollUp, longLived, rollUpVersion } from '../segments/roll-up.ts';
import { partsOf } from '../segments/roll-up-parts.ts';
import { learnEntries, rollUpStored } from '../segments/stored-roll-up.ts';

/** Segments that are filled in with one transaction: a killed opening goes on where it was. */
const filledAtOnce = 16;

/** Writes the roll-up of a segment of so many events; call within the transaction that writes the segment. */
export function writeRollUp(
  db: WritableDb,
  segmentId: number,
  count: number,
  rollUp: RollUp,
  { credentials }: EntryClasses,
): void {
  db.prepare<[number, number, number]>(sql`
    insert into roll_up (segment_id, version, count) values (?, ?, ?)
    on conflict (segment_id) do update set version = excluded.version, count = excluded.count
  `).run(segmentId, rollUpVersion, count);
  db.prepare<[number]>(sql`delete from roll_up_column where segment_id = ?`).run(segmentId);
  const write = db.prepare<[number, string, number, string, number, number, Uint8Array]>(sql`
    insert into roll_up_column (segment_id, name, length, encoding, base, scale, data)
    values (?, ?, ?, ?, ?, ?, ?)
  `);
  for (const { name, length, encoding, base, scale, data } of partsOf(rollUp)) {
    write.run(segmentId, name, length, encoding, base, scale, data);
  }
  const keep = db.prepare<[number, string]>(
    sql`insert into roll_up_credential (id, value) values (?, ?) on conflict (id) do nothing`,
  );
  for (const entry of longLived(rollUp)) {
    const text = credentials.get(entry);
    if (text !== undefined) keep.run(entry, text);
  }
}

/** Makes the roll-ups that are missing or of another version: of cases from before there were any. */
export function fillRollUps(db: WritableDb): void {
  const missing = db
    .prepare<[number], { id: number; count: number }>(sql`
      select segment.id as id, segment.count as count from segment
      left join roll_up on segment_id = segment.id and roll_up.count = segment.count and version = ?
      where segment_id is null order by segment.id
    `)
    .all(rollUpVersion);
  if (missing.length === 0) return;
  const classes = new EntryClasses();
  learnEntries(db, 'decision', null, classes);
  learnEntries(db, 'credential', null, classes);
  for (let at = 0; at < missing.length; at += filledAtOnce) {
    db.transaction(() => {
      for (const segment of missing.slice(at, at + filledAtOnce)) {
        writeRollUp(db, segment.id, segment.count, rollUpStored(db, segment, classes), classes);
      }
    }).immediate();
  }
}
