import type { Enforcement, Observation, Snapshot } from '#shared/domain/response.ts';
import type { PlannedAction } from '#shared/respond/plan.ts';
import type { EvidenceBody } from '#shared/respond/run-records.ts';
import { digestOf } from '../canonical.ts';
import type { Action } from '../provider.ts';
import type { RunContext } from './context.ts';

/** The state that is waited for: of the action, or of its undoing. */
export type Wanted = 'in_effect' | 'not_in_effect';

/** Asks the control plane until it says what is wanted or the effect has had its time; the last answer counts. */
export async function observeUntil(
  context: RunContext,
  planned: PlannedAction,
  action: Action,
  snapshot: Snapshot,
  since: number,
  wanted: Wanted,
): Promise<Observation> {
  return untilSettled(
    context,
    planned,
    ({ state }) => state === wanted || isGone(state, wanted),
    () => observe(context, planned, action, snapshot, since),
  );
}

/** One answer of the control plane; `unknown` where it cannot be had. */
export async function observe(
  context: RunContext,
  planned: PlannedAction,
  action: Action,
  snapshot: Snapshot,
  since: number,
): Promise<Observation> {
  const target = context.targetOf(planned);
  try {
    return await context.read((call) => action.observe(target, snapshot, call), since);
  } catch (thrown) {
    return { state: 'unknown', detail: reasonOf(thrown), facts: {} };
  }
}

/**
 * Collects the evidence after an action: what is configured, then what is enforced. Each is asked for until it holds
 * or its time is over. Answers whether the action is known to be in effect.
 */
export async function collectEvidence(
  context: RunContext,
  planned: PlannedAction,
  action: Action,
  snapshot: Snapshot,
  since: number,
  round: string,
  wanted: Wanted,
): Promise<void> {
  const configured = await observeUntil(context, planned, action, snapshot, since, wanted);
  const enforced =
    wanted === 'in_effect' && configured.state === 'in_effect'
      ? await probeUntil(context, planned, action, snapshot, since)
      : null;
  const exact =
    wanted === 'not_in_effect' ? await comparedWith(context, planned, action, configured) : configured;
  const body: EvidenceBody = { round, configured: exact, enforced };
  await context.enter('evidence', planned.id, body);
}

/** After an undo: whether the object is exactly as the snapshot has it, where it is still the same object. */
async function comparedWith(
  context: RunContext,
  planned: PlannedAction,
  action: Action,
  configured: Observation,
): Promise<Observation> {
  if (configured.state !== 'not_in_effect' || planned.spec.reversibility !== 'R0') return configured;
  const target = context.targetOf(planned);
  try {
    const now = await context.read((call) => action.snapshot(target, call));
    const exact = digestOf(now.state) === digestOf(planned.snapshot.state);
    const facts = { ...configured.facts, exact };
    return exact
      ? { ...configured, facts }
      : { state: 'unknown', detail: 'It was put back, but not exactly as it was.', facts };
  } catch (thrown) {
    return { ...configured, detail: `${configured.detail} Not compared: ${reasonOf(thrown)}` };
  }
}

async function probeUntil(
  context: RunContext,
  planned: PlannedAction,
  action: Action,
  snapshot: Snapshot,
  since: number,
): Promise<Enforcement | null> {
  const { probe } = action;
  if (probe === null) return null;
  const target = context.targetOf(planned);
  return untilSettled<Enforcement>(
    context,
    planned,
    ({ state }) => state !== 'still_allowed',
    async () => {
      try {
        return await context.read((call) => probe.call(action, target, snapshot, call), since);
      } catch (thrown) {
        return { state: 'unknown', method: 'decision', artefacts: [], detail: reasonOf(thrown), facts: {} };
      }
    },
  );
}

/** Asks at once, after the typical time, and then ever less often until the longest one. */
async function untilSettled<T>(
  context: RunContext,
  { spec: { settle } }: PlannedAction,
  holds: (answer: T) => boolean,
  ask: () => Promise<T>,
): Promise<T> {
  const { clock, stop, limits } = context.tools;
  // From the end of the call, not from its intent: a slow call takes effect late.
  const end = clock.now() + Math.min(settle.maxMs, limits.settleMs);
  let wait = Math.max(settle.typicalMs, 50);
  for (;;) {
    const answer = await ask();
    const left = end - clock.now();
    if (holds(answer) || left <= 0 || stop.aborted) return answer;
    await clock.sleep(Math.min(wait, left), stop);
    wait = Math.min(wait * 1.6, 5_000);
  }
}

function isGone(state: Observation['state'], wanted: Wanted): boolean {
  return state === 'target_absent' && wanted === 'in_effect';
}

export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : 'it failed';
}
