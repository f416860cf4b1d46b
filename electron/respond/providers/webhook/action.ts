import type { JsonObject } from '#shared/domain/json.ts';
import type { ActionSpec, Outcome, Target } from '#shared/domain/response.ts';
import { outcome, outcomeOfStatus } from '../../outcomes.ts';
import type { Action, CallContext, ProviderIo } from '../../provider.ts';
import { type DeclaredAction, looked, observed, performed } from './shapes.ts';
import type { Operation, WebhookWire } from './wire.ts';

/** An action that the receiver declares. What it says of itself is what is shown and signed. */
export function declaredAction(declared: DeclaredAction, wire: WebhookWire, io: ProviderIo): Action {
  const dataOf = ({ kind, id }: Target, state: JsonObject | null): JsonObject => ({
    action: declared.id,
    target: { kind, id },
    ...(state === null ? {} : { state }),
  });
  const change = async (
    operation: Operation,
    target: Target,
    state: JsonObject,
    call: CallContext,
  ): Promise<Outcome> => {
    const { response, id } = await wire.send(operation, dataOf(target, state), call);
    const facts = { messageId: id, status: response.status };
    if (!response.ok) {
      return outcomeOfStatus(response, `The receiver answered HTTP ${response.status}.`, {
        now: io.clock.now(),
        permissions: [declared.id],
        facts,
      });
    }
    const answer = await wire.read(response, id, performed);
    return outcome(answer.outcome, answer.detail, facts);
  };
  return {
    spec: specOf(declared),
    async snapshot(target, call) {
      const { inState, state } = await wire.ask('look', dataOf(target, null), looked, call);
      return { takenAt: new Date(io.clock.now()).toISOString(), inState, version: null, state };
    },
    preview: async (target, { state }) => [
      { method: 'POST', address: wire.address, body: wire.bodyOf('apply', dataOf(target, state)) },
    ],
    previewUndo: async (target, { state }) => [
      { method: 'POST', address: wire.address, body: wire.bodyOf('undo', dataOf(target, state)) },
    ],
    apply: (target, { state }, call) => change('apply', target, state, call),
    async observe(target, { state: before }, call) {
      const { state, detail } = await wire.ask('observe', dataOf(target, before), observed, call);
      return { state, detail, facts: {} };
    },
    // A receiver speaks for itself: what it says is configured; whether that bites, it cannot prove.
    probe: null,
    undo: declared.canUndo ? (target, { state }, call) => change('undo', target, state, call) : null,
    dryRun: null,
  };
}

function specOf(declared: DeclaredAction): ActionSpec {
  const { id, title, verb, reversibility, stops, doesNotStop, canUndo, undoNote, settleSeconds } = declared;
  return {
    id,
    title,
    verb,
    reversibility,
    stops,
    doesNotStop: doesNotStop.map((remainder) => ({ ...remainder, coveredBy: [] })),
    // The message's id makes one attempt happen once; another attempt is made only after a look.
    idempotency: reversibility === 'R0' || reversibility === 'R1' ? 'state_convergent' : 'none',
    precondition: 'compare_snapshot',
    nativeDryRun: false,
    requiredPermissions: [id],
    rateLimit: null,
    settle: { typicalMs: Math.min(settleSeconds * 1_000, 2_000), maxMs: settleSeconds * 1_000 },
    beyondReach: null,
    undo: { possible: canUndo, waitSeconds: 0, note: undoNote },
  };
}
