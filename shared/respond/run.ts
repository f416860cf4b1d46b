import type { Enforcement, Observation, Outcome, Snapshot } from '../domain/response.ts';
import type { Plan, PlanDocument, PlannedAction } from './plan.ts';
import type { JournalRecord } from './record.ts';
import type {
  EvidenceBody,
  IntentBody,
  ResultBody,
  RunAuthority,
  RunStarted,
  SkippedBody,
  SweepBody,
} from './run-records.ts';

/** The restore that gave a run's targets access back, and when it began to. */
export interface GivenBack {
  readonly run: string;
  readonly plan: string;
  readonly planHash: string;
  readonly at: string;
}

export type ActionState =
  | 'approved'
  | 'intent_logged'
  | 'throttled'
  | 'ambiguous'
  | 'rejected'
  | 'skipped'
  | 'unreachable'
  | 'settling'
  | 'effective'
  | 'not_effective'
  | 'unverifiable'
  | 'drifted';

export interface ActionView {
  readonly action: PlannedAction;
  readonly state: ActionState;
  readonly attempts: number;
  /** The three facts, each with its own evidence; none is promoted to the next. */
  readonly requested: { readonly at: string; readonly record: number } | null;
  readonly configured: (Observation & { readonly at: string; readonly record: number }) | null;
  readonly enforced: (Enforcement & { readonly at: string; readonly record: number }) | null;
  readonly outcome: Outcome | null;
  /** Whether this run changed it: only then may it be undone. `presumed` after an attempt without a clear answer. */
  readonly ours: 'no' | 'yes' | 'presumed';
  /** State before the first attempt: what an undo puts back. */
  readonly before: Snapshot | null;
  /** An intent without result: what became of it must be observed. */
  readonly open: {
    readonly attempt: number;
    readonly at: string;
    readonly operation: IntentBody['operation'];
  } | null;
  readonly lastIntentAt: string | null;
  readonly effectiveAt: string | null;
  readonly skipped: SkippedBody | null;
  readonly drifted: boolean;
  /** Taken away again after a restore that deviated. */
  readonly reapplied: boolean;
}

