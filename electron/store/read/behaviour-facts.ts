import { networkOf, programOf } from '#shared/analysis/behaviour/features.ts';
import type {
  BehaviourDay,
  BehaviourFacts,
  BehaviourFeature,
  BehaviourTurn,
  FeatureKind,
} from '#shared/domain/behaviour.ts';
import { clusterResource } from '#shared/domain/cluster-resource.ts';
import type { DimensionName } from '#shared/domain/dimensions.ts';
import type { EventTable } from './event-table.ts';
import { firstRowAt } from './kernels.ts';
import { groupRows } from './row-groups.ts';
import { idOf, outcomeOf, principalOf, timeOf } from './rows.ts';

const dayMicros = 86_400e6;

/** What everybody did on which day, and was first seen with, up to a time. */
export function behaviourFacts(table: EventTable, asOf: { micros: number; text: string }): BehaviourFacts {
  const rows = firstRowAt(table.micros, null, { micros: asOf.micros + 1, nanos: 0 });
  return {
    asOf: asOf.text,
    subjects: subjectsOf(table, rows),
    features: [
      ...features(table, rows, 'action', ['operation'], ([operation]) => operation?.[0] ?? null),
      ...features(table, rows, 'address', ['ip'], ([ip]) =>
        typeof ip?.[0] === 'string' ? networkOf(ip[0]) : null,
      ),
      ...features(table, rows, 'user-agent', ['userAgent'], ([agent]) =>
        typeof agent?.[0] === 'string' ? programOf(agent[0]) : null,
      ),
      ...features(table, rows, 'scope', ['format', 'account', 'region', 'resource'], scopeOf),
    ],
    days: daysOf(table, rows),
    turns: turnsOf(table, rows),
    logs: logsOf(table, rows),
  };
}

type Tuple = readonly (string | null)[];

/** The namespace of a cluster; elsewhere account and region. */
function scopeOf([format, account, region, resource]: readonly Tuple[]): string | null {
  if (format?.[0] === 'kubernetes-audit') {
    const id = resource?.[1];
    if (typeof id !== 'string') return null;
    const path = clusterResource(id);
    return path.startsWith('url:') ? null : `namespace ${path.slice(0, path.indexOf(':'))}`;
  }
  const parts = [account?.[0], region?.[0]].filter((part) => typeof part === 'string');
  return parts.length === 0 ? null : parts.join(' ');
}

function subjectOf(table: EventTable, entry: number): string | null {
  const subject = principalOf(table.dictionary('subject').tuple(entry));
  return subject?.id ?? subject?.name ?? null;
}

function dayOf(table: EventTable, row: number): number {
  return Math.max(0, Math.floor((table.micros[row] as number) / dayMicros));
}

