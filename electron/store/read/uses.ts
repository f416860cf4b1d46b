import type { LogDays, Moment, Use } from '#shared/domain/identity.ts';
import type { Column, EventTable } from './event-table.ts';
import { groupRows } from './row-groups.ts';
import { outcomeOf, principalOf, timeOf } from './rows.ts';

const sources = ['format', 'account', 'subject', 'actor', 'credential'] as const;
const dayMicros = 86_400e6;

/**
 * Who acted, for whom, with what and to what end in the first `rows` rows: every distinct combination, in the order
 * of its first event.
 */
export function uses(table: EventTable, rows: number): Use[] {
  const ends = endsOf(table);
  const columns = [...sources.map((name) => table.ids(name)), ends.column];
  return groupRows(columns, rows)
    .toSorted((one, other) => one.first - other.first)
    .map(({ entries, count, first, last }): Use => {
      const [format, account, subject, actor, credential] = sources.map((name, index) =>
        table.dictionary(name).tuple(entries[index] as number),
      );
      const { outcome, unauthenticated } = ends.values[entries[5] as number] as End;
      const [id = null, type = null] = credential ?? [];
      return {
        format: format?.[0] ?? '',
        account: account?.[0] ?? null,
        subject: principalOf(subject ?? []) ?? { type: 'unknown', id: null, name: null, account: null },
        actor: principalOf(actor ?? []),
        credential: id === null ? null : { id, type: type ?? '' },
        outcome,
        unauthenticated,
        events: count,
        first: momentOf(table, first),
        last: momentOf(table, last),
      };
    });
}

type End = Pick<Use, 'outcome' | 'unauthenticated'>;

/** The decision of each row without its words, so that a subject's many reasons make one use. */
function endsOf(table: EventTable): { values: End[]; column: Column } {
  const dictionary = table.dictionary('decision');
  const values: End[] = [];
  const numbers = new Map<string, number>();
  const numberOf = Uint32Array.from({ length: dictionary.size }, (_, entry) => {
    const [outcome = null, reason = null] = dictionary.tuple(entry);
    const end: End = { outcome: outcomeOf(outcome), unauthenticated: reason === 'authentication' };
    const key = JSON.stringify(end);
    let number = numbers.get(key);
    if (number === undefined) {
      number = values.push(end) - 1;
      numbers.set(key, number);
    }
    return number;
  });
  const decisions = table.ids('decision');
  const column = new Uint8Array(table.count);
  for (let row = 0; row < column.length; row++) column[row] = numberOf[decisions[row] as number] as number;
  return { values, column };
}

/** On which days each log has events in the first `rows` rows: a log is a format in one account. */
export function logDays(table: EventTable, rows: number): LogDays[] {
  const days = new Uint32Array(rows);
  for (let row = 0; row < days.length; row++) {
    days[row] = Math.max(0, Math.floor((table.micros[row] as number) / dayMicros));
  }
  const logs = new Map<
    string,
    { format: string; account: string | null; from: number; to: number; days: number[] }
  >();
  for (const { entries, first, last } of groupRows([table.ids('format'), table.ids('account'), days], rows)) {
    const [format = 0, account = 0, day = 0] = entries;
    const key = `${format},${account}`;
    const known = logs.get(key);
    if (known === undefined) {
      logs.set(key, {
        format: table.dictionary('format').tuple(format)[0] ?? '',
        account: table.dictionary('account').tuple(account)[0] ?? null,
        from: first,
        to: last,
        days: [day],
      });
    } else {
      known.from = Math.min(known.from, first);
      known.to = Math.max(known.to, last);
      known.days.push(day);
    }
  }
  return [...logs.values()].map(({ from, to, ...log }) => ({
    ...log,
    days: log.days.toSorted((one, other) => one - other),
    from: momentOf(table, from),
    to: momentOf(table, to),
  }));
}

function momentOf(table: EventTable, row: number): Moment {
  return { micros: table.micros[row] as number, text: timeOf(table, row) };
}
