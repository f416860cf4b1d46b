import type { Decision, DecisionData } from '#shared/domain/decision.ts';
import { FailureError } from '#shared/util/result.ts';
import { type WritableDb, sql } from '../connection.ts';
import { listDecisions } from '../read/decisions.ts';
import { type Custody, decisionTaken } from './custody.ts';

/**
 * Keeps a decision behind those before it. Throws kind `not-found` where it takes back one that is not there, and
 * `refused` where that is taken back already.
 */
export function decide(
  db: WritableDb,
  custody: Custody,
  { who, why, data }: { readonly who: string; readonly why: string; readonly data: DecisionData },
): Decision {
  const known = listDecisions(db);
  if (data.kind === 'undo') demandUndoable(known, data.number);
  const number = (known.at(-1)?.number ?? 0) + 1;
  const decision = { number, time: new Date().toISOString(), who, why, data };
  // As with evidence, the journal knows of it before the database does.
  custody.append([decisionTaken(decision)]);
  db.transaction(() => {
    db.prepare<[number, string, string, string, string, string, number | null]>(sql`
      insert into decision (number, time, who, why, kind, data, undoes) values (?, ?, ?, ?, ?, ?, ?)
    `).run(
      number,
      decision.time,
      who,
      why,
      data.kind,
      JSON.stringify(data),
      data.kind === 'undo' ? data.number : null,
    );
    db.prepare(sql`update state set revision = revision + 1`).run();
  }).immediate();
  custody.checkpoint();
  return { ...decision, undoneBy: null };
}

function demandUndoable(known: readonly Decision[], number: number): void {
  const found = known.find((decision) => decision.number === number);
  if (found === undefined)
    throw new FailureError('not-found', `There is no decision ${number} in this case.`);
  if (found.undoneBy === null) return;
  throw new FailureError(
    'refused',
    `Decision ${number} was taken back by decision ${found.undoneBy} already.`,
  );
}
