import { join } from 'node:path';
import { type ChainReport, type ChainRow, verifyChain } from '../verify/chain.ts';
import { type JournalDatabase, openForReading } from './database.ts';
import { JournalHeads } from './heads.ts';

/** Verifies the action journal in a folder, also against what this workstation remembers of it. */
export function verifyActionJournal(folder: string, configFolder: string): ChainReport {
  const db = openForReading(join(folder, 'actions.db'));
  try {
    const meta = db.prepare<[], { key: string; value: string }>('select key, value from meta').all();
    const id = meta.find(({ key }) => key === 'id')?.value ?? '';
    const head = new JournalHeads(configFolder).get(id);
    const report = verifyChain({
      rows: db
        .prepare<[], ChainRow>('select seq, line, body, run, action, kind from record order by seq')
        .iterate(),
      notes: db
        .prepare<[], { note: string }>('select note from checkpoint order by id')
        .all()
        .map(({ note }) => note),
      keys: meta.filter(({ key }) => key.startsWith('key ')).map(({ value }) => value),
      head,
    });
    const lost = lostNonces(db);
    if (lost === 0) return report;
    const problem = `${lost} used approvals are no longer known as used`;
    return { ...report, ok: false, problems: [...report.problems, problem] };
  } finally {
    db.close();
  }
}

/** Every approval that a record says was used must still be known as used, else it could be used again. */
function lostNonces(db: JournalDatabase): number {
  const row = db
    .prepare<[], { lost: number }>(
      `select count(*) as lost from record, json_each(record.body, '$.nonces') as word
       where kind in ('run-started', 'resumed', 'countersigned') and word.value not in (select nonce from nonce)`,
    )
    .get();
  return row?.lost ?? 0;
}
