import type { Deviation } from '#shared/respond/baseline.ts';
import type { PlannedAction } from '#shared/respond/plan.ts';
import type { RunView } from '#shared/respond/run.ts';
import { isFinal, lastSweeps } from '#shared/respond/run.ts';
import { ProviderError } from '../provider.ts';
import { attempt } from './attempt.ts';
import { sweep, verifyAgain } from './after-run.ts';
import type { RunContext } from './context.ts';
import { runLanes } from './lanes.ts';
import { collectEvidence } from './observe.ts';

/**
 * Gives back slice by slice. After each one the run waits for its time of observation; what came to light until then
 * (drift, something newly created, behaviour that was never seen before) takes the slices away again.
 */
export async function proceedStages(
  context: RunContext,
  actions: readonly PlannedAction[],
  deviations: readonly Deviation[],
): Promise<RunView['status']> {
  const { clock, stop } = context.tools;
  const { plan, stages } = context.head;
  // What has deviated once is given back by a plan of its own, or not at all.
  if (plan.actions.some((action) => context.viewOf(action).reapplied)) {
    return takeAway(context, 'a slice had deviated before');
  }
  const last = stages.at(-1);
  if (last !== undefined) {
    const why = await deviationOf(context, deviations);
    if (why !== null) return takeAway(context, why);
    if (clock.now() < Date.parse(last.observeUntil) && hasMore(context, last.stage)) return 'observing';
  }
  const stage = Math.min(...actions.map((action) => action.stage));
  const slice = actions.filter((action) => action.stage === stage);
  if (slice.length === 0) return 'finished';
  await runLanes(context, slice);
  if (stop.aborted) return 'stopped';
  const isDone = slice.every((action) => isFinal(context.viewOf(action)));
  if (!isDone) return 'finished';
  const observeUntil = new Date(clock.now() + plan.observeSeconds * 1_000).toISOString();
  await context.enter('stage', null, { stage, observeUntil });
  await sweep(context, `slice ${stage}`);
  if (!hasMore(context, stage)) return 'finished';
  // Without a time of observation the next slice follows at once, as soon as this one holds.
  return plan.observeSeconds === 0
    ? proceedStages(
        context,
        actions.filter((action) => action.stage > stage),
        [],
      )
    : 'observing';
}

function hasMore({ head }: RunContext, stage: number): boolean {
  return head.plan.actions.some((action) => action.stage > stage);
}

async function deviationOf(context: RunContext, deviations: readonly Deviation[]): Promise<string | null> {
  const [first] = deviations;
  if (first !== undefined) return `${first.group}: ${first.what} (${first.at})`;
  await verifyAgain(context, 'slice');
  const drifted = context.head.plan.actions.find((action) => context.viewOf(action).state === 'drifted');
  if (drifted !== undefined)
    return `${drifted.spec.title} of ${drifted.target} did not stay as it was given back`;
  const [found] = [...lastSweeps(context.head).values()].flatMap(({ findings }) => findings);
  return found === undefined ? null : `${found.name} was created meanwhile: ${found.why}`;
}

/**
 * Contains again what was given back, by the actions of the original run: whatever was sent and is not known to have
 * failed. One that cannot be made now does not hold the others back; a resume makes it.
 */
async function takeAway(context: RunContext, why: string): Promise<RunView['status']> {
  const given = context.head.plan.actions.filter((planned) => {
    const { requested, state, reapplied } = context.viewOf(planned);
    const isGiven = (requested !== null && state !== 'rejected') || state === 'effective';
    return isGiven && !(reapplied && state === 'effective');
  });
  for (const planned of given.toReversed()) {
    const { attempts, outcome } = context.viewOf(planned);
    // What was created again has another id.
    const target = {
      ...context.targetOf(planned),
      ...(outcome?.newId === undefined ? {} : { id: outcome.newId }),
    };
    try {
      const { objection } = await context.admission(target.provider);
      if (objection !== null) {
        await context.enter('skipped', planned.id, { kind: 'wrong-tenant', why: objection });
        continue;
      }
      const provider = await context.providerOf(planned);
      const { actions } = await context.read((call) => provider.actions(target, call));
      const action = actions.find(({ spec }) => spec.id === planned.spec.id);
      if (action === undefined) throw new ProviderError('absent', `${target.name} is not there.`);
      const snapshot = await context.read((call) => action.snapshot(target, call));
      const { since } = await attempt(context, planned, action, 'reapply', attempts + 1, snapshot, target);
      await collectEvidence(context, planned, action, snapshot, since, `deviation: ${why}`, 'in_effect');
    } catch (thrown) {
      if (!(thrown instanceof ProviderError)) throw thrown;
      await context.enter('skipped', planned.id, { kind: 'provider-down', why: thrown.message });
    }
  }
  return 'deviated';
}
