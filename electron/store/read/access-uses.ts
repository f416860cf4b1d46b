import type { AccessUse, LogReach } from '#shared/domain/usage.ts';
import type { EventTable } from './event-table.ts';
import { firstRowAt } from './kernels.ts';
import { groupRows } from './row-groups.ts';
import { outcomeOf, timeOf } from './rows.ts';

const sources = ['format', 'subject', 'operation', 'resource', 'decision'] as const;
const dayMicros = 86_400e6;

/** What was done to what by whom, up to a time, and what the logs reach. */
export function accessUses(
  table: EventTable,
  asOfMicros: number,
): { uses: AccessUse[]; reaches: LogReach[] } {
  const rows = firstRowAt(table.micros, null, { micros: asOfMicros + 1, nanos: 0 });
  const uses = new Map<string, AccessUse>();
  const actions = new Map<string, Set<string>>();
  for (const { entries, count, first, last } of groupRows(
    sources.map((name) => table.ids(name)),
    rows,
  )) {
    const [format = [], subject = [], operation = [], resource = [], decision = []] = sources.map(
      (name, index) => table.dictionary(name).tuple(entries[index] as number),
    );
    const [action, name, id] = [operation[0] ?? null, format[0] ?? '', subject[1] ?? subject[2] ?? null];
    if (action === null || id === null) continue;
    const seen = actions.get(name);
    if (seen === undefined) actions.set(name, new Set([action]));
    else seen.add(action);
    const outcome = outcomeOf(decision[0] ?? null);
    const what = typeof resource[1] === 'string' ? { type: resource[0] ?? null, id: resource[1] } : null;
    const key = JSON.stringify([name, id, action, what?.id ?? null, outcome]);
    const known = uses.get(key);
    uses.set(key, {
      format: name,
      subject: id,
      action,
      resource: what,
      outcome,
      events: count + (known?.events ?? 0),
      first: known === undefined || timeOf(table, first) < known.first ? timeOf(table, first) : known.first,
      last: known === undefined || timeOf(table, last) > known.last ? timeOf(table, last) : known.last,
    });
  }
  return { uses: [...uses.values()], reaches: reachesOf(table, rows, actions) };
}

function reachesOf(
  table: EventTable,
  rows: number,
  actions: ReadonlyMap<string, ReadonlySet<string>>,
): LogReach[] {
  const days = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    days[row] = Math.max(0, Math.floor((table.micros[row] as number) / dayMicros));
  }
  const logs = new Map<number, { first: number; last: number; days: Set<number> }>();
  for (const { entries, first, last } of groupRows([table.ids('format'), days], rows)) {
    const [format = 0, day = 0] = entries;
    const known = logs.get(format);
    if (known === undefined) logs.set(format, { first, last, days: new Set([day]) });
    else {
      known.first = Math.min(known.first, first);
      known.last = Math.max(known.last, last);
      known.days.add(day);
    }
  }
  return [...logs].map(([format, log]) => {
    const name = table.dictionary('format').tuple(format)[0] ?? '';
    const [from, to] = [table.micros[log.first] as number, table.micros[log.last] as number];
    return {
      format: name,
      from: timeOf(table, log.first),
      to: timeOf(table, log.last),
      days: Math.floor(to / dayMicros) - Math.floor(from / dayMicros) + 1,
      daysWithEvents: log.days.size,
      actions: actions.get(name) ?? new Set<string>(),
    };
  });
}
