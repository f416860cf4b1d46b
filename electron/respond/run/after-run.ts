import type { PlanProvider } from '#shared/respond/plan.ts';
import type { EvidenceBody, SweepBody } from '#shared/respond/run-records.ts';
import { isFinal, lastSweeps } from '#shared/respond/run.ts';
import { targetKey } from '#shared/respond/plan.ts';
import { eachAtOnce } from '../calls.ts';
import { ProviderError, type SweepFinding } from '../provider.ts';
import { IncompleteSweep } from '../sweep-parts.ts';
import type { RunContext } from './context.ts';
import { givenBack } from './given-back.ts';
import { observe, reasonOf } from './observe.ts';
import { wantedOf } from './perform.ts';

/** Lists again: what was created since the incident's start by or for the targets, and is not in the plan. */
export async function sweep(
  context: RunContext,
  round: string,
  returned: ReadonlySet<string> = new Set(),
): Promise<void> {
  const { plan } = context.head;
  await Promise.all(plan.providers.map((provider) => sweepProvider(context, provider, round, returned)));
}

async function sweepProvider(
  context: RunContext,
  { name }: PlanProvider,
  round: string,
  returned: ReadonlySet<string>,
): Promise<void> {
  const { plan } = context.head;
  const acted = new Set(plan.actions.map(({ target }) => target));
  const targets = plan.targets.filter(
    ({ provider, key, group }) => provider === name && acted.has(key) && !returned.has(group),
  );
  if (targets.length === 0) return;
  const known = new Set([...plan.targets.map(({ key }) => key), ...createdAgain(context, name)]);
  // After a restore, what is created from its start on speaks against giving more back.
  const since = Date.parse(plan.kind === 'restore' ? context.head.startedAt : plan.since);
  let found: readonly SweepFinding[] = [];
  let failed: string | null = null;
  try {
    const { objection } = await context.admission(name);
    if (objection !== null) throw new ProviderError('rejected', objection);
    const { provider } = await context.tools.pool.get(name);
    found = await context.read((call) => provider.sweep(since, targets, call), since);
  } catch (thrown) {
    failed = reasonOf(thrown);
    if (thrown instanceof IncompleteSweep) found = thrown.findings;
  }
  const fresh = found
    .map(({ target, why }) => ({
      key: targetKey({ ...target, provider: name }),
      name: target.name,
      createdAt: target.createdAt,
      why,
    }))
    .filter(({ key }) => !known.has(key));
  // What was found before is not refuted by a look that failed, nor by one that leaves out who has access back.
  const earlier =
    failed === null && returned.size === 0 ? [] : (lastSweeps(context.head).get(name)?.findings ?? []);
  const findings = [...new Map([...earlier, ...fresh].map((finding) => [finding.key, finding])).values()];
  await context.enter('sweep', null, { provider: name, round, findings, failed } satisfies SweepBody);
}

/** What the run itself has created again in giving it back. */
function createdAgain(context: RunContext, provider: string): string[] {
  return context.head.plan.actions.flatMap((action) => {
    const target = context.targetOf(action);
    const newId = context.viewOf(action).outcome?.newId;
    return target.provider === provider && newId !== undefined ? [targetKey({ ...target, id: newId })] : [];
  });
}

/**
 * Reads every action back once more, without waiting: drift shows as a state that held before and does not now. Whom a
 * restore has given access back is left out: that they may is meant, and once it is so for all there is nothing more to
 * look at.
 */
export async function verifyAgain(context: RunContext, round: string): Promise<void> {
  const { plan } = context.head;
  const returned = givenBack(context.tools.journal, context.run)?.groups ?? new Set();
  if (plan.actions.every(({ group }) => returned.has(group))) {
    if (context.head.scheduled.length > 0) await context.enter('scheduled', null, { scheduled: [] });
    return;
  }
  const acted = plan.actions.filter(
    (action) =>
      !returned.has(action.group) &&
      isFinal(context.viewOf(action)) &&
      context.viewOf(action).state !== 'rejected',
  );
  await eachAtOnce(acted, context.tools.limits.lane, async (planned) => {
    const view = context.viewOf(planned);
    const before = view.before ?? planned.snapshot;
    const since = Date.parse(view.lastIntentAt ?? context.head.startedAt);
    try {
      const target = context.targetOf(planned);
      const { objection } = await context.admission(target.provider);
      if (objection !== null) throw new ProviderError('rejected', objection);
      const action = await context.actionOf(planned);
      const configured = await observe(context, planned, action, before, since);
      const { probe } = action;
      const enforced =
        probe === null || wantedOf(planned) === 'not_in_effect'
          ? null
          : await context.read((call) => probe.call(action, target, before, call), since);
      await context.enter('evidence', planned.id, { round, configured, enforced } satisfies EvidenceBody);
    } catch (thrown) {
      const configured = { state: 'unknown', detail: reasonOf(thrown), facts: {} } as const;
      await context.enter('evidence', planned.id, {
        round,
        configured,
        enforced: null,
      } satisfies EvidenceBody);
    }
  });
  await sweep(context, round, returned);
}

/** When to look again: soon, after what propagates slowly, when the last artefact should be gone, and a day later. */
export async function schedule(context: RunContext): Promise<void> {
  const { plan } = context.head;
  const now = context.tools.clock.now();
  const at = (seconds: number): string => new Date(now + seconds * 1_000).toISOString();
  const { seconds } = plan.residual;
  const scheduled = [
    { round: '+30s', at: at(30) },
    { round: '+5min', at: at(300) },
    ...(seconds === null || seconds <= 300 ? [] : [{ round: '+residual', at: at(seconds) }]),
    { round: '+1day', at: at(86_400) },
  ];
  await context.enter('scheduled', null, { scheduled });
}
