import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RespondCase, RespondService } from '#electron/platform/respond-service.ts';
import type { MethodContext } from '#electron/platform/rpc.ts';
import type { RunProgress, RunStatus } from '#shared/ipc/respond-views.ts';
import type { Roster } from '#shared/respond/approval.ts';
import type { PlanDocument } from '#shared/respond/plan.ts';
import { type RunView, foldRun } from '#shared/respond/run.ts';
import { FailureError } from '#shared/util/result.ts';
import { digestOf, sha256 } from '../canonical.ts';
import { writeDurably } from '../files.ts';
import { verifyActionJournal } from '../journal/verify-journal.ts';
import { dryRun } from '../run/dry-run.ts';
import { execute, resume, verifyRun } from '../run/engine.ts';
import { changedTargets } from '../run/preflight.ts';
import { givenBack } from '../run/given-back.ts';
import { issueReceipt } from '../receipt/issue.ts';
import { witnessNeeds } from '../receipt/needs.ts';
import type { GivenBack } from '#shared/respond/run.ts';
import { summarize } from '#shared/respond/run-summary.ts';
import type { EngineTools } from '../run/context.ts';
import { checkReceipt } from '../verify/receipt.ts';
import { refuseAlone } from '../approval/authority.ts';
import { authorityFor, emergencyBy, runsOf } from './right.ts';
import { statusOf } from './run-status.ts';
import { type Workplace, caseFolderOf } from './workplace.ts';

type RunMethod =
  | 'dryRun'
  | 'execute'
  | 'stop'
  | 'runs'
  | 'status'
  | 'resume'
  | 'verify'
  | 'caseOf'
  | 'receiptNeeds'
  | 'receipt'
  | 'checkReceipt'
  | 'verifyJournals';

export function runMethods(workplace: () => Workplace): Pick<RespondService, RunMethod> {
  const status = (view: RunView, open: RespondCase | null): RunStatus => {
    const place = workplace();
    const back = place.reading(place.folderOfRun(view.run, open), (reader) => givenBack(reader, view.run));
    return statusOf(view, place.roster(), back);
  };
  return {
    dryRun: async ({ plan, case: open }, { signal }) => {
      const place = workplace();
      const document = place.load(plan, open);
      const folder = place.journalFolder(open, document.plan.journal);
      return place.withTools(
        folder,
        () => undefined,
        signal,
        (tools) => dryRun(document, tools),
      );
    },
    execute: async (input, context) => {
      const place = workplace();
      const document = place.load(input.plan, input.case);
      if (input.hash !== null && input.hash !== document.hash) {
        throw new FailureError('refused', 'The plan is not the one that was shown. Look at it again.');
      }
      const folder = place.journalFolder(input.case, document.plan.journal);
      if (input.emergency !== null) refuseAlone(document.plan);
      const emergency =
        input.emergency === null
          ? null
          : emergencyBy(place, input.emergency.reason, input.key, input.passphrase);
      const authority = authorityFor(place, document, input.case, emergency);
      const progress = progressOf(context, document.plan.actions.length);
      return place.withTools(folder, progress.on, context.signal, async (tools) => {
        if (authority.kind === 'approvals') await refuseChanged(document, tools);
        return status(await execute(document, authority, tools, progress.begin), input.case);
      });
    },
    stop: () => {
      for (const controller of workplace().stops) controller.abort();
      return null;
    },
    runs: ({ case: open }) => {
      const place = workplace();
      try {
        return place.reading(place.journalFolder(open, null), (reader) =>
          reader.runs().flatMap((run) => {
            const view = foldRun(reader.records(run));
            if (view === null) return [];
            return [{ run, status: view.status, startedAt: view.startedAt, plan: view.plan.id }];
          }),
        );
      } catch (thrown) {
        if (thrown instanceof FailureError && thrown.failure.kind === 'not-found') return [];
        throw thrown;
      }
    },
    status: ({ run, plan, case: open }) => {
      const place = workplace();
      if (run !== null) return status(viewOf(place, run, open), open);
      if (plan === null) throw new FailureError('invalid-input', 'Name a run or a plan.');
      const document = place.load(plan, open);
      const folder = place.journalFolder(open, document.plan.journal);
      const view = place.reading(folder, (reader) => {
        const [latest] = runsOf(reader, document.plan.id);
        return latest === undefined ? null : foldRun(reader.records(latest));
      });
      if (view === null) throw new FailureError('not-found', 'This plan has not been executed.');
      return status(view, open);
    },
    resume: async ({ run, plan, deviations, case: open }, context) => {
      const place = workplace();
      const view = viewOf(place, run, open);
      const document = plan === null ? null : place.load(plan, open);
      if (document !== null && document.hash !== view.hash) {
        throw new FailureError('refused', 'This is another plan than the run’s.');
      }
      const expired = place.clock.now() > Date.parse(view.authority.until);
      const authority = document === null || !expired ? null : authorityFor(place, document, open, null);
      const progress = progressOf(context, view.actions.length, run);
      return place.withTools(place.folderOfRun(run, open), progress.on, context.signal, async (tools) =>
        status(await resume(run, authority, tools, deviations ?? []), open),
      );
    },
    verify: async ({ run, round, case: open }, context) => {
      const place = workplace();
      const progress = progressOf(context, viewOf(place, run, open).actions.length, run);
      return place.withTools(place.folderOfRun(run, open), progress.on, context.signal, async (tools) =>
        status(await verifyRun(run, round, tools), open),
      );
    },
    caseOf: ({ run, case: open }) => ({ folder: caseFolderOf(workplace().folderOfRun(run, open)) }),
    receiptNeeds: ({ run, case: open }) => {
      const place = workplace();
      const { view, back } = judged(place, run, open);
      return { needs: witnessNeeds(view, place.registry, back?.at ?? null) };
    },
    receipt: async ({ run, witnesses, out, case: open }) => {
      const place = workplace();
      const folder = place.folderOfRun(run, open);
      const { view, back } = judged(place, run, open);
      const { configFolder, clock } = place;
      const file = place.reading(folder, (reader) =>
        issueReceipt({ run: view, witnesses, roster: rosterOf(place, view), reader, configFolder, clock }),
      );
      const path = resolve(out ?? `${caseFolderOf(folder)}/${run}-receipt.json`);
      writeDurably(path, `${JSON.stringify(file)}\n`);
      const digest = sha256(file.receipt);
      await place.withJournal(folder, async (journal) => {
        await journal.append({ kind: 'receipt-issued', run, action: null, body: { digest } });
        journal.checkpoint();
      });
      const { contained, residualUntil, survivors } = summarize(view);
      return {
        run,
        file: path,
        digest,
        contained,
        residualUntil,
        survivors,
        givenBack: back === null ? null : { at: back.at, plan: back.plan },
      };
    },
    checkReceipt: ({ file, key }) => {
      let text: string;
      try {
        text = readFileSync(file, 'utf8');
      } catch {
        throw new FailureError('not-found', `${file} cannot be read.`);
      }
      return checkReceipt(text, key === null ? {} : { key });
    },
    verifyJournals: ({ case: open }) => {
      const place = workplace();
      const folders = open === null ? place.journalFolders() : [place.journalFolder(open, null)];
      return folders.map((folder) => {
        const report = verifyActionJournal(folder, place.configFolder);
        const runs = place.reading(folder, (reader) =>
          reader.runs().flatMap((run) => {
            const view = foldRun(reader.records(run));
            return view === null ? [] : [{ run, status: view.status, startedAt: view.startedAt }];
          }),
        );
        return { folder, ...report, runs };
      });
    },
  };
}

