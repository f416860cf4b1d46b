import type { RecordSyntax } from '#shared/domain/batch.ts';
import type { DateOrder } from '#shared/domain/format.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import { RecordSplitter } from '#electron/evidence/records/splitter.ts';

const slashed = /^(\d{1,2})[/.](\d{1,2})[/.]\d{4}\b/;

/** What the dates of some rows tell: the order, or that there are such dates and none settles it. */
function orderIn(rows: Iterable<JsonObject>): DateOrder | 'unsettled' | 'no-dates' {
  let found: 'unsettled' | 'no-dates' = 'no-dates';
  for (const row of rows) {
    for (const cell of Object.values(row)) {
      const match = typeof cell === 'string' ? slashed.exec(cell) : null;
      if (match === null) continue;
      if (Number(match[1]) > 12) return 'day-first';
      if (Number(match[2]) > 12) return 'month-first';
      found = 'unsettled';
    }
  }
  return found;
}

/**
 * Settles the order of day and month of a table by the first date that has a number above 12. All of the file is
 * looked at, and only where its first rows (`head`) have dates with slashes that leave it open.
 */
export function settleDateOrder(
  syntax: RecordSyntax,
  markLength: number,
  head: readonly JsonObject[],
  read: () => Iterable<Uint8Array>,
): RecordSyntax {
  if (syntax.kind !== 'table') return syntax;
  const first = orderIn(head);
  if (first === 'no-dates') return syntax;
  const order = first === 'unsettled' ? orderIn(rowsOf(syntax, markLength, read())) : first;
  return order === 'day-first' || order === 'month-first' ? { ...syntax, dateOrder: order } : syntax;
}

function* rowsOf(
  syntax: RecordSyntax,
  markLength: number,
  chunks: Iterable<Uint8Array>,
): Generator<JsonObject> {
  const splitter = new RecordSplitter(syntax, markLength, new Set());
  for (const chunk of chunks) {
    for (const slice of splitter.push(chunk)) if (slice.kind === 'record') yield slice.record;
  }
  for (const slice of splitter.end()) if (slice.kind === 'record') yield slice.record;
}
