import { randomBytes } from 'node:crypto';
import type { Outcome, Snapshot } from '#shared/domain/response.ts';
import { type PlannedAction, type PlanTarget, targetKey } from '#shared/respond/plan.ts';
import type { IntentBody, ResultBody } from '#shared/respond/run-records.ts';
import { digestOf } from '../canonical.ts';
import { outcomeOfError } from '../outcomes.ts';
import { type Action, ProviderError } from '../provider.ts';
import type { RunContext } from './context.ts';

/** What came of one attempt; `outcome` null where for certain nothing was sent. */
export interface Attempt {
  readonly outcome: Outcome | null;
  /** When the intent was written (epoch milliseconds). */
  readonly since: number;
}

/**
 * One attempt: the intent is durable before the call, the result after it. Whatever the call does in between — time
 * out, reset, crash this process — the journal tells that it may have happened.
 */
export async function attempt(
  context: RunContext,
  planned: PlannedAction,
  action: Action,
  operation: IntentBody['operation'],
  number: number,
  snapshot: Snapshot,
  target: PlanTarget = context.targetOf(planned),
): Promise<Attempt> {
  const since = context.tools.clock.now();
  const intent: IntentBody = {
    attempt: number,
    operation,
    target: targetKey(target),
    spec: planned.spec.id,
    requestDigest: digestOf(planned.calls),
    snapshot,
    nonce: randomBytes(12).toString('hex'),
  };
  await context.enter('intent', planned.id, intent);
  let outcome: Outcome | null;
  let notSent: string | null = null;
  try {
    outcome = await context.write((call) => callOf(action, operation)(target, snapshot, call), since);
  } catch (thrown) {
    outcome = outcomeOfError(thrown);
    if (outcome === null && thrown instanceof ProviderError) notSent = thrown.message;
  }
  const result: ResultBody = { attempt: number, by: 'call', outcome, notSent };
  await context.enter('result', planned.id, result);
  return { outcome, since };
}

function callOf(action: Action, operation: IntentBody['operation']): Action['apply'] {
  if (operation !== 'undo') return action.apply.bind(action);
  if (action.undo === null) throw new ProviderError('rejected', 'This action cannot be undone.');
  return action.undo.bind(action);
}

/** Enters what an observation says of an attempt that had no clear answer. */
export async function settle(
  context: RunContext,
  planned: PlannedAction,
  number: number,
  outcome: Outcome,
  by: ResultBody['by'] = 'observation',
): Promise<void> {
  const result: ResultBody = { attempt: number, by, outcome, notSent: null };
  await context.enter('result', planned.id, result);
}
