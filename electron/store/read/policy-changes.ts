import type { LoggedChanges, PolicyChange } from '#shared/domain/policy-change.ts';
import { changeReaderOf } from '#shared/policy/changes.ts';
import type { CaseReader } from './case-reader.ts';
import { timeOf } from './rows.ts';

/** Changes of policies that are read of one case; a cluster whose operators write roles all day has more. */
const mostChanges = 20_000;

/** The logged calls that changed policies of a system. Null where no log format tells any. */
export function policyChanges({ table, records, engine }: CaseReader, system: string): LoggedChanges | null {
  const reader = changeReaderOf(system);
  if (reader === undefined) return null;
  const logged = engine.matches({ query: `format:${reader.format}`, from: null, to: null });
  const [first] = engine.rows(logged, 'time', 0, 1);
  const [last] = engine.rows(logged, '-time', 0, 1);
  const matches = engine.matches({ query: reader.query, from: null, to: null });
  const changes: PolicyChange[] = [];
  for (const row of engine.rows(matches, 'time', 0, Math.min(matches.count, mostChanges))) {
    const event = records.event(table, row);
    const change = reader.read(event, records.native(table, row)?.record ?? {});
    if (change === null) continue;
    changes.push({ event: event.id, time: event.time, operation: event.operation ?? '', ...change });
  }
  return {
    changes,
    first: first === undefined ? null : timeOf(table, first),
    last: last === undefined ? null : timeOf(table, last),
    truncated: matches.count > mostChanges,
  };
}
