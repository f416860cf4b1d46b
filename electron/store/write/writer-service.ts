import type { WriterService } from '#electron/platform/services.ts';
import type { CaseSummary } from '#shared/ipc/views.ts';
import { FailureError } from '#shared/util/result.ts';
import { storeFailure } from '../failures.ts';
import { caseSummary } from '../summary.ts';
import { addBundle } from './bundles.ts';
import { type CaseAccess, createCase, openCase } from './case-access.ts';
import { decide } from './decisions.ts';
import { type CommitLimits, ImportRun, commitLimits } from './import-run.ts';

type Input<Method extends keyof WriterService> = Parameters<WriterService[Method]>[0];

/** The writer's methods, for one case at a time and one run of import at a time. */
export function createWriterService(limits: CommitLimits = commitLimits): WriterService {
  let open: CaseAccess | null = null;
  let run: ImportRun | null = null;

  const theCase = (): CaseAccess => {
    if (open === null) throw new FailureError('no-case', 'No case is open. Create one or open one first.');
    return open;
  };
  const theRun = (runId?: number): ImportRun => {
    if (run === null || (runId !== undefined && run.id !== runId)) {
      throw new FailureError(
        'cancelled',
        'This import is over. Start it again: it continues where it stopped.',
      );
    }
    return run;
  };
  /** Ends a run whose ingest process is gone; what it brought is kept. */
  const endAbandoned = (): void => {
    const abandoned = run;
    run = null;
    if (abandoned?.usable === true) abandoned.end(true);
  };
  const close = (): void => {
    try {
      endAbandoned();
    } finally {
      open?.close();
      open = null;
    }
  };
  const take = (access: () => CaseAccess): CaseSummary => {
    close();
    open = access();
    return caseSummary(open.db, open.manifest, open.folder);
  };
  /** Errors of SQLite and the file system leave as failures with advice. */
  const advised =
    <Input extends object, Output>(method: (input: Input) => Output) =>
    (input: Input): Output => {
      const given = 'folder' in input && typeof input.folder === 'string' ? input.folder : null;
      const folder = given ?? open?.folder ?? 'the case';
      try {
        return method(input);
      } catch (thrown) {
        throw storeFailure(thrown, folder);
      }
    };

  return {
    create: advised((input: Input<'create'>) => take(() => createCase(input, input.name))),
    open: advised((input: Input<'open'>) => take(() => openCase(input))),
    beginRun: advised(({ paths }: Input<'beginRun'>) => {
      const { db, custody } = theCase();
      endAbandoned();
      run = new ImportRun(db, custody, paths, limits);
      return { runId: run.id };
    }),
    registerEvidence: advised(({ runId, file }: Input<'registerEvidence'>) => theRun(runId).register(file)),
    writeBatch: advised(({ evidenceId, batch, resumeAt }: Input<'writeBatch'>) =>
      theRun().write(evidenceId, batch, resumeAt),
    ),
    finishEvidence: advised(({ evidenceId, skipped }: Input<'finishEvidence'>) =>
      theRun().finish(evidenceId, skipped),
    ),
    skipEvidence: advised(({ runId, file, reason }: Input<'skipEvidence'>) => {
      theRun(runId).skip(file, reason);
      return null;
    }),
    finishRun: advised(({ runId, cancelled }: Input<'finishRun'>) => {
      const ending = theRun(runId);
      // Its memory is given back whether or not the last commit succeeds.
      run = null;
      return ending.end(cancelled);
    }),
    addBundle: advised((bundle: Input<'addBundle'>) => {
      const { db, custody } = theCase();
      return addBundle(db, custody, bundle);
    }),
    decide: advised((decision: Input<'decide'>) => {
      const { db, custody } = theCase();
      return decide(db, custody, decision);
    }),
    close: advised(() => {
      close();
      return null;
    }),
  };
}