/** The roster that the run has believed, which later ones may have followed. */
function rosterOf({ rosters }: Workplace, { authority: { roster } }: RunView): Roster | null {
  return rosters.chain()?.find((each) => digestOf(each) === roster?.digest) ?? null;
}

/** A run as it was until a restore began to give access back: what a receipt is about. */
function judged(
  place: Workplace,
  run: string,
  open: RespondCase | null,
): { view: RunView; back: GivenBack | null } {
  return place.reading(place.folderOfRun(run, open), (reader) => {
    const back = givenBack(reader, run);
    const end = back?.intent ?? Number.POSITIVE_INFINITY;
    const view = foldRun(reader.records(run).filter(({ seq }) => seq < end));
    if (view === null) throw new FailureError('not-found', `There is no run “${run}”.`);
    return { view, back };
  });
}

function viewOf(place: Workplace, run: string, open: RespondCase | null): RunView {
  const view = place.reading(place.folderOfRun(run, open), (reader) => foldRun(reader.records(run)));
  if (view !== null) return view;
  throw new FailureError('not-found', `There is no run “${run}”.`);
}

/** Approvals stand for a state: where it has changed, nothing at all is done. */
async function refuseChanged(document: PlanDocument, tools: EngineTools): Promise<void> {
  const changed = await changedTargets(document, tools);
  if (changed.length === 0) return;
  const named = changed.slice(0, 5).join(', ');
  throw new FailureError('refused', `Changed since the plan was approved: ${named}. Plan and approve again.`);
}

function progressOf(
  { emit }: MethodContext,
  total: number,
  known: string | null = null,
): { on: EngineTools['onProgress']; begin: (run: string) => void } {
  const done = new Set<string>();
  let run = known;
  const tell = (action: string | null, kind: string): void =>
    emit({ run, action, kind, done: done.size, total } satisfies RunProgress);
  return {
    begin: (started) => {
      run = started;
      tell(null, 'run-started');
    },
    on: ({ action, kind }) => {
      if (action !== null && (kind === 'evidence' || kind === 'skipped')) done.add(action);
      tell(action, kind);
    },
  };
}