export interface RunView {
  readonly run: string;
  readonly plan: Plan;
  readonly hash: string;
  readonly document: PlanDocument;
  readonly authority: RunAuthority;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly status: 'running' | 'stopped' | 'observing' | 'finished' | 'deviated';
  readonly actions: readonly ActionView[];
  readonly sweeps: readonly (SweepBody & { readonly at: string })[];
  readonly scheduled: readonly { readonly round: string; readonly at: string }[];
  /** Rounds of evidence so far. */
  readonly rounds: readonly string[];
  readonly countersigned: readonly string[];
  /** Slices of a restore that are done, with the time until which each is observed. */
  readonly stages: readonly { readonly stage: number; readonly at: string; readonly observeUntil: string }[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * What a run's records say, in order: the only way in which a run's state is known. Takes records one by one, so that
 * a run at work need not read its journal again.
 */
export class RunFold {
  readonly #run: Mutable<RunView>;
  readonly #actions: ReadonlyMap<string, Mutable<ActionView>>;

  private constructor(start: JournalRecord) {
    const { document, authority } = start.body as unknown as RunStarted;
    this.#actions = new Map(document.plan.actions.map((action) => [action.id, newView(action)]));
    this.#run = {
      run: start.run ?? '',
      plan: document.plan,
      hash: document.hash,
      document,
      authority,
      startedAt: start.time,
      endedAt: null,
      status: 'running',
      actions: [],
      sweeps: [],
      scheduled: [],
      rounds: [],
      countersigned: [],
      stages: [],
    };
  }

  /** Null where the records begin no run. */
  static of(records: readonly JournalRecord[]): RunFold | null {
    const start = records.find(({ kind }) => kind === 'run-started');
    if (start === undefined) return null;
    const fold = new RunFold(start);
    for (const record of records) fold.apply(record);
    return fold;
  }

  apply(record: JournalRecord): void {
    const view = record.action === null ? undefined : this.#actions.get(record.action);
    if (view === undefined) applyToRun(this.#run, record);
    else applyToAction(view, record);
  }

  get run(): Omit<RunView, 'actions'> {
    return this.#run;
  }

  action(id: string): ActionView | undefined {
    return this.#actions.get(id);
  }

  /** A copy of everything as it is now. */
  view(): RunView {
    return { ...this.#run, actions: [...this.#actions.values()].map((view) => ({ ...view })) };
  }
}

/** The state of a run by its records; null where there is no such run. */
export function foldRun(records: readonly JournalRecord[]): RunView | null {
  return RunFold.of(records)?.view() ?? null;
}

function newView(action: PlannedAction): Mutable<ActionView> {
  return {
    action,
    state: 'approved',
    attempts: 0,
    requested: null,
    configured: null,
    enforced: null,
    outcome: null,
    ours: 'no',
    before: null,
    open: null,
    lastIntentAt: null,
    effectiveAt: null,
    skipped: null,
    drifted: false,
    reapplied: false,
  };
}

function applyToRun(run: Mutable<RunView>, { kind, time, body }: JournalRecord): void {
  switch (kind) {
    case 'resumed':
      run.status = 'running';
      run.endedAt = null;
      run.authority = (body as unknown as { authority: RunAuthority | null }).authority ?? run.authority;
      break;
    case 'stopped':
      run.status = 'stopped';
      break;
    case 'run-finished':
      run.status = (body as unknown as { status: RunView['status'] }).status;
      run.endedAt = time;
      break;
    case 'sweep':
      run.sweeps = [...run.sweeps, { ...(body as unknown as SweepBody), at: time }];
      run.rounds = [...new Set([...run.rounds, (body as unknown as SweepBody).round])];
      break;
    case 'scheduled':
      run.scheduled = (body as unknown as Pick<RunView, 'scheduled'>).scheduled;
      break;
    case 'countersigned':
      run.countersigned = [
        ...new Set([...run.countersigned, (body as unknown as { person: string }).person]),
      ];
      break;
    case 'stage':
      run.stages = [
        ...run.stages,
        { ...(body as unknown as { stage: number; observeUntil: string }), at: time },
      ];
      break;
    case 'journal-created':
    case 'run-started':
    case 'intent':
    case 'result':
    case 'evidence':
    case 'skipped':
    case 'receipt-issued':
    case 'rejected':
      break;
  }
}

function applyToAction(view: Mutable<ActionView>, record: JournalRecord): void {
  const body = record.body as unknown;
  if (record.kind === 'intent') applyIntent(view, record, body as IntentBody);
  else if (record.kind === 'result') applyResult(view, record, body as ResultBody);
  else if (record.kind === 'evidence') applyEvidence(view, record, body as EvidenceBody);
  else if (record.kind === 'skipped') {
    view.skipped = body as SkippedBody;
    if (view.state === 'approved' || view.state === 'unreachable') view.state = 'skipped';
  }
}

function applyIntent(view: Mutable<ActionView>, { time, seq }: JournalRecord, intent: IntentBody): void {
  view.attempts = Math.max(view.attempts, intent.attempt);
  view.open = { attempt: intent.attempt, at: time, operation: intent.operation };
  view.lastIntentAt = time;
  view.requested ??= { at: time, record: seq };
  view.before ??= intent.snapshot;
  view.state = 'intent_logged';
  view.skipped = null;
  if (intent.operation === 'reapply') view.reapplied = true;
}

function applyResult(view: Mutable<ActionView>, { time }: JournalRecord, result: ResultBody): void {
  const unclear =
    view.ours === 'presumed' || view.outcome?.kind === 'ambiguous' || view.outcome?.kind === 'partial';
  view.open = null;
  const { outcome } = result;
  if (outcome === null) {
    view.state = 'unreachable';
    return;
  }
  view.outcome = outcome;
  switch (outcome.kind) {
    case 'applied':
      view.ours = result.by === 'call' ? 'yes' : view.ours === 'yes' ? 'yes' : 'presumed';
      view.state = 'settling';
      view.effectiveAt ??= time;
      break;
    case 'partial':
      view.ours = 'yes';
      view.state = 'settling';
      break;
    case 'already_in_state':
      // After an attempt without a clear answer it is most likely that attempt's work.
      if (unclear && view.ours === 'no') view.ours = 'presumed';
      view.state = 'settling';
      break;
    case 'target_absent':
      view.state = 'settling';
      break;
    case 'throttled':
      view.state = 'throttled';
      break;
    case 'ambiguous':
      view.state = 'ambiguous';
      break;
    case 'precondition_failed':
    case 'forbidden':
    case 'unsupported':
      view.state = 'rejected';
      break;
  }
}

function applyEvidence(
  view: Mutable<ActionView>,
  { time, seq }: JournalRecord,
  evidence: EvidenceBody,
): void {
  const { configured, enforced } = evidence;
  const wasEffective = view.state === 'effective' || view.drifted;
  if (configured !== null) view.configured = { ...configured, at: time, record: seq };
  if (enforced !== null) view.enforced = { ...enforced, at: time, record: seq };
  if (view.state === 'ambiguous' || view.state === 'rejected' || view.state === 'intent_logged') return;
  const wanted = view.action.undoes === null || view.reapplied ? 'in_effect' : 'not_in_effect';
  const state = view.configured?.state ?? 'unknown';
  const holds = state === wanted || (state === 'target_absent' && wanted === 'in_effect');
  if (view.enforced?.state === 'still_allowed' && wanted === 'in_effect') view.state = 'not_effective';
  else if (holds) view.state = 'effective';
  else view.state = state === 'unknown' ? 'unverifiable' : 'not_effective';
  if (view.state === 'effective') view.effectiveAt ??= time;
  view.drifted = wasEffective && view.state === 'not_effective';
  if (view.drifted) view.state = 'drifted';
}

/** The latest sweep of each provider, by its name. */
export function lastSweeps({
  sweeps,
}: Pick<RunView, 'sweeps'>): ReadonlyMap<string, RunView['sweeps'][number]> {
  return new Map(sweeps.map((sweep) => [sweep.provider, sweep]));
}

/** Whether nothing more is to be sent for an action. */
export function isFinal({ state, outcome }: Pick<ActionView, 'state' | 'outcome'>): boolean {
  if (state === 'rejected') return true;
  const kind = outcome?.kind;
  return kind === 'applied' || kind === 'already_in_state' || kind === 'target_absent';
}
