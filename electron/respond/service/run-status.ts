import type { ActionStatus, RunStatus } from '#shared/ipc/respond-views.ts';
import type { Roster } from '#shared/respond/approval.ts';
import { requirementOf } from '#shared/respond/approval.ts';
import { type ActionView, type GivenBack, type RunView, lastSweeps } from '#shared/respond/run.ts';
import { summarize } from '#shared/respond/run-summary.ts';

/** A run as people see it. */
export function statusOf(run: RunView, roster: Roster | null, back: GivenBack | null): RunStatus {
  const { plan } = run;
  const names = new Map(plan.targets.map(({ key, name }) => [key, name]));
  return {
    run: run.run,
    plan: plan.id,
    kind: plan.kind,
    hash: run.hash,
    status: run.status,
    startedAt: run.startedAt,
    authority: run.authority,
    countersignaturesMissing: missingCountersignatures(run, roster),
    summary: summarize(run),
    actions: run.actions.map((view) => actionStatus(view, names)),
    gaps: plan.gaps,
    refusals: plan.refusals,
    survivors: [...lastSweeps(run).values()].flatMap(({ provider, findings }) =>
      findings.map(({ name, why }) => ({ provider, name, why })),
    ),
    scheduled: run.scheduled,
    rounds: run.rounds,
    stages: run.stages,
    givenBack: back === null ? null : { at: back.at, plan: back.plan },
  };
}

/** An emergency is flagged until as many others have signed as the plan would have needed. */
function missingCountersignatures(run: RunView, roster: Roster | null): number {
  if (run.authority.kind !== 'emergency') return 0;
  const needed = roster === null ? 1 : requirementOf(run.plan, roster).needed;
  const others = run.countersigned.filter((person) => !run.authority.people.includes(person));
  return Math.max(0, needed - others.length);
}

function actionStatus(view: ActionView, names: ReadonlyMap<string, string>): ActionStatus {
  const { action, state, outcome, ours, requested, configured, enforced, skipped } = view;
  const { spec, target } = action;
  const undoing = action.undoes === null ? '' : 'Undo: ';
  return {
    id: action.id,
    provider: target.slice(0, target.indexOf('/')),
    target,
    name: names.get(target) ?? target,
    title: `${undoing}${spec.title}`,
    verb: spec.verb,
    reversibility: spec.reversibility,
    state,
    outcome: outcome?.kind ?? null,
    detail: skipped?.why ?? outcome?.detail ?? '',
    ours,
    requested: requested?.at ?? null,
    configured:
      configured === null ? null : { state: configured.state, at: configured.at, detail: configured.detail },
    enforced: enforced === null ? null : { state: enforced.state, at: enforced.at, detail: enforced.detail },
  };
}
