import { inventory } from '#shared/analysis/identities/inventory.ts';
import type { Identity, IdentityOrder, LogDays, Moment, Use } from '#shared/domain/identity.ts';
import type { OutputOf, ParsedInputOf } from '#shared/ipc/contract.ts';
import { parseTimeSpan } from '#shared/query/time-span.ts';
import { FailureError } from '#shared/util/result.ts';
import { formatInstant } from '#shared/util/instant.ts';
import type { EventTable } from './event-table.ts';
import { firstRowAt } from './kernels.ts';
import { timeOf } from './rows.ts';
import { logDays, uses } from './uses.ts';

interface RollUp {
  readonly rows: number;
  readonly uses: readonly Use[];
  readonly logs: readonly LogDays[];
}

/** A roll-up costs a pass over the events: the last one is kept as long as the table is. */
const rolledUp = new WeakMap<EventTable, RollUp>();

/** Identities by id, judged at the reference time. Throws kind `invalid-input` where that is no time. */
export function listIdentities(
  table: EventTable,
  input: ParsedInputOf<'identities.list'>,
): OutputOf<'identities.list'> {
  const asOf = referenceTime(table, input.asOf);
  if (asOf === null) return { asOf: null, total: 0, rows: [] };
  // What happened later is not known at the reference time.
  const { uses: found, logs } = rollUp(
    table,
    firstRowAt(table.micros, null, { micros: asOf.micros + 1, nanos: 0 }),
  );
  const text = input.text.toLowerCase();
  const rows = inventory(found, logs, { asOf, dormantAfterDays: input.dormantAfterDays })
    .filter(
      (identity) =>
        (input.dormancy === null || identity.dormancy === input.dormancy) &&
        (input.id === null || identity.id === input.id) &&
        holds(identity, text),
    )
    .toSorted(inOrder(input.sort));
  return { asOf: asOf.text, total: rows.length, rows: rows.slice(input.offset, input.offset + input.limit) };
}

function rollUp(table: EventTable, rows: number): RollUp {
  const kept = rolledUp.get(table);
  if (kept?.rows === rows) return kept;
  const made = { rows, uses: uses(table, rows), logs: logDays(table, rows) };
  rolledUp.set(table, made);
  return made;
}

/**
 * The end of the evidence unless the analyst named another time; null where there is no evidence. Throws kind
 * `invalid-input` where it is no time.
 */
export function referenceTime(table: EventTable, asOf: string | null): Moment | null {
  if (asOf === null) {
    const last = table.count - 1;
    return last < 0 ? null : { micros: table.micros[last] as number, text: timeOf(table, last) };
  }
  const span = parseTimeSpan(asOf);
  if (span === null) {
    throw new FailureError(
      'invalid-input',
      `“${asOf}” is no time. Write 2026-05-01T10:30:00Z or 2026-05-01.`,
    );
  }
  // Of a day or an hour its end, of an instant the instant.
  const isInstant = span.to.micros - span.from.micros <= 1e6;
  const instant = isInstant ? span.from : span.to;
  return {
    micros: instant.micros,
    text: formatInstant({ ...instant, digits: instant.micros % 1e6 === 0 ? 0 : 6 }),
  };
}

function holds({ id, name, account }: Identity, text: string): boolean {
  return text === '' || [id, name, account].some((value) => value?.toLowerCase().includes(text));
}

/** Equal ones stay in the order of their ids. */
function inOrder(order: IdentityOrder): (one: Identity, other: Identity) => number {
  const descending = order.startsWith('-');
  const field = order.replace('-', '') as 'id' | 'firstSeen' | 'lastSeen' | 'events' | 'denied';
  return (one, other) => {
    const [left, right] = [one[field], other[field]];
    if (left === right) return 0;
    if (left === null || right === null) return left === null ? 1 : -1;
    return left < right === descending ? 1 : -1;
  };
}
