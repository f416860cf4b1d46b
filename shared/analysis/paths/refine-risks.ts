import type { AccessPath } from '../../domain/access-path.ts';
import type { Entitlement, EntitlementRisk } from '../../domain/entitlement.ts';
import { containsAction } from '#shared/util/pattern.ts';

/**
 * Permissions marked as ways to more rights where they are a step of one: by their pattern alone they may only look
 * like it (nobody trusts the service that a role could be passed to, a boundary leaves nothing to gain).
 */
export function refineRisks(
  entitlements: readonly Entitlement[],
  paths: readonly AccessPath[],
): Entitlement[] {
  const bySubject = new Map<string, AccessPath[]>();
  for (const path of paths) {
    const known = bySubject.get(path.subject.id);
    if (known === undefined) bySubject.set(path.subject.id, [path]);
    else known.push(path);
  }
  return entitlements.map((entitlement) => {
    if (!entitlement.risks.includes('privilege-escalation')) return entitlement;
    const own = bySubject.get(entitlement.subject.id) ?? [];
    if (own.some((path) => isStep(entitlement, path))) return entitlement;
    const risks = entitlement.risks.filter(
      (risk): risk is EntitlementRisk => risk !== 'privilege-escalation',
    );
    return { ...entitlement, risks };
  });
}

function isStep({ action }: Entitlement, { kind, steps }: AccessPath): boolean {
  if (kind === 'administrator') return true;
  if (kind !== 'privilege-escalation') return false;
  // “not …” is all but some: it holds every action of a step that stands outside of them.
  if (action.pattern.startsWith('not ')) return true;
  return steps.some((step) => containsAction(action.pattern, step.action));
}
