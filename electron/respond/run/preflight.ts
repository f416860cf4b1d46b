import type { PlanDocument, PlannedAction } from '#shared/respond/plan.ts';
import { FailureError } from '#shared/util/result.ts';
import { eachAtOnce, read } from '../calls.ts';
import { digestOf } from '../canonical.ts';
import { configDigest } from '../registry/entry.ts';
import type { EngineTools, RunContext } from './context.ts';
import { reasonOf } from './observe.ts';

/**
 * The tenant and the configuration must be those of the plan, else every action of that provider is left: another
 * account that happens to have the same names is the worst mistake of all.
 */
export async function withRightTenants(
  context: RunContext,
  actions: readonly PlannedAction[],
): Promise<PlannedAction[]> {
  const { pool } = context.tools;
  const objections = new Map<string, string>();
  const providers = new Set(actions.map((action) => context.targetOf(action).provider));
  await Promise.all(
    context.head.plan.providers
      .filter(({ name }) => providers.has(name))
      .map(async ({ name, tenant, configDigest: planned }) => {
        try {
          const { entry, provider } = await pool.get(name);
          if (configDigest(entry) !== planned) {
            objections.set(name, `${name} has been configured anew since the plan was made.`);
            return;
          }
          const identity = await context.read((call) => provider.whoami(call));
          if (identity.tenant !== tenant) {
            objections.set(name, `${name} now answers as ${identity.tenant}, not as ${tenant}.`);
          }
        } catch (thrown) {
          if (thrown instanceof FailureError) objections.set(name, reasonOf(thrown));
          // A provider that does not answer now may answer when its turn comes: its actions are tried.
        }
      }),
  );
  const kept: PlannedAction[] = [];
  for (const action of actions) {
    const why = objections.get(context.targetOf(action).provider);
    if (why === undefined) kept.push(action);
    else await context.enter('skipped', action.id, { kind: 'wrong-tenant', why });
  }
  return kept;
}

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
