import type { Decision, DecisionData } from '#shared/domain/decision.ts';
import { type ReadableDb, type WritableDb, sql } from '../connection.ts';

/** SQL of this file, for the tests of its plans. */
export const decisionQueries = {
  list: sql`select number, time, who, why, data, undoes from decision order by number`,
  content: sql`
    select
      (select coalesce(sum(count), 0) from segment) as events,
      (select count(*) from evidence) as files,
      (select coalesce(sum(records), 0) from evidence) as records,
      (select count(*) from directory_entry) as entries,
      (select count(*) from directory_snapshot where complete is not null) as snapshots
  `,
} as const;

interface Row extends Omit<Decision, 'data' | 'undoneBy'> {
  readonly data: string;
  readonly undoes: number | null;
}

/** Every decision, in its order. One that was taken back may have come back: the last word counts. */
export function listDecisions(db: ReadableDb | WritableDb): Decision[] {
  const rows = db.prepare<[], Row>(decisionQueries.list).all();
  const undoneBy = new Map<number, number>();
  // A decision that takes back is itself taken back by a later one: what it took back stands again.
  for (const { number, undoes } of rows.toReversed()) {
    if (undoes !== null && !undoneBy.has(number)) undoneBy.set(undoes, number);
  }
  return rows.map(({ data, undoes: _undoes, ...row }) => ({
    ...row,
    data: JSON.parse(data) as DecisionData,
    undoneBy: undoneBy.get(row.number) ?? null,
  }));
}

/** Differs where evidence was added since. */
export function contentOf(db: ReadableDb): string {
  return JSON.stringify(db.prepare(decisionQueries.content).get());
}
