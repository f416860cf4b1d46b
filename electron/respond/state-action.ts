import type { JsonObject } from '#shared/domain/json.ts';
import type { ActionSpec, Observation, Outcome, PlannedCall, Target } from '#shared/domain/response.ts';
import { outcome } from './outcomes.ts';
import type { Action, CallContext, ProviderIo } from './provider.ts';

/** What can be read of a target: exactly what undo needs, and whether what the action wants is so. */
export interface ReadState {
  readonly state: JsonObject;
  readonly isDone: boolean;
  /** One sentence for a person. */
  readonly detail: string;
  readonly version?: string | null;
  /** Further facts of the reading; they may change from one to the next. */
  readonly facts?: JsonObject;
  /** A state from which the action cannot be made, or is still being made. */
  readonly blocked?: Outcome;
}

interface StateAction {
  readonly spec: ActionSpec;
  readonly io: ProviderIo;
  /** Null where the target is not there. */
  readonly read: (target: Target, call: CallContext) => Promise<ReadState | null>;
  readonly calls: (target: Target, state: JsonObject) => readonly PlannedCall[];
  readonly apply: (target: Target, now: ReadState, call: CallContext) => Promise<Outcome>;
  /** `before` is the snapshot's state, `now` what is there; made only where `now` is done. Null where nothing can. */
  readonly undo:
    | ((target: Target, before: JsonObject, now: ReadState, call: CallContext) => Promise<Outcome>)
    | null;
  readonly undoCalls?: (target: Target, before: JsonObject) => readonly PlannedCall[];
  /** Why what is there is not as the action left it; null where it is. */
  readonly changedSince?: (before: JsonObject, now: ReadState) => string | null;
  readonly probe?: Action['probe'];
}

/**
 * An action on a state that can be read: it is made only from where it is not so already, and taken back only while
 * the target is as the action left it.
 */
export function stateAction(options: StateAction): Action {
  const { spec, io, read, undo, undoCalls, changedSince } = options;
  return {
    spec,
    async snapshot(target, call) {
      const now = await read(target, call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: now?.isDone ?? false,
        version: now?.version ?? null,
        state: now?.state ?? {},
      };
    },
    preview: (target, { state }) => Promise.resolve(options.calls(target, state)),
    ...(undoCalls === undefined
      ? {}
      : { previewUndo: (target, { state }) => Promise.resolve(undoCalls(target, state)) }),
    async apply(target, _, call) {
      const now = await read(target, call);
      if (now === null) return outcome('target_absent', `${target.name} is not there.`);
      if (now.isDone) return outcome('already_in_state', now.detail);
      return now.blocked ?? options.apply(target, now, call);
    },
    async observe(target, _, call): Promise<Observation> {
      const now = await read(target, call);
      if (now === null) {
        return { state: 'target_absent', detail: `${target.name} is not there.`, facts: {} };
      }
      return {
        state: now.isDone ? 'in_effect' : 'not_in_effect',
        detail: now.detail,
        facts: now.facts ?? {},
      };
    },
    probe: options.probe ?? null,
    undo:
      undo === null
        ? null
        : async (target, { state: before, inState }, call) => {
            if (inState) return outcome('precondition_failed', `${target.name} was so before.`);
            const now = await read(target, call);
            if (now === null) return outcome('target_absent', `${target.name} is not there.`);
            if (!now.isDone) return outcome('already_in_state', now.detail);
            const changed = changedSince?.(before, now) ?? null;
            return changed === null
              ? undo(target, before, now, call)
              : outcome('precondition_failed', changed);
          },
    dryRun: null,
  };
}
