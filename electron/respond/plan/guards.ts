import type { PlanTarget, Refusal } from '#shared/respond/plan.ts';
import type { ProviderIdentity } from '../provider.ts';

/**
 * Targets that are never acted on: the operator's own chain (the tool would saw off its branch), break-glass accounts
 * (they are for the day on which this goes wrong), and whoever would be the last administrator. What descends from a
 * refused target is refused with it.
 */
export async function refusedTargets(
  targets: readonly PlanTarget[],
  identity: ProviderIdentity,
  breakGlass: readonly string[],
  administrators: () => Promise<readonly string[] | null>,
): Promise<Refusal[]> {
  const operator = new Set(identity.operator);
  const kept = new Set(breakGlass.map((name) => name.toLowerCase()));
  const refusals: Refusal[] = [];
  const refuse = (target: PlanTarget, rule: Refusal['rule'], why: string): void => {
    const { provider, group, key, name } = target;
    refusals.push({ provider, group, target: key, name, rule, why });
  };
  for (const target of targets) {
    // By name too: a provider may not let its operator see the operator’s own entry.
    if (operator.has(target.id) || operator.has(target.name)) {
      refuse(target, 'operator-chain', `Rescind itself acts as ${identity.operatorName} here.`);
    } else if (kept.has(target.id.toLowerCase()) || kept.has(target.name.toLowerCase())) {
      refuse(target, 'break-glass', 'It is configured as a break-glass account.');
    }
  }
  for (const target of await lastAdministrators(targets, refusals, administrators)) {
    refuse(target, 'last-administrator', 'Nobody would be left to administer this tenant.');
  }
  addDescendants(targets, refusals, refuse);
  return refusals;
}

/** Administrators among the targets, where they are all that there are. */
async function lastAdministrators(
  targets: readonly PlanTarget[],
  refusals: readonly Refusal[],
  administrators: () => Promise<readonly string[] | null>,
): Promise<PlanTarget[]> {
  const refused = new Set(refusals.map(({ target }) => target));
  const hit = targets.filter(({ key }) => !refused.has(key));
  if (hit.length === 0) return [];
  const all = await administrators();
  if (all === null || all.length === 0) return [];
  const ids = new Set(hit.map(({ id }) => id));
  if (all.some((id) => !ids.has(id))) return [];
  return hit.filter(({ id }) => all.includes(id));
}

function addDescendants(
  targets: readonly PlanTarget[],
  refusals: readonly Refusal[],
  refuse: (target: PlanTarget, rule: Refusal['rule'], why: string) => void,
): void {
  for (let known = -1; known !== refusals.length; ) {
    known = refusals.length;
    const refused = new Map(refusals.map((refusal) => [refusal.target, refusal]));
    const byId = new Map(
      targets.flatMap(({ id, key }) => (refused.has(key) ? [[id, refused.get(key)]] : [])) as [
        string,
        Refusal,
      ][],
    );
    for (const target of targets) {
      const parent = target.parent === null ? undefined : byId.get(target.parent);
      if (parent !== undefined && !refused.has(target.key)) {
        refuse(target, parent.rule, `It belongs to ${parent.name}, which is refused.`);
      }
    }
  }
}
