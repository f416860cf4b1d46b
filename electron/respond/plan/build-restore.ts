import { randomBytes } from 'node:crypto';
import type { PlannedCall } from '#shared/domain/response.ts';
import { dependencies, phaseOf } from '#shared/respond/order.ts';
import type { Gap, Plan, PlanDocument, PlannedAction } from '#shared/respond/plan.ts';
import type { ActionView, RunView } from '#shared/respond/run.ts';
import { FailureError } from '#shared/util/result.ts';
import { read } from '../calls.ts';
import { actionId, documentOf, snapshotDigest, type PlanTools } from './build-plan.ts';

interface RestoreRequest {
  readonly run: RunView;
  readonly observeSeconds: number;
  readonly proposer: string;
}

/**
 * A plan that gives back what a run took, from its snapshots: only what the run itself changed, in reverse order, in
 * slices (one identity first, the rest after it was observed), and not before it is safe. What cannot be given back
 * is said.
 */
export async function buildRestore(request: RestoreRequest, tools: PlanTools): Promise<PlanDocument> {
  const { run, observeSeconds, proposer } = request;
  if (run.plan.kind === 'restore') throw new FailureError('invalid-input', 'This run is a restore itself.');
  const gaps: Gap[] = [];
  const own = run.actions.filter((view) => view.ours !== 'no');
  const undoable = own.filter((view) => isUndoable(view, gaps));
  if (undoable.length === 0) {
    throw new FailureError(
      'unusable',
      'There is nothing to give back: the run changed nothing that can be undone.',
    );
  }
  const groups = [...new Set(undoable.map(({ action }) => action.group))];
  const stageOf = (view: ActionView): number => (view.action.group === groups[0] ? 1 : 2);
  const ordered = undoable.toSorted(
    (first, second) =>
      stageOf(first) - stageOf(second) || phaseOf(second.action.spec) - phaseOf(first.action.spec),
  );
  const waits = waitsOf(ordered, run.plan);
  const actions: PlannedAction[] = [];
  for (const [index, view] of ordered.entries()) {
    const { action, before, lastIntentAt } = view;
    const waitMs = action.spec.undo.waitSeconds * 1_000;
    const start = Date.parse(lastIntentAt ?? run.startedAt);
    actions.push({
      ...action,
      id: actionId(index),
      snapshot: before ?? action.snapshot,
      calls: await undoCalls(view, run, tools),
      after: (waits[index] ?? []).map(actionId),
      stage: stageOf(view),
      notBefore: waitMs === 0 ? null : new Date(start + waitMs).toISOString(),
      undoes: action.id,
    });
  }
  const { plan } = run;
  return documentOf({
    ...plan,
    kind: 'restore',
    id: `plan-${randomBytes(8).toString('hex')}`,
    created: new Date(tools.clock.now()).toISOString(),
    proposer,
    actions,
    gaps,
    missing: [],
    forecast: [],
    residual: { seconds: 0, items: [] },
    snapshotDigest: snapshotDigest(actions),
    restores: run.run,
    observeSeconds,
  } satisfies Plan);
}

function isUndoable(view: ActionView, gaps: Gap[]): boolean {
  const { action } = view;
  if (action.spec.undo.possible) return true;
  const heals = action.spec.reversibility === 'R2';
  const why = heals ? 'heals by itself at the next sign-in' : 'cannot be given back';
  gaps.push({
    provider: providerOf(view),
    group: action.group,
    kind: 'not-restorable',
    why: `${action.spec.title}: ${why}. ${action.spec.undo.note}`.trim(),
  });
  return false;
}

/** Sources of truth first here too, else the next synchronisation takes away again what was given back. */
function waitsOf(ordered: readonly ActionView[], { providers }: Plan): number[][] {
  const sourcedFrom = new Map(providers.map(({ name, sourcedFrom: sources }) => [name, sources]));
  const reversed = ordered.map((view) => ({
    provider: providerOf(view),
    group: view.action.group,
    target: view.action.target,
    depth: 0,
    spec: view.action.spec,
  }));
  const lanes = reversed.map((each, index) => {
    const earlier = reversed.slice(0, index).flatMap((other, at) => {
      const sameLane = other.provider === each.provider && other.group === each.group;
      return sameLane && phaseOf(other.spec) > phaseOf(each.spec) ? [at] : [];
    });
    const last = Math.min(...earlier.map((at) => phaseOf(reversed[at]?.spec ?? each.spec)));
    return earlier.filter((at) => phaseOf(reversed[at]?.spec ?? each.spec) === last);
  });
  const sources = dependencies(reversed, sourcedFrom).map((waits, index) =>
    waits.filter((at) => at < index && reversed[at]?.provider !== reversed[index]?.provider),
  );
  return lanes.map((lane, index) => [...new Set([...(sources[index] ?? []), ...lane])]);
}

function providerOf({ action: { target } }: ActionView): string {
  return target.slice(0, target.indexOf('/'));
}

async function undoCalls(view: ActionView, run: RunView, tools: PlanTools): Promise<readonly PlannedCall[]> {
  const { action, before } = view;
  const target = run.plan.targets.find(({ key }) => key === action.target);
  const snapshot = before ?? action.snapshot;
  const plain = action.calls.map(({ address }) => ({
    method: 'UNDO',
    address,
    body: JSON.stringify(snapshot.state),
  }));
  if (target === undefined) return plain;
  try {
    const { provider } = await tools.pool.get(target.provider);
    const limit = { clock: tools.clock, signal: tools.signal, timeoutMs: 15_000 };
    const { actions } = await read(limit, (call) => provider.actions(target, call));
    const found = actions.find(({ spec }) => spec.id === action.spec.id);
    if (found?.previewUndo === undefined) return tools.redactor.data(plain);
    const calls = await read(
      limit,
      (call) => found.previewUndo?.(target, snapshot, call) ?? Promise.resolve(plain),
    );
    return tools.redactor.data(calls);
  } catch {
    // Unreachable now: what will be put back is known all the same.
    return tools.redactor.data(plain);
  }
}
