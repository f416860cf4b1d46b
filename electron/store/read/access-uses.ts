import { clusterResource } from '#shared/domain/cluster-resource.ts';
import { dataHolder, isDataAction } from '#shared/analysis/usage/loggable.ts';
import { isReadVerb } from '#shared/domain/usage.ts';
import type { AccessUse, LogReach } from '#shared/domain/usage.ts';
import type { EventTable } from './event-table.ts';
import { firstRowAt } from './kernels.ts';
import { groupRows } from './row-groups.ts';
import { outcomeOf, timeOf } from './rows.ts';

const sources = ['format', 'subject', 'operation', 'resource', 'decision', 'account'] as const;
const dayMicros = 86_400e6;

/** What appears in one log at all. */
interface Seen {
  readonly actions: Set<string>;
  readonly kinds: Set<string>;
}

/** What was done to what by these subjects (null: by everybody) up to a time, and what the logs reach. */
export function accessUses(
  table: EventTable,
  asOfMicros: number,
  subjects: readonly string[] | null,
): { uses: AccessUse[]; reaches: LogReach[] } {
  const rows = firstRowAt(table.micros, null, { micros: asOfMicros + 1, nanos: 0 });
  const uses = new Map<string, AccessUse>();
  const seen = new Map<string, Seen>();
  const wanted = subjects === null ? null : new Set(subjects);
  for (const { entries, count, first, last } of groupRows(
    sources.map((name) => table.ids(name)),
    rows,
  )) {
    const [format = [], subject = [], operation = [], resource = [], decision = [], account = []] =
      sources.map((name, index) => table.dictionary(name).tuple(entries[index] as number));
    const [action, name, id] = [operation[0] ?? null, format[0] ?? '', subject[1] ?? subject[2] ?? null];
    if (action === null) continue;
    const what = typeof resource[1] === 'string' ? { type: resource[0] ?? null, id: resource[1] } : null;
    note(seen, name, account[0] ?? null, action, what?.id ?? null);
    if (id === null || wanted?.has(id) === false) continue;
    const outcome = outcomeOf(decision[0] ?? null);
    const key = JSON.stringify([name, id, action, what?.id ?? null, resource[2] ?? null, outcome]);
    const known = uses.get(key);
    uses.set(key, {
      format: name,
      subject: id,
      action,
      resource: what,
      others: known?.others ?? otherResources(resource[2] ?? null, what?.id ?? null),
      outcome,
      events: count + (known?.events ?? 0),
      first: known === undefined || timeOf(table, first) < known.first ? timeOf(table, first) : known.first,
      last: known === undefined || timeOf(table, last) > known.last ? timeOf(table, last) : known.last,
    });
  }
  return { uses: [...uses.values()], reaches: reachesOf(table, rows, seen) };
}

function note(
  seen: Map<string, Seen>,
  format: string,
  account: string | null,
  action: string,
  resource: string | null,
): void {
  const key = logKey(format, account);
  const log = seen.get(key) ?? { actions: new Set(), kinds: new Set() };
  seen.set(key, log);
  log.actions.add(action);
  if (resource === null) return;
  if (format === 'aws-cloudtrail' && isDataAction(action)) log.kinds.add(`data ${dataHolder(resource)}`);
  if (format !== 'kubernetes-audit') return;
  const [, type] = clusterResource(resource).split(':');
  if (type !== undefined) log.kinds.add(`${isReadVerb(action) ? 'read' : 'write'} ${type}`);
}

function logKey(format: string, account: string | null): string {
  return JSON.stringify([format, account]);
}

/** The resources of a request beside its first. */
function otherResources(list: string | null, first: string | null): string[] {
  if (list === null) return [];
  const resources: unknown = JSON.parse(list);
  if (!Array.isArray(resources)) return [];
  return (resources as readonly { readonly id?: unknown }[]).flatMap(({ id }) =>
    typeof id === 'string' && id !== first ? [id] : [],
  );
}

function dayOf(table: EventTable, row: number): number {
  return Math.max(0, Math.floor((table.micros[row] as number) / dayMicros));
}

function reachesOf(table: EventTable, rows: number, seen: ReadonlyMap<string, Seen>): LogReach[] {
  const days = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    days[row] = dayOf(table, row);
  }
  const logs = new Map<string, { first: number; last: number; days: Set<number> }>();
  for (const { entries, first, last } of groupRows([table.ids('format'), table.ids('account'), days], rows)) {
    const [format = 0, account = 0, day = 0] = entries;
    const key = logKey(
      table.dictionary('format').tuple(format)[0] ?? '',
      table.dictionary('account').tuple(account)[0] ?? null,
    );
    const known = logs.get(key);
    if (known === undefined) logs.set(key, { first, last, days: new Set([day]) });
    else {
      known.first = Math.min(known.first, first);
      known.last = Math.max(known.last, last);
      known.days.add(day);
    }
  }
  return [...logs].map(([key, log]) => {
    const [format, account] = JSON.parse(key) as [string, string | null];
    const [first, last] = [dayOf(table, log.first), dayOf(table, log.last)];
    const all = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    return {
      format,
      account,
      from: timeOf(table, log.first),
      to: timeOf(table, log.last),
      days: all.length,
      daysWithEvents: log.days.size,
      missingDays: all.filter((day) => !log.days.has(day)),
      actions: seen.get(key)?.actions ?? new Set<string>(),
      kinds: seen.get(key)?.kinds ?? new Set<string>(),
    };
  });
}
