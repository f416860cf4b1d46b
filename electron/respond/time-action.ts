import { textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Outcome, PlannedCall, Target } from '#shared/domain/response.ts';
import { outcome } from './outcomes.ts';
import type { Action, CallContext, ProviderIo } from './provider.ts';

/** How far the provider's clock may be behind ours. */
const clockSkewMs = 300_000;

interface TimeAction {
  readonly spec: ActionSpec;
  readonly io: ProviderIo;
  /** The time that the action leaves, as the provider writes it; null within where there was none yet, outside where the target is not there. */
  readonly read: (target: Target, call: CallContext) => Promise<{ readonly time: string | null } | null>;
  /** What the time is, e.g. “sessions are valid from”. */
  readonly named: string;
  readonly calls: (target: Target) => readonly PlannedCall[];
  readonly apply: (target: Target, call: CallContext) => Promise<Outcome>;
  readonly probe?: Action['probe'];
}

/**
 * An action that leaves a time at the provider and has no state beside it: sessions ended, a password set. It has taken
 * effect where the time has moved on since the snapshot, and is no older than the action.
 */
export function timeAction({ spec, io, read, named, calls, apply, probe }: TimeAction): Action {
  return {
    spec,
    async snapshot(target, call) {
      const now = await read(target, call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: false,
        version: null,
        state: { time: now?.time ?? null },
      };
    },
    preview: (target) => Promise.resolve(calls(target)),
    async apply(target, _, call) {
      const now = await read(target, call);
      return now === null ? outcome('target_absent', `${target.name} is not there.`) : apply(target, call);
    },
    async observe(target, { state }, call) {
      const now = await read(target, call);
      if (now === null) {
        return { state: 'target_absent', detail: `${target.name} is not there.`, facts: {} };
      }
      const [then, time] = [Date.parse(textAt(state, 'time') ?? ''), Date.parse(now.time ?? '')];
      const isMoved = Number.isNaN(then) ? !Number.isNaN(time) : time > then;
      const isIn = isMoved && time >= call.since - clockSkewMs;
      return {
        state: isIn ? 'in_effect' : 'not_in_effect',
        detail: `${target.name}: ${named} ${now.time ?? 'never'}.`,
        facts: { time: now.time },
      };
    },
    probe: probe ?? null,
    undo: null,
    dryRun: null,
  };
}
