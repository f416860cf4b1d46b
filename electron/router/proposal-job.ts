import { formatOfSystem, judgeUsage, reachOf } from '#shared/analysis/usage/judge.ts';
import type { ObservedUse, PolicyProposal } from '#shared/domain/proposal.ts';
import type { AccessUse } from '#shared/domain/usage.ts';
import type { ParsedInputOf } from '#shared/ipc/contract.ts';
import { FailureError } from '#shared/util/result.ts';
import { chosenBundles } from './bundles-in-force.ts';
import type { Engine } from './engine.ts';
import { subjectsOf } from './usage-job.ts';

/**
 * The smallest policy that covers the use that was seen of one identity. Throws kind `not-found` where no bundle has
 * the identity.
 */
export async function runProposal(
  engine: Engine,
  { subject, bundle, asOf: at, margin }: ParsedInputOf<'usage.propose'>,
  signal: AbortSignal,
): Promise<PolicyProposal> {
  const asOf = await engine.referenceTime(at, signal);
  for (const id of await chosenBundles(engine, bundle, asOf, signal)) {
    const kept = await engine.keptBundle(id, signal);
    const { system } = kept.bundle;
    const entitlements = await engine.policy('entitlements', { kept, subject }, { signal });
    const { uses, reaches } = await engine.accessUses(asOf, subjectsOf(subject, entitlements), signal);
    const observed = observedUses(uses, subject, formatOfSystem[system] ?? '');
    const who = entitlements[0]?.subject ?? { type: '', id: subject };
    const reach = reachOf({ system, subject: who }, reaches);
    const proposal = await engine.policy('propose', { kept, subject, observed, margin, reach }, { signal });
    if (proposal === null) continue;
    const judged = judgeUsage(entitlements, uses, reaches);
    const count = (usage: string): number => judged.filter((one) => one.usage === usage).length;
    return {
      subject,
      system,
      bundle: id,
      margin,
      observed: { requests: observed.length, events: observed.reduce((sum, { events }) => sum + events, 0) },
      coverage: {
        from: reach?.from ?? null,
        to: reach?.to ?? null,
        days: reach?.days ?? 0,
        daysWithEvents: reach?.daysWithEvents ?? 0,
      },
      permissions: { used: count('used'), unused: count('not-used'), cannotKnow: count('cannot-know') },
      ...proposal,
    };
  }
  throw new FailureError('not-found', `No bundle of the case has ${subject} to propose a policy for.`);
}

/** What was authorized: allowed, or failed for another reason. */
function observedUses(uses: readonly AccessUse[], subject: string, format: string): ObservedUse[] {
  const found = new Map<string, ObservedUse>();
  for (const use of uses) {
    const authorized = use.outcome === 'allow' || use.outcome === 'error';
    if (use.subject !== subject || use.format !== format || !authorized) continue;
    const resource = use.resource?.id ?? null;
    const key = JSON.stringify([use.action, resource, use.others]);
    const events = use.events + (found.get(key)?.events ?? 0);
    found.set(key, { action: use.action, resource, others: use.others, events });
  }
  return [...found].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, use]) => use);
}
