import { isOpen } from './plan.ts';
import { type ActionState, type ActionView, type RunView, lastSweeps } from './run.ts';

/** What a run has come to, in numbers. */
export interface RunSummary {
  /** Without signals, which are advice and count for nothing. */
  readonly actions: number;
  readonly effective: number;
  readonly enforced: number;
  readonly notEffective: number;
  readonly unverifiable: number;
  readonly ambiguous: number;
  readonly rejected: number;
  readonly notSent: number;
  /**
   * True when every action is configured, no probe contradicts, and the sweep found nothing new; false also where
   * somebody who was asked for is refused as a target, and keeps their access; null where something cannot be told.
   */
  readonly contained: boolean | null;
  readonly survivors: number;
  /** Signals that their receivers took; what they do with them cannot be known. */
  readonly signals: number;
  /** When the last artefact that the plan leaves running is gone (RFC 3339); null where that is unbounded. */
  readonly residualUntil: string | null;
}

/** Advice to a receiver: it contains nothing by itself. */
function isSignal({ action }: ActionView): boolean {
  return action.spec.verb === 'signal.emit';
}

export function summarize(run: RunView): RunSummary {
  const actions = run.actions.filter((action) => !isSignal(action));
  const count = (...states: ActionState[]): number =>
    actions.filter(({ state }) => states.includes(state)).length;
  const effective = count('effective');
  const notEffective = count('not_effective', 'drifted');
  const rejected = count('rejected');
  const swept = lastSweeps(run);
  const survivors = new Set([...swept.values()].flatMap(({ findings }) => findings.map(({ key }) => key)))
    .size;
  const isRevocation = run.plan.kind === 'revoke';
  const actedOn = run.plan.providers
    .map(({ name }) => name)
    .filter((name) => run.plan.actions.some(({ target }) => target.startsWith(`${name}/`)));
  // What was not swept, or not whole, may have made itself a new key meanwhile.
  const open =
    run.plan.gaps.some(isOpen) || (isRevocation && actedOn.some((name) => swept.get(name)?.failed !== null));
  const keepsAccess = isRevocation && (survivors > 0 || run.plan.refusals.length > 0);
  const isDone = actions.length > 0 && effective === actions.length;
  const latest = actions.reduce(
    (last, { effectiveAt }) => Math.max(last, Date.parse(effectiveAt ?? '') || 0),
    0,
  );
  const { seconds } = run.plan.residual;
  return {
    actions: actions.length,
    effective,
    enforced: actions.filter(({ enforced }) => enforced?.state === 'denied').length,
    notEffective,
    unverifiable: count('unverifiable', 'settling'),
    ambiguous: count('ambiguous', 'intent_logged', 'throttled'),
    rejected,
    notSent: count('approved', 'skipped', 'unreachable'),
    contained:
      notEffective + rejected > 0 || run.status === 'deviated' || keepsAccess
        ? false
        : isDone && !open
          ? true
          : null,
    survivors,
    signals: run.actions.filter((action) => isSignal(action) && action.outcome?.kind === 'applied').length,
    residualUntil: seconds === null || !isDone ? null : new Date(latest + seconds * 1_000).toISOString(),
  };
}
