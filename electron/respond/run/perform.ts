import type { Outcome, Snapshot } from '#shared/domain/response.ts';
import type { PlannedAction } from '#shared/respond/plan.ts';
import type { ActionView } from '#shared/respond/run.ts';
import type { SkippedBody } from '#shared/respond/run-records.ts';
import { isFinal } from '#shared/respond/run.ts';
import { digestOf } from '../canonical.ts';
import { outcome } from '../outcomes.ts';
import { type Action, ProviderError } from '../provider.ts';
import { refusalOf } from './admission.ts';
import { attempt, settle } from './attempt.ts';
import type { RunContext } from './context.ts';
import { type Wanted, collectEvidence, observeUntil, reasonOf } from './observe.ts';

/** What a lane learns of an action: whether its provider answers. */
export type Performed = 'done' | 'unreachable' | 'left';

/**
 * Takes one action as far as it goes now, from whatever state the journal says it is in. Never throws for what a
 * provider does: it is entered, and the other actions go on.
 */
export async function perform(context: RunContext, planned: PlannedAction): Promise<Performed> {
  const view = context.viewOf(planned);
  let refusal: SkippedBody | null;
  try {
    refusal = await refusalOf(context, planned);
  } catch (thrown) {
    return leave(context, planned, thrown);
  }
  if (refusal?.kind === 'wrong-tenant') return skip(context, planned, refusal);
  const isHalfOfOnce = view.outcome?.kind === 'partial' && planned.spec.idempotency !== 'state_convergent';
  if ((isFinal(view) || isHalfOfOnce) && view.open === null) {
    if (view.state === 'effective' || view.state === 'rejected') return 'done';
    await evidenceOf(context, planned, view, wantedOf(planned));
    if (!hasNoEffect(context, planned)) return 'done';
  }
  let action: Action;
  try {
    action = await context.actionOf(planned);
  } catch (thrown) {
    if (view.open !== null) return 'unreachable';
    return leave(context, planned, thrown);
  }
  if (view.open !== null || view.state === 'ambiguous') {
    const settled = await settleOpen(context, planned, action, view);
    if (settled !== 'again') return settled;
  }
  if (refusal !== null) return skip(context, planned, refusal);
  return dispatch(context, planned, action, view.attempts);
}

/**
 * An intent without a clear result: first look, and only where nothing happened and a repeat is harmless, act again.
 * A provider may show an effect late, so that "not there" counts only after the longest time it may take.
 */
async function settleOpen(
  context: RunContext,
  planned: PlannedAction,
  action: Action,
  view: ActionView,
): Promise<Performed | 'again'> {
  const number = view.open?.attempt ?? view.attempts;
  const before = view.before ?? planned.snapshot;
  const since = Date.parse(view.lastIntentAt ?? context.head.startedAt);
  const wanted = wantedOf(planned);
  const found = await observeUntil(context, planned, action, before, since, wanted);
  if (found.state === wanted || (found.state === 'target_absent' && wanted === 'in_effect')) {
    const seen = outcome(
      'applied',
      `Seen after an attempt without a clear answer: ${found.detail}`,
      found.facts,
    );
    await settle(context, planned, number, seen);
    await collectEvidence(context, planned, action, before, since, 'after', wanted);
    return 'done';
  }
  const canRepeat = found.state !== 'unknown' && planned.spec.idempotency === 'state_convergent';
  const why = canRepeat
    ? 'It did not happen; a repeat is harmless.'
    : `Look before anything else: ${found.detail}`;
  if (view.open !== null || !canRepeat) {
    await settle(context, planned, number, outcome('ambiguous', why, found.facts));
  }
  return canRepeat ? 'again' : 'done';
}

async function dispatch(
  context: RunContext,
  planned: PlannedAction,
  action: Action,
  attempts: number,
): Promise<Performed> {
  const { clock, limits, stop } = context.tools;
  const wanted = wantedOf(planned);
  const { provider } = context.targetOf(planned);
  let patience = limits.throttleMs;
  let unreachable = 0;
  for (let number = attempts + 1; ; number++) {
    await context.untilReady(provider);
    const refusal = notNow(context, planned);
    if (refusal !== null) return skip(context, planned, refusal);
    if (stop.aborted) return 'left';
    const ready = await prepare(context, planned, action, number);
    if (ready === null) return 'done';
    if (ready === 'unreachable') return 'unreachable';
    const operation = planned.undoes === null ? 'apply' : 'undo';
    const { outcome: came, since } = await attempt(context, planned, action, operation, number, ready);
    const next = nextStep(came, number - attempts, limits.attempts, planned);
    if (next === 'evidence') {
      const before = context.viewOf(planned).before ?? ready;
      await collectEvidence(context, planned, action, before, since, 'after', wanted);
      if (number - attempts >= limits.attempts || !hasNoEffect(context, planned)) return 'done';
      continue;
    }
    if (next === 'stop') return 'done';
    if (next === 'observe') {
      const settled = await settleOpen(context, planned, action, context.viewOf(planned));
      if (settled !== 'again' || number - attempts >= limits.attempts)
        return settled === 'again' ? 'done' : settled;
    } else if (next === 'wait') {
      const wait = came?.kind === 'throttled' ? Math.max(came.retryAfterMs, 50) : 250 * 2 ** unreachable;
      if (came === null && ++unreachable >= limits.attempts) return 'unreachable';
      patience -= wait;
      if (patience <= 0) return 'done';
      if (came === null) await clock.sleep(wait, stop);
      else context.pause(provider, wait);
    }
  }
}

/**
 * Whether an action that was accepted is known to have done nothing, after the longest time that its effect may take:
 * a repeat is harmless then, and the only way on. Also how a resume takes back what has drifted.
 */
