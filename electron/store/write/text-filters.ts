import { type WritableDb, sql } from '../connection.ts';
import { textsOfPart } from '../segments/dictionary-part.ts';
import { encodeFilter, textFilter, textFilterVersion } from '../segments/text-filter.ts';

/** Shorter texts are searched as fast as filters are asked. */
const leastCharacters = 16_384;

/** Parts that are filled in with one transaction: a killed opening goes on where it was. */
const filledAtOnce = 256;

/** Writes filters of parts of dictionaries; call it within the transaction that writes the parts. */
export function textFilterWriter(
  db: WritableDb,
): (dimension: string, firstId: number, texts: Uint8Array) => void {
  const write = db.prepare<[string, number, number, Uint8Array | null]>(sql`
    insert into dictionary_filter (dimension, first_id, version, data) values (?, ?, ?, ?)
    on conflict (dimension, first_id) do update set version = excluded.version, data = excluded.data
  `);
  return (dimension, firstId, texts) => {
    const { filter, characters } = textFilter(texts);
    const data = characters < leastCharacters ? null : encodeFilter(filter);
    write.run(dimension, firstId, textFilterVersion, data);
  };
}

/** Makes the filters that are missing or of another version: of cases from before there were any. */
export function fillTextFilters(db: WritableDb): void {
  const missing = db
    .prepare<[number], { dimension: string; firstId: number }>(sql`
      select part.dimension as dimension, part.first_id as firstId from dictionary_part part
      left join dictionary_filter filter
        on filter.dimension = part.dimension and filter.first_id = part.first_id and version = ?
      where filter.dimension is null order by part.dimension, part.first_id
    `)
    .all(textFilterVersion);
  const read = db
    .prepare<[string, number], Uint8Array>(
      sql`select data from dictionary_part where dimension = ? and first_id = ?`,
    )
    .pluck();
  const writeTextFilter = textFilterWriter(db);
  for (let at = 0; at < missing.length; at += filledAtOnce) {
    db.transaction(() => {
      for (const { dimension, firstId } of missing.slice(at, at + filledAtOnce)) {
        const data = read.get(dimension, firstId);
        if (data !== undefined) writeTextFilter(dimension, firstId, textsOfPart(data));
      }
    }).immediate();
  }
}
