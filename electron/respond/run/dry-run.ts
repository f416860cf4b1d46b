import type { DryRunView } from '#shared/ipc/respond-views.ts';
import type { PlanDocument, PlannedAction, PlanTarget } from '#shared/respond/plan.ts';
import { FailureError } from '#shared/util/result.ts';
import { eachAtOnce, read, withDeadline } from '../calls.ts';
import { outcomeOfError } from '../outcomes.ts';
import { ProviderError } from '../provider.ts';
import type { EngineTools } from './context.ts';
import { reasonOf } from './observe.ts';
import { changedTargets } from './preflight.ts';

/**
 * Tries a plan without changing anything: with the provider's own dry run where it has one, else by reading the state
 * that the action would start from. Nothing is journaled, because nothing is done.
 */
export async function dryRun(document: PlanDocument, tools: EngineTools): Promise<DryRunView> {
  const { plan, hash } = document;
  const targets = new Map(plan.targets.map((target) => [target.key, target]));
  const actions = await eachAtOnce(plan.actions, tools.limits.lane, async (planned) => {
    const target = targets.get(planned.target);
    if (target === undefined) throw new FailureError('unusable', `The plan has no target ${planned.target}.`);
    const came = await tryAction(planned, target, tools);
    return { id: planned.id, title: planned.spec.title, name: target.name, ...came };
  });
  return { plan: plan.id, hash, changed: await changedTargets(document, tools), actions };
}

async function tryAction(
  planned: PlannedAction,
  target: PlanTarget,
  { pool, clock, limits, stop, redactor }: EngineTools,
): Promise<{ by: 'native' | 'read'; outcome: string; detail: string }> {
  const limit = { clock, signal: stop, timeoutMs: limits.readMs };
  try {
    const { provider } = await pool.get(target.provider);
    const { actions } = await read(limit, (call) => provider.actions(target, call));
    const action = actions.find(({ spec }) => spec.id === planned.spec.id);
    if (action === undefined) throw new ProviderError('absent', 'The target no longer has this action.');
    const snapshot = await read(limit, (call) => action.snapshot(target, call));
    if (snapshot.inState) return { by: 'read', outcome: 'already_in_state', detail: 'It is so already.' };
    const native = action.dryRun;
    if (native === null)
      return { by: 'read', outcome: 'ready', detail: 'The state was read; more is known only by acting.' };
    const outcome = await withDeadline(limit, (call) => native.call(action, target, snapshot, call));
    return { by: 'native', outcome: outcome.kind, detail: redactor.text(outcome.detail) };
  } catch (thrown) {
    const outcome = outcomeOfError(thrown);
    return { by: 'read', outcome: outcome?.kind ?? 'unreachable', detail: redactor.text(reasonOf(thrown)) };
  }
}