function subjectsOf(table: EventTable, rows: number): BehaviourFacts['subjects'] {
  const found = new Map<string, BehaviourFacts['subjects'][number]>();
  for (const { entries } of groupRows([table.ids('subject'), table.ids('format')], rows)) {
    const subject = principalOf(table.dictionary('subject').tuple(entries[0] as number));
    const id = subject?.id ?? subject?.name ?? null;
    if (subject === null || id === null || found.has(id)) continue;
    const format = table.dictionary('format').tuple(entries[1] as number)[0] ?? '';
    found.set(id, { id, type: subject.type, account: subject.account, format });
  }
  return [...found.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

function features(
  table: EventTable,
  rows: number,
  kind: FeatureKind,
  names: readonly DimensionName[],
  valueOf: (tuples: readonly Tuple[]) => string | null,
): BehaviourFeature[] {
  const found = new Map<string, { subject: string; value: string; events: number; row: number }>();
  const columns = [table.ids('subject'), ...names.map((name) => table.ids(name))];
  for (const { entries, count, first } of groupRows(columns, rows)) {
    const subject = subjectOf(table, entries[0] as number);
    const value = valueOf(
      names.map((name, index) => table.dictionary(name).tuple(entries[index + 1] as number)),
    );
    if (subject === null || value === null) continue;
    const key = JSON.stringify([subject, value]);
    const known = found.get(key);
    if (known === undefined) found.set(key, { subject, value, events: count, row: first });
    else {
      known.events += count;
      known.row = Math.min(known.row, first);
    }
  }
  return [...found.values()].map(({ subject, value, events, row }) => ({
    kind,
    subject,
    value,
    events,
    firstDay: dayOf(table, row),
    first: timeOf(table, row),
    firstEvent: idOf(table, row),
  }));
}

function daysOf(table: EventTable, rows: number): BehaviourDay[] {
  const days = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) days[row] = dayOf(table, row);
  const found = new Map<
    string,
    { subject: string; day: number; allowed: number; denied: number; row: number; denial: number | null }
  >();
  for (const { entries, count, first } of groupRows(
    [table.ids('subject'), days, table.ids('decision')],
    rows,
  )) {
    const [entry = 0, day = 0, decision = 0] = entries;
    const subject = subjectOf(table, entry);
    if (subject === null) continue;
    const outcome = outcomeOf(table.dictionary('decision').tuple(decision)[0] ?? null);
    const key = JSON.stringify([subject, day]);
    const known = found.get(key) ?? { subject, day, allowed: 0, denied: 0, row: first, denial: null };
    found.set(key, known);
    known.row = Math.min(known.row, first);
    if (outcome === 'allow') known.allowed += count;
    if (outcome !== 'deny') continue;
    known.denied += count;
    known.denial = Math.min(known.denial ?? first, first);
  }
  return [...found.values()].map(({ subject, day, allowed, denied, row, denial }) => ({
    subject,
    day,
    allowed,
    denied,
    firstEvent: idOf(table, row),
    firstDenied: denial === null ? null : idOf(table, denial),
  }));
}

/** Actions that a subject was denied before it was ever allowed them. */
function turnsOf(table: EventTable, rows: number): BehaviourTurn[] {
  const found = new Map<
    string,
    { subject: string; action: string; denied: number; allowed: number; denial: number; allowance: number }
  >();
  const columns = [table.ids('subject'), table.ids('operation'), table.ids('decision')];
  for (const { entries, count, first } of groupRows(columns, rows)) {
    const subject = subjectOf(table, entries[0] as number);
    const action = table.dictionary('operation').tuple(entries[1] as number)[0] ?? null;
    const outcome = outcomeOf(table.dictionary('decision').tuple(entries[2] as number)[0] ?? null);
    if (subject === null || action === null || (outcome !== 'allow' && outcome !== 'deny')) continue;
    const key = JSON.stringify([subject, action]);
    const known = found.get(key) ?? { subject, action, denied: 0, allowed: 0, denial: rows, allowance: rows };
    found.set(key, known);
    if (outcome === 'deny') {
      known.denied += count;
      known.denial = Math.min(known.denial, first);
    } else {
      known.allowed += count;
      known.allowance = Math.min(known.allowance, first);
    }
  }
  return [...found.values()].flatMap(({ subject, action, denied, allowed, denial, allowance }) =>
    denial >= allowance || allowance === rows
      ? []
      : [
          {
            subject,
            action,
            denied,
            allowed,
            firstDenied: timeOf(table, denial),
            firstDeniedDay: dayOf(table, denial),
            firstAllowed: timeOf(table, allowance),
            events: [idOf(table, denial), idOf(table, allowance)] as const,
          },
        ],
  );
}

function logsOf(table: EventTable, rows: number): BehaviourFacts['logs'] {
  const days = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) days[row] = dayOf(table, row);
  const logs = new Map<string, Set<number>>();
  for (const { entries } of groupRows([table.ids('format'), days], rows)) {
    const format = table.dictionary('format').tuple(entries[0] as number)[0] ?? '';
    const known = logs.get(format);
    if (known === undefined) logs.set(format, new Set([entries[1] as number]));
    else known.add(entries[1] as number);
  }
  return [...logs].map(([format, seen]) => ({
    format,
    days: [...seen].toSorted((one, other) => one - other),
  }));
}
