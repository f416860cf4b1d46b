import type { RelatedEvents } from '#shared/ipc/views.ts';
import type { EventTable } from './event-table.ts';
import { matchRows } from './match.ts';
import { eventRow } from './rows.ts';
import { positionOf, rowAt } from './time-slices.ts';

const idField = { session: 'session.id', credential: 'credential.id', subject: 'subject.id' } as const;

/**
 * The events of the same session, credential or subject as a row's: how many there are, and those around it, newest
 * first. None where the row has no such id.
 */
export function relatedRows(
  table: EventTable,
  row: number,
  by: keyof typeof idField,
  limit: number,
): RelatedEvents {
  const { values, indexes } = table.dictionary(by).field(idField[by]);
  const wanted = indexes[table.ids(by)[row] as number] as number;
  if (values[wanted] === null) return { total: 0, rows: [] };
  const lookup = Uint8Array.from(indexes, (index) => (index === wanted ? 1 : 0));
  const matches = matchRows({ kind: 'lookup', source: by, lookup }, table);
  const own = positionOf(matches, row, 0);
  const count = Math.min(limit, matches.count);
  const first = Math.max(0, Math.min(own - Math.floor((count - 1) / 2), matches.count - count));
  return {
    total: matches.count,
    rows: Array.from({ length: count }, (_, index) =>
      eventRow(table, rowAt(matches, first + count - 1 - index)),
    ),
  };
}