function hasNoEffect(context: RunContext, planned: PlannedAction): boolean {
  const { spec, undoes } = planned;
  const { configured, state } = context.viewOf(planned);
  const hadItsTime = spec.settle.maxMs <= context.tools.limits.settleMs;
  const isUndone =
    configured?.state === 'not_in_effect' && (state === 'not_effective' || state === 'drifted');
  return undoes === null && spec.idempotency === 'state_convergent' && hadItsTime && isUndone;
}

function nextStep(
  came: Outcome | null,
  tries: number,
  mostTries: number,
  planned: PlannedAction,
): 'evidence' | 'stop' | 'observe' | 'wait' | 'again' {
  if (came === null || came.kind === 'throttled') return 'wait';
  switch (came.kind) {
    case 'applied':
    case 'already_in_state':
    case 'target_absent':
      return 'evidence';
    case 'partial':
      return planned.spec.idempotency === 'state_convergent' && tries < mostTries ? 'again' : 'evidence';
    case 'ambiguous':
      return 'observe';
    case 'precondition_failed':
      // The snapshot is taken anew: a version that only moved on is no change of the target.
      return tries < mostTries ? 'again' : 'stop';
    case 'forbidden':
    case 'unsupported':
      break;
  }
  return 'stop';
}

/**
 * The state just before the call: null where there is nothing to do. An approval stands for the state that was
 * approved; where somebody else has changed that it is void. Without live approvals (standing order, emergency) the target's present
 * state is what is put on record.
 */
async function prepare(
  context: RunContext,
  planned: PlannedAction,
  action: Action,
  number: number,
): Promise<Snapshot | 'unreachable' | null> {
  const target = context.targetOf(planned);
  if (planned.undoes !== null) return prepareUndo(context, planned, action, number);
  let snapshot: Snapshot;
  try {
    snapshot = await context.read((call) => action.snapshot(target, call));
  } catch (thrown) {
    const left = await leave(context, planned, thrown);
    return left === 'unreachable' ? left : null;
  }
  if (snapshot.inState) {
    const kept = outcome('already_in_state', 'It was so already, so it is not ours to undo.', {});
    await settle(context, planned, number, kept, 'snapshot');
    await evidenceOf(context, planned, context.viewOf(planned), 'in_effect');
    return null;
  }
  // What this run itself has done in part is no change by somebody else: the same approval completes it.
  const isOwnChange = context.viewOf(planned).outcome?.kind === 'partial';
  const isBound = context.head.authority.kind === 'approvals' && !isOwnChange;
  if (isBound && digestOf(snapshot.state) !== digestOf(planned.snapshot.state)) {
    const why = `${target.name} has changed since the plan was approved: plan and approve again.`;
    await skip(context, planned, { kind: 'target-changed', why });
    return null;
  }
  return snapshot;
}

/** An undo is only made while the object is as the action left it. */
async function prepareUndo(
  context: RunContext,
  planned: PlannedAction,
  action: Action,
  number: number,
): Promise<Snapshot | 'unreachable' | null> {
  const target = context.targetOf(planned);
  try {
    const found = await context.read((call) => action.observe(target, planned.snapshot, call));
    if (found.state === 'not_in_effect') {
      await settle(
        context,
        planned,
        number,
        outcome('already_in_state', 'It was put back already.', {}),
        'snapshot',
      );
      await evidenceOf(context, planned, context.viewOf(planned), 'not_in_effect');
      return null;
    }
    const isRecreated = planned.spec.reversibility === 'R1' && found.state === 'target_absent';
    if (found.state === 'in_effect' || isRecreated) return planned.snapshot;
    await skip(context, planned, { kind: 'not-as-left', why: `It is not as it was left: ${found.detail}` });
    return null;
  } catch (thrown) {
    const left = await leave(context, planned, thrown);
    return left === 'unreachable' ? left : null;
  }
}

function notNow(context: RunContext, planned: PlannedAction): SkippedBody | null {
  const now = context.tools.clock.now();
  if (planned.notBefore !== null && now < Date.parse(planned.notBefore)) {
    return { kind: 'not-before', why: `Not before ${planned.notBefore}: ${planned.spec.undo.note}` };
  }
  if (now > Date.parse(context.head.authority.until)) {
    return {
      kind: 'authority-expired',
      why: 'The approvals have run out: approve the plan again and resume.',
    };
  }
  return null;
}

async function skip(context: RunContext, planned: PlannedAction, body: SkippedBody): Promise<Performed> {
  await context.enter('skipped', planned.id, body);
  return 'left';
}

/** A provider that does not answer leaves the action as it is, for a resume; anything else is said. */
async function leave(context: RunContext, planned: PlannedAction, thrown: unknown): Promise<Performed> {
  if (thrown instanceof ProviderError && (thrown.kind === 'unreachable' || thrown.kind === 'interrupted')) {
    return 'unreachable';
  }
  return skip(context, planned, { kind: 'action-gone', why: reasonOf(thrown) });
}

async function evidenceOf(
  context: RunContext,
  planned: PlannedAction,
  view: ActionView,
  wanted: Wanted,
): Promise<void> {
  try {
    const action = await context.actionOf(planned);
    const since = Date.parse(view.lastIntentAt ?? context.head.startedAt);
    await collectEvidence(context, planned, action, view.before ?? planned.snapshot, since, 'after', wanted);
  } catch {
    // What cannot be read now stays without evidence, which is shown as such.
  }
}

export function wantedOf({ undoes }: PlannedAction): Wanted {
  return undoes === null ? 'in_effect' : 'not_in_effect';
}
