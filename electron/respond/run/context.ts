import type { JsonObject } from '#shared/domain/json.ts';
import type { PlannedAction, PlanTarget } from '#shared/respond/plan.ts';
import type { RecordKind } from '#shared/respond/record.ts';
import type { ActionView, RunView } from '#shared/respond/run.ts';
import { RunFold } from '#shared/respond/run.ts';
import { FailureError } from '#shared/util/result.ts';
import type { Redactor } from '../io/redactor.ts';
import type { ActionJournal } from '../journal/action-journal.ts';
import { type Action, type CallContext, type Clock, type Provider, ProviderError } from '../provider.ts';
import type { ProviderPool } from '../registry/provider-pool.ts';
import { read, withDeadline } from '../calls.ts';
import { type Admission, admit } from './admission.ts';

export interface EngineTools {
  readonly journal: ActionJournal;
  readonly pool: ProviderPool;
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** The global stop: nothing new is dispatched once it fires; what is under way settles. */
  readonly stop: AbortSignal;
  readonly limits: EngineLimits;
  /** Told whenever something became known. */
  readonly onProgress: (progress: { readonly action: string | null; readonly kind: RecordKind }) => void;
}

export interface EngineLimits {
  readonly readMs: number;
  readonly writeMs: number;
  /** How long an action's effect is waited for within a run; a provider that needs longer is looked at again later. */
  readonly settleMs: number;
  /** How long one action waits for throttling altogether. */
  readonly throttleMs: number;
  readonly attempts: number;
  /** Targets of one provider at once. */
  readonly lane: number;
}

export const defaultLimits: EngineLimits = {
  readMs: 15_000,
  writeMs: 30_000,
  settleMs: 30_000,
  throttleMs: 120_000,
  attempts: 3,
  lane: 8,
};

/** One run at work: its state is what the journal says, kept beside it. */
export class RunContext {
  readonly run: string;
  readonly tools: EngineTools;
  readonly #targets: ReadonlyMap<string, PlanTarget>;
  readonly #actions = new Map<string, Promise<readonly Action[]>>();
  readonly #admissions = new Map<string, Promise<Admission>>();
  readonly #fold: RunFold;
  /** Until when a provider has asked to be left alone (epoch milliseconds). */
  readonly #paused = new Map<string, number>();

  constructor(run: string, tools: EngineTools) {
    const fold = RunFold.of(tools.journal.records(run));
    if (fold === null) throw new FailureError('not-found', `There is no run “${run}” in this journal.`);
    this.run = run;
    this.tools = tools;
    this.#fold = fold;
    this.#targets = new Map(fold.run.plan.targets.map((target) => [target.key, target]));
  }

  get head(): Omit<RunView, 'actions'> {
    return this.#fold.run;
  }

  /** Everything as the journal says now. */
  view(): RunView {
    return this.#fold.view();
  }

  viewOf({ id }: PlannedAction): ActionView {
    const found = this.#fold.action(id);
    if (found === undefined) throw new Error(`the run has no action ${id}`);
    return found;
  }

  targetOf({ target }: PlannedAction): PlanTarget {
    const found = this.#targets.get(target);
    if (found === undefined) throw new Error(`the plan has no target ${target}`);
    return found;
  }

  async providerOf(action: PlannedAction): Promise<Provider> {
    return (await this.tools.pool.get(this.targetOf(action).provider)).provider;
  }

  /** Whether a provider is the plan's, asked once; again where it has not answered. */
  admission(provider: string): Promise<Admission> {
    const known = this.#admissions.get(provider);
    if (known !== undefined) return known;
    const asked = admit(this, provider);
    this.#admissions.set(provider, asked);
    asked.catch(() => this.#admissions.delete(provider));
    return asked;
  }

  /** Leaves a whole provider alone for so long: it throttles its tenant, not one target. */
  pause(provider: string, milliseconds: number): void {
    const until = this.tools.clock.now() + milliseconds;
    this.#paused.set(provider, Math.max(until, this.#paused.get(provider) ?? 0));
  }

  /** Waits while a provider is to be left alone. */
  async untilReady(provider: string): Promise<void> {
    const { clock, stop } = this.tools;
    for (;;) {
      const left = (this.#paused.get(provider) ?? 0) - clock.now();
      if (left <= 0 || stop.aborted) return;
      await clock.sleep(left, stop);
    }
  }

  /** Durable when it resolves. SECURITY: every body passes the redactor on its way to the journal. */
  async enter(
    kind: RecordKind,
    action: string | null,
    body: object,
    nonces: readonly string[] = [],
  ): Promise<void> {
    const { journal, redactor, onProgress } = this.tools;
    const clean = redactor.data(body as JsonObject);
    const head = await journal.append({ kind, run: this.run, action, body: clean }, nonces);
    this.#fold.apply({ ...head, body: clean });
    onProgress({ action, kind });
  }

  /** A call that changes nothing. */
  read<T>(call: (context: CallContext) => Promise<T>, since?: number): Promise<T> {
    const { clock, limits } = this.tools;
    const forever = new AbortController().signal;
    return read(
      {
        clock,
        signal: forever,
        timeoutMs: limits.readMs,
        retriesSilence: true,
        ...(since === undefined ? {} : { since }),
      },
      call,
    );
  }

  /** A call that changes something: once, with its deadline; the global stop does not interrupt it. */
  write<T>(call: (context: CallContext) => Promise<T>, since: number): Promise<T> {
    const { clock, limits } = this.tools;
    return withDeadline(
      { clock, signal: new AbortController().signal, timeoutMs: limits.writeMs, since },
      call,
    );
  }

  /** The provider's action for a planned one. Throws `ProviderError` where it no longer offers it. */
  async actionOf(planned: PlannedAction): Promise<Action> {
    const target = this.targetOf(planned);
    let offered = this.#actions.get(target.key);
    if (offered === undefined) {
      offered = this.providerOf(planned)
        .then((provider) => this.read((context) => provider.actions(target, context)))
        .then(({ actions }) => actions);
      this.#actions.set(target.key, offered);
      offered.catch(() => this.#actions.delete(target.key));
    }
    const found = (await offered).find(({ spec }) => spec.id === planned.spec.id);
    if (found !== undefined) return found;
    throw new ProviderError('absent', `${target.name} no longer has the action ${planned.spec.id}.`);
  }
}
