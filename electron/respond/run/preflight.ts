import type { PlanDocument } from '#shared/respond/plan.ts';
import { eachAtOnce, read } from '../calls.ts';
import { digestOf } from '../canonical.ts';
import type { EngineTools } from './context.ts';

/**
 * Compares the plan's targets with what is there now, before anything is dispatched: approvals stand for a state.
 * Answers with what has changed, by name; a target that is already as wanted has not changed for this purpose.
 */
export async function changedTargets(document: PlanDocument, tools: EngineTools): Promise<string[]> {
  const { pool, clock, limits } = tools;
  const changed: string[] = [];
  const { plan } = document;
  const targets = new Map(plan.targets.map((target) => [target.key, target]));
  const lanes = Map.groupBy(plan.actions, ({ target }) => targets.get(target)?.provider ?? '');
  await Promise.all(
    [...lanes].map(async ([name, actions]) => {
      await eachAtOnce(actions, limits.lane, async (planned) => {
        const target = targets.get(planned.target);
        if (target === undefined || planned.undoes !== null) return;
        try {
          const { provider } = await pool.get(name);
          const limit = { clock, signal: tools.stop, timeoutMs: limits.readMs };
          const { actions: offered } = await read(limit, (call) => provider.actions(target, call));
          const action = offered.find(({ spec }) => spec.id === planned.spec.id);
          if (action === undefined) {
            changed.push(target.name);
            return;
          }
          const snapshot = await read(limit, (call) => action.snapshot(target, call));
          if (!snapshot.inState && digestOf(snapshot.state) !== digestOf(planned.snapshot.state))
            changed.push(target.name);
        } catch {
          // Unreachable now: its own turn says so; the others go on.
        }
      });
    }),
  );
  return [...new Set(changed)].toSorted();
}
