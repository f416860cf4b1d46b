import { randomBytes } from 'node:crypto';
import { forecast, type Usage } from '#shared/respond/forecast.ts';
import { dependencies, inOrder } from '#shared/respond/order.ts';
import type { Plan, PlanDocument, PlanMissing, PlanReference, PlannedAction } from '#shared/respond/plan.ts';
import type { Playbook } from '#shared/respond/playbook.ts';
import { residualOf } from '#shared/respond/residual.ts';
import { FailureError } from '#shared/util/result.ts';
import { digestOf } from '../canonical.ts';
import type { Redactor } from '../io/redactor.ts';
import type { Clock } from '../provider.ts';
import type { ProviderPool } from '../registry/provider-pool.ts';
import { type Survey, type SurveyedAction, survey } from './survey.ts';

export interface PlanRequest {
  readonly case: { readonly id: string; readonly name: string };
  readonly journal: string;
  readonly incident: string | null;
  /** Start of the incident (RFC 3339). */
  readonly since: string;
  readonly references: readonly PlanReference[];
  /** Names of the providers to look at. */
  readonly providers: readonly string[];
  readonly playbook: Playbook;
  readonly usage: readonly Usage[];
  readonly proposer: string;
}

export interface PlanTools {
  readonly pool: ProviderPool;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
}

/** Looks at all providers at once and makes one plan. Nothing is changed anywhere. */
export async function buildPlan(request: PlanRequest, tools: PlanTools): Promise<PlanDocument> {
  if (request.providers.length === 0) {
    throw new FailureError('invalid-input', 'No provider is set up: see “rescind provider add --help”.');
  }
  const { playbook, references } = request;
  const surveys = await Promise.all(request.providers.map((name) => surveyOf(name, request, tools)));
  const providers = surveys.flatMap(({ provider }) => (provider === null ? [] : [provider]));
  const sourcedFrom = new Map(providers.map(({ name, sourcedFrom: sources }) => [name, sources]));
  const ordered = inOrder(
    surveys.flatMap(({ actions }) => actions),
    sourcedFrom,
  );
  const waits = dependencies(ordered, sourcedFrom);
  const actions = ordered.map((action, index) => plannedAction(action, index, waits[index] ?? []));
  const plan: Plan = {
    format: 'rescind-plan',
    version: 1,
    kind: 'revoke',
    id: `plan-${randomBytes(8).toString('hex')}`,
    created: new Date(tools.clock.now()).toISOString(),
    case: request.case,
    journal: request.journal,
    incident: request.incident,
    since: request.since,
    playbook: { name: playbook.name, digest: digestOf(playbook) },
    proposer: request.proposer,
    references,
    providers,
    targets: surveys.flatMap(({ targets }) => targets),
    actions,
    refusals: surveys.flatMap(({ refusals }) => refusals),
    gaps: surveys.flatMap(({ gaps }) => gaps),
    missing: missingControls(surveys, ordered),
    forecast: request.usage.map(forecast),
    residual: residualOf(ordered),
    snapshotDigest: snapshotDigest(actions),
    restores: null,
    observeSeconds: 0,
  };
  return documentOf(plan);
}

async function surveyOf(
  name: string,
  { references, playbook }: PlanRequest,
  tools: PlanTools,
): Promise<Survey> {
  const { pool, clock, redactor, signal } = tools;
  return survey(await pool.get(name), references, { clock, redactor, signal, playbook });
}

/** The document of a new plan: canonical hash, not approved by anybody. */
export function documentOf(plan: Plan): PlanDocument {
  // Through JSON once: what is hashed is what will be read from the file.
  const plain = JSON.parse(JSON.stringify(plan)) as Plan;
  return { plan: plain, hash: digestOf(plain), approvals: [] };
}

/** Digest of all snapshots of a plan: the state that was approved. */
export function snapshotDigest(actions: readonly PlannedAction[]): string {
  return digestOf(
    actions.map(({ id, snapshot: { state, version, inState } }) => ({ id, state, version, inState })),
  );
}

function plannedAction(action: SurveyedAction, index: number, waits: readonly number[]): PlannedAction {
  const { target, group, spec, snapshot, calls } = action;
  return {
    id: actionId(index),
    target,
    group,
    spec,
    snapshot,
    calls,
    after: waits.map(actionId),
    stage: 1,
    notBefore: null,
    undoes: null,
  };
}

export function actionId(index: number): string {
  return `a${index + 1}`;
}

/** Besides what providers say: identities that something else will write back. */
function missingControls(surveys: readonly Survey[], ordered: readonly SurveyedAction[]): PlanMissing[] {
  const acting = new Set(ordered.map(({ provider, group }) => `${group}\n${provider}`));
  const said = [...surveys.flatMap(({ missing }) => missing), ...withinReach(ordered)];
  for (const { provider, targets } of surveys) {
    if (provider === null) continue;
    for (const { group, managedBy, name, parent } of targets) {
      if (parent !== null || !acting.has(`${group}\n${provider.name}`)) continue;
      const covered = provider.sourcedFrom.some((source) => acting.has(`${group}\n${source}`));
      if (covered || (managedBy === null && provider.sourcedFrom.length === 0)) continue;
      const source = managedBy ?? provider.sourcedFrom.join(', ');
      said.push({
        provider: provider.name,
        group,
        control: `containment of “${name}” at its source of truth (${source})`,
        consequence: `The next synchronisation from ${source} may undo what is done at ${provider.name}.`,
        advice:
          'Disable the identity there first, or set that system up as a provider and name it as source-of-truth.',
      });
    }
  }
  return said;
}

/** Identities whose own rights would let them undo everything that the plan does: no order is safe then. */
function withinReach(ordered: readonly SurveyedAction[]): PlanMissing[] {
  const lanes = Map.groupBy(ordered, ({ provider, group }) => `${group}\n${provider}`);
  return [...lanes.values()].flatMap((lane) => {
    const [first] = lane;
    const isExposed = lane.some(({ spec }) => spec.beyondReach === false);
    if (first === undefined || !isExposed || lane.some(({ spec }) => spec.beyondReach === true)) return [];
    const { provider, group } = first;
    return [
      {
        provider,
        group,
        control: 'a deny by an authority outside of the suspect’s reach',
        consequence: 'The suspect may undo these actions, or make new credentials, before they bite.',
        advice: 'Set up such a control before the next incident. Now: watch the sweep and verify again soon.',
      },
    ];
  });
}
