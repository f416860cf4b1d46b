import type { EventRow } from '#shared/ipc/views.ts';
import type { EventTable } from './event-table.ts';
import { matchRows } from './match.ts';
import { eventRow } from './rows.ts';
import { rowAt } from './time-slices.ts';

const idField = { session: 'session.id', credential: 'credential.id', subject: 'subject.id' } as const;

/** The newest events of the same session, credential or subject as a row's; none where the row has no such id. */
export function relatedRows(
  table: EventTable,
  row: number,
  by: keyof typeof idField,
  limit: number,
): EventRow[] {
  const { values, indexes } = table.dictionary(by).field(idField[by]);
  const wanted = indexes[table.ids(by)[row] as number] as number;
  if (values[wanted] === null) return [];
  const lookup = Uint8Array.from(indexes, (index) => (index === wanted ? 1 : 0));
  const matches = matchRows({ kind: 'lookup', source: by, lookup }, table);
  return Array.from({ length: Math.min(limit, matches.count) }, (_, index) =>
    eventRow(table, rowAt(matches, matches.count - 1 - index)),
  );
}
