import { join } from 'node:path';
import type { RespondCase } from '#electron/platform/respond-service.ts';
import type { RunProgress, RunStatus } from '#shared/ipc/respond-views.ts';
import { deviations } from '#shared/respond/baseline.ts';
import type { PlanReference } from '#shared/respond/plan.ts';
import { FailureError } from '#shared/util/result.ts';
import { aliasesOf, behaviourOf, usageOf, witnesses } from '../case-facts.ts';
import type { Confirmations, Confirmed } from '../confirmations.ts';
import type { HandlerContext, HandlerServices, Handlers } from './handler.ts';
import type { RosterOperation } from './roster.ts';
import type { OperationName } from '#shared/ipc/contract.ts';

type RespondOperation = Exclude<
  Extract<OperationName, `respond.${string}` | `journal.${string}` | `receipt.${string}`>,
  | 'respond.confirm'
  | 'respond.readPlan'
  | 'respond.signPlan'
  | 'respond.keepKey'
  | 'respond.keptKey'
  | 'respond.dropKey'
  | RosterOperation
>;

const confirmed = ({ plan, ...decided }: Confirmed) => ({ plan: { id: plan }, ...decided });

const watched = ({ signal, emit }: HandlerContext<RunProgress>) => ({
  signal,
  onItem: (item: unknown) => emit(item as RunProgress),
});

/** Revocation: facts come from the case by the reader, everything else is respond's. */
export function respondHandlers(
  { engine, host, tokens, readOnly }: HandlerServices,
  confirmations: Confirmations,
): Handlers<RespondOperation> {
  const link = () => engine.respond(host.secrets);
  const current = async (): Promise<RespondCase | null> => {
    const summary = await engine.current();
    return summary === null ? null : { id: summary.id, name: summary.name, folder: summary.folder };
  };
  const needed = async (): Promise<RespondCase> => {
    const open = await current();
    if (open !== null) return open;
    throw new FailureError('no-case', 'No case is open. Create one or open one first.');
  };
  /** Keeps looking at a run at its times, and tells the page what was found. */
  const reverification = engine.reverification(async (run, round) => {
    const status = await link().call('verify', { run, round, case: await current() });
    // Given back on purpose, it is neither contained nor drifted any longer.
    if (status.givenBack !== null) return;
    const { contained, survivors } = status.summary;
    const drifted = status.actions.filter(({ state }) => state === 'drifted').length;
    host.notify({ type: 'run-verified', run, round, contained, drifted, survivors });
  });
  const watching = (status: RunStatus): RunStatus => {
    // A look is entered into the journal, which a read-only host leaves as it is.
    if (!readOnly) reverification.watch(status);
    return status;
  };
  return {
    'respond.plan': async ({ references, ...input }, { signal }) => {
      const open = await needed();
      const known = await Promise.all(
        references.map(async ({ kind, id, aliases, credentialType }, index): Promise<PlanReference> => {
          const found = kind === 'identity' ? await aliasesOf(engine, id) : [];
          const names = [...new Set([...aliases, ...found])];
          return { kind, id, aliases: names, account: null, credentialType, group: `i${index + 1}` };
        }),
      );
      const usage = await Promise.all(known.map((reference) => usageOf(engine, reference)));
      return link().call('plan', { ...input, case: open, references: known, usage }, { signal });
    },
    'respond.exportPlaybook': async (input) =>
      link().call('exportPlaybook', { ...input, case: await current() }),
    'respond.preview': async (input) => link().call('preview', { ...input, case: await current() }),
    'respond.approve': async (input) => link().call('approve', { ...input, case: await current() }),
    'respond.sign': async ({ plan, hash, keyToken, ...input }) => {
      const open = await needed();
      const shown = await link().call('preview', { plan, case: open });
      if (shown.hash !== hash) throw new FailureError('refused', 'The plan is not the one that was shown.');
      return link().call('approve', { ...input, plan, key: tokens.take(keyToken).path, case: open });
    },
    'respond.planFile': async (input) => link().call('planFile', { ...input, case: await needed() }),
    'respond.plans': async () => link().call('plans', { case: await needed() }),
    'respond.addApproval': async (input) => link().call('addApproval', { ...input, case: await current() }),
    'respond.dryRun': async (input, { signal }) =>
      link().call('dryRun', { ...input, case: await current() }, { signal }),
    'respond.execute': async ({ confirmation, ...input }, context) => {
      // SECURITY: of a request with a confirmation nothing counts but what was confirmed.
      const decided =
        confirmation === null
          ? input
          : confirmed(confirmations.take(confirmation, 'id' in input.plan ? input.plan.id : ''));
      return watching(await link().call('execute', { ...decided, case: await current() }, watched(context)));
    },
    'respond.stop': () => link().call('stop', {}),
    'respond.runs': async () => link().call('runs', { case: await needed() }),
    'respond.status': async (input) => {
      const what = 'run' in input ? { run: input.run, plan: null } : { run: null, plan: input.plan };
      return watching(await link().call('status', { ...what, case: await current() }));
    },
    'respond.resume': async ({ run, plan }, context) => {
      const found = await deviationsSince(run);
      return watching(
        await link().call(
          'resume',
          { run, plan, deviations: found, case: await current() },
          watched(context),
        ),
      );
    },
    'respond.verify': async ({ run }, context) =>
      link().call('verify', { run, round: 'asked', case: await current() }, watched(context)),
    'respond.restore': async (input, { signal }) =>
      link().call('restore', { ...input, case: await current() }, { signal }),
    'respond.receipt': async ({ run, out }) => {
      await openCaseOf(run);
      const { needs } = await link().call('receiptNeeds', { run, case: await current() });
      const found = await witnesses(engine, needs);
      return link().call('receipt', { run, out, witnesses: found, case: await current() });
    },
    'receipt.checkOf': async (what) => {
      if ('token' in what)
        return link().call('checkReceipt', { file: tokens.take(what.token).path, key: null });
      const { folder } = await link().call('caseOf', { run: what.run, case: await current() });
      return link().call('checkReceipt', { file: join(folder, `${what.run}-receipt.json`), key: null });
    },
    'receipt.check': (input) => link().call('checkReceipt', input),
    'journal.verify': async () => link().call('verifyJournals', { case: await current() }),
  };

  /** What the identities of a restore did since its first slice that they never did before the incident. */
  async function deviationsSince(run: string) {
    const { stages, kind, plan } = await link().call('status', { run, plan: null, case: await current() });
    const [first] = stages;
    if (kind !== 'restore' || first === undefined) return null;
    await openCaseOf(run);
    const { plan: document } = await link().call('preview', { plan: { id: plan }, case: await needed() });
    const before = await behaviourOf(engine, document.references, null, document.since);
    const since = await behaviourOf(engine, document.references, first.at, null);
    return deviations(before, since);
  }

  async function openCaseOf(run: string): Promise<void> {
    const { folder } = await link().call('caseOf', { run, case: await current() });
    if (engine.folder !== folder) await engine.openCase(folder);
  }
}
