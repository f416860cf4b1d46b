import { type ReadableDb, type WritableDb, sql } from '../connection.ts';
import { type EncodedColumn, type NumberArray, decodeColumn } from './codec.ts';
import { decodeEntries } from './dictionary-part.ts';
import type { EntryClasses, classifiedDimensions } from './entry-classes.ts';
import { type RollUp, type RolledUpColumn, rollUpSegment, rolledUpColumns } from './roll-up.ts';

/** SQL of this file, for the tests of its plans. */
export const storedRollUpQueries = {
  column: sql`
    select count, encoding, base, scale, data
    from segment cross join segment_column on segment_id = segment.id where segment.id = ? and name = ?
  `,
  entries: sql`
    select first_id as firstId, data from dictionary_part where dimension = ? order by first_id
  `,
} as const;

/** Takes entries of a dictionary in; all of them where none are named. */
export function learnEntries(
  db: ReadableDb | WritableDb,
  dimension: (typeof classifiedDimensions)[number],
  wanted: ReadonlySet<number> | null,
  classes: EntryClasses,
): void {
  for (const [id, entry] of entriesOf(db, dimension, wanted)) classes.learn(dimension, id, entry);
}

/** Entries of a dictionary by id: those that are wanted, or all. */
export function* entriesOf(
  db: ReadableDb | WritableDb,
  dimension: string,
  wanted: ReadonlySet<number> | null,
): Generator<readonly [number, string]> {
  const read = db.prepare<[string], { firstId: number; data: Uint8Array }>(storedRollUpQueries.entries);
  for (const { firstId, data } of read.iterate(dimension)) {
    for (const [line, entry] of decodeEntries(data).entries()) {
      if (wanted === null || wanted.has(firstId + line)) yield [firstId + line, entry];
    }
  }
}

/**
 * Rolls a stored segment up: its first `count` events, whatever was added since, and of them those up to a time where
 * one is given. Call within a transaction.
 */
export function rollUpStored(
  db: ReadableDb | WritableDb,
  segment: { readonly id: number; readonly count: number },
  classes: EntryClasses,
  upTo: number | null = null,
): RollUp {
  const { id, count } = segment;
  const read = db.prepare<[number, string], EncodedColumn & { count: number }>(storedRollUpQueries.column);
  const columns = new Map<RolledUpColumn, NumberArray>();
  for (const name of rolledUpColumns) {
    const stored = read.get(id, name);
    if (stored === undefined) throw new RangeError(`segment ${id} has no column ${name}`);
    const values = name === 'micros' ? new Float64Array(stored.count) : new Uint32Array(stored.count);
    decodeColumn(stored, stored.count, values, 0);
    columns.set(name, values.subarray(0, count));
  }
  const column = (name: RolledUpColumn): NumberArray => columns.get(name) as NumberArray;
  if (upTo === null) return rollUpSegment({ count, column }, classes);
  const micros = column('micros');
  const kept = Uint32Array.from({ length: count }, (_, row) => row).filter(
    (row) => (micros[row] as number) <= upTo,
  );
  for (const [name, values] of columns) columns.set(name, gathered(values, kept));
  const { use, day, ...rest } = rollUpSegment({ count: kept.length, column }, classes);
  // Rows are places in the whole segment, which order events of one time.
  return {
    use: { ...use, firstRow: gathered(kept, use.firstRow) },
    day: { ...day, firstRow: gathered(kept, day.firstRow), lastRow: gathered(kept, day.lastRow) },
    ...rest,
  };
}

function gathered(values: NumberArray, rows: NumberArray): NumberArray {
  const found = values.slice(0, rows.length);
  for (let index = 0; index < rows.length; index++) found[index] = values[rows[index] as number] as number;
  return found;
}
