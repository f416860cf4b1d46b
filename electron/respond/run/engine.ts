import { randomBytes } from 'node:crypto';
import type { Deviation } from '#shared/respond/baseline.ts';
import type { PlannedAction } from '#shared/respond/plan.ts';
import type { RunView } from '#shared/respond/run.ts';
import type { RunAuthority, RunStarted } from '#shared/respond/run-records.ts';
import { isFinal } from '#shared/respond/run.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import { FailureError } from '#shared/util/result.ts';
import type { Authority } from '../approval/authority.ts';
import { digestOf } from '../canonical.ts';
import type { PlanDocument } from '#shared/respond/plan.ts';
import { sweep, schedule, verifyAgain } from './after-run.ts';
import { type EngineTools, RunContext } from './context.ts';
import { runLanes } from './lanes.ts';
import { proceedStages } from './restore-run.ts';

/**
 * Executes an authorized plan: the right is journaled and its single-use words are taken before anything is sent;
 * then every action in its lane; then a sweep, and times to look again. Answers with the run as the journal has it.
 */
export async function execute(
  document: PlanDocument,
  authority: Authority,
  tools: EngineTools,
  onRun: (run: string) => void = () => undefined,
): Promise<RunView> {
  const { journal, redactor } = tools;
  if (document.plan.journal !== journal.id) {
    throw new FailureError('refused', 'This plan is for the action journal of another case.');
  }
  const lock = journal.lockRuns();
  try {
    const run = `run-${journal.id.slice(0, 8)}-${randomBytes(4).toString('hex')}`;
    const body: RunStarted = { document, authority: authorityOf(authority), nonces: authority.nonces };
    // In one transaction: a run without its approvals used up, or the other way round, cannot be.
    await journal.append(
      { kind: 'run-started', run, action: null, body: redactor.data(body as unknown as JsonObject) },
      authority.nonces,
    );
    onRun(run);
    return await proceed(new RunContext(run, tools));
  } finally {
    lock.release();
  }
}

/**
 * Continues a run that was stopped or cut off at any instant: what has an intent without a result is observed first;
 * nothing is repeated blindly. `authority` where the first one has run out.
 */
export async function resume(
  run: string,
  authority: Authority | null,
  tools: EngineTools,
  deviations: readonly Deviation[] = [],
): Promise<RunView> {
  const { journal } = tools;
  const lock = journal.lockRuns();
  try {
    const context = new RunContext(run, tools);
    const nonces = authority?.nonces ?? [];
    await context.enter(
      'resumed',
      null,
      { authority: authority === null ? null : authorityOf(authority), nonces },
      nonces,
    );
    return await proceed(context, deviations);
  } finally {
    lock.release();
  }
}

/** Reads a run's actions back and sweeps again; changes nothing. */
export async function verifyRun(run: string, round: string, tools: EngineTools): Promise<RunView> {
  const context = new RunContext(run, tools);
  await verifyAgain(context, round);
  tools.journal.checkpoint();
  return context.view();
}

async function proceed(context: RunContext, deviations: readonly Deviation[] = []): Promise<RunView> {
  const { journal, stop } = context.tools;
  const actions = nextActions(context);
  journal.checkpoint();
  let status: RunView['status'] = 'finished';
  if (context.head.plan.kind === 'restore') status = await proceedStages(context, actions, deviations);
  else await runLanes(context, actions);
  if (stop.aborted) {
    await context.enter('stopped', null, { why: 'asked' });
  } else {
    if (context.head.plan.kind === 'revoke') await sweep(context, 'after');
    await schedule(context);
    await context.enter('run-finished', null, { status });
  }
  journal.checkpoint();
  return context.view();
}

function nextActions(context: RunContext): PlannedAction[] {
  return context.head.plan.actions.filter((action) => {
    const view = context.viewOf(action);
    return !isFinal(view) || view.open !== null || (view.state !== 'effective' && view.state !== 'rejected');
  });
}

function authorityOf(authority: Authority): RunAuthority {
  const { kind, people, order, reason, until, requirement, roster } = authority;
  return {
    kind,
    people,
    needed: requirement?.needed ?? null,
    order: order?.order.id ?? null,
    signedOrder: order?.envelope ?? null,
    reason,
    roster: roster === null ? null : { version: roster.version, digest: digestOf(roster) },
    until: new Date(until).toISOString(),
  };
}
