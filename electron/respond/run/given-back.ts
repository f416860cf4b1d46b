import type { JournalRecord } from '#shared/respond/record.ts';
import { type GivenBack, foldRun } from '#shared/respond/run.ts';

/** What is asked of a journal, whether it is read only or appended to. */
interface Records {
  /** Runs that give back what this one took, oldest first. */
  restoresOf(run: string): string[];
  records(run: string): JournalRecord[];
}

interface Returned extends GivenBack {
  /** Groups of the plan that have something back now, and not all of it taken away again. */
  readonly groups: ReadonlySet<string>;
  /** Numbers of the restore's start and of its first intent that gave something back. */
  readonly start: number;
  readonly intent: number;
}

/**
 * Since when a run's targets have been given access back on purpose; null where nothing was. A restore that was not
 * allowed to, or has sent nothing, gives nothing back.
 */
export function givenBack(journal: Records, run: string): Returned | null {
  const groups = new Set<string>();
  let first: Omit<Returned, 'groups'> | null = null;
  for (const name of journal.restoresOf(run)) {
    const records = journal.records(name);
    const start = records.find(({ kind }) => kind === 'run-started');
    const restore = foldRun(records);
    if (restore === null || start === undefined) continue;
    for (const { ours, open, state, requested, reapplied, action } of restore.actions) {
      const mayHave = ours !== 'no' || open !== null || state === 'ambiguous';
      if (!mayHave || requested === null) continue;
      if (!reapplied) groups.add(action.group);
      if (first !== null && first.intent <= requested.record) continue;
      const { id: plan } = restore.plan;
      first = {
        run: name,
        plan,
        planHash: restore.hash,
        at: requested.at,
        start: start.seq,
        intent: requested.record,
      };
    }
  }
  return first === null ? null : { ...first, groups };
}
