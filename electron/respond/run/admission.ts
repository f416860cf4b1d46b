import type { PlannedAction } from '#shared/respond/plan.ts';
import type { SkippedBody } from '#shared/respond/run-records.ts';
import { FailureError } from '#shared/util/result.ts';
import { refusedTargets } from '../plan/guards.ts';
import { configDigest } from '../registry/entry.ts';
import { ProviderError } from '../provider.ts';
import type { RunContext } from './context.ts';

/** What is found out about a provider just before the first dispatch to it. */
export interface Admission {
  /** It is not the one of the plan: nothing is asked of it, and nothing that it says counts. */
  readonly objection: string | null;
  /** Targets that must not be acted on any more, by key, with the reason. */
  readonly protected: ReadonlyMap<string, string>;
}

/**
 * Looks again at what was so when the plan was made: another account that happens to have the same names is the worst
 * mistake of all, and an account may have become break-glass, the operator's own or the last administrator since.
 * Throws `ProviderError` where the provider does not answer: without this nothing is dispatched to it.
 */
export async function admit(context: RunContext, name: string): Promise<Admission> {
  const { plan } = context.head;
  const planned = plan.providers.find((provider) => provider.name === name);
  const none = { protected: new Map<string, string>() };
  let open;
  try {
    open = await context.tools.pool.get(name);
  } catch (thrown) {
    if (thrown instanceof FailureError) return { ...none, objection: thrown.message };
    throw thrown;
  }
  const { entry, provider } = open;
  if (planned === undefined || configDigest(entry) !== planned.configDigest) {
    return { ...none, objection: `${name} has been configured anew since the plan was made.` };
  }
  const identity = await context.read((call) => provider.whoami(call));
  if (identity.tenant !== planned.tenant) {
    return { ...none, objection: `${name} now answers as ${identity.tenant}, not as ${planned.tenant}.` };
  }
  if (plan.kind === 'restore') return { ...none, objection: null };
  const acted = new Set(plan.actions.map(({ target }) => target));
  const targets = plan.targets.filter((target) => target.provider === name && acted.has(target.key));
  const refusals = await refusedTargets(targets, identity, entry.breakGlass, async () => {
    try {
      return await context.read((call) => provider.administrators(call));
    } catch (thrown) {
      // It was known when the plan was made; that it cannot be read now must not stop a containment.
      if (thrown instanceof ProviderError) return null;
      throw thrown;
    }
  });
  return { objection: null, protected: new Map(refusals.map(({ target, why }) => [target, why])) };
}

/** Why an action must not be made now; null where it may. */
export async function refusalOf(context: RunContext, planned: PlannedAction): Promise<SkippedBody | null> {
  const { objection, protected: kept } = await context.admission(context.targetOf(planned).provider);
  if (objection !== null) return { kind: 'wrong-tenant', why: objection };
  const why = kept.get(planned.target);
  return why === undefined ? null : { kind: 'protected', why };
}
