import { type Json, arrayAt, isObject, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Outcome, Target } from '#shared/domain/response.ts';
import { outcome, outcomeOfError, partial } from '../../outcomes.ts';
import type { Action, CallContext, ProviderIo } from '../../provider.ts';
import type { OpaConfig } from './index.ts';
import type { OpaReplica } from './replica.ts';

const spec: ActionSpec = {
  id: 'subject.deny',
  title: 'Deny the subject by the emergency flag',
  verb: 'deny.attach',
  reversibility: 'R0',
  stops: ['policy_decision'],
  doesNotStop: [
    {
      artefact: 'app_session',
      residualSeconds: null,
      coveredBy: ['session.invalidate', 'session.terminate'],
      note: 'Applications that keep decisions, or do not ask OPA, go on; so does a replica that is not listed.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  nativeDryRun: false,
  requiredPermissions: ['PUT /v1/data', 'DELETE /v1/data'],
  rateLimit: null,
  settle: { typicalMs: 0, maxMs: 5_000 },
  beyondReach: null,
  undo: {
    possible: true,
    waitSeconds: 0,
    note: 'A replica that was started again has lost the deny already.',
  },
};

/** `PUT /v1/data/emergency/deny/{subject}` with `true`, on every replica. */
export function denyAction(settings: OpaConfig, replicas: readonly OpaReplica[], io: ProviderIo): Action {
  const flags = ({ id }: Target, call: CallContext): Promise<(Json | undefined)[]> =>
    Promise.all(replicas.map((replica) => replica.read(id, call)));
  return {
    spec,
    async snapshot(target, call) {
      const found = await flags(target, call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: found.every((flag) => flag === true),
        version: null,
        state: {
          replicas: replicas.map(({ url }, index) => {
            const flag = found[index];
            return flag === undefined ? { url, present: false } : { url, present: true, flag };
          }),
        },
      };
    },
    preview: async ({ id }) =>
      replicas.map((replica) => ({ method: 'PUT', address: replica.address(id), body: 'true' })),
    apply: (target, _, call) =>
      onEach(replicas, async (replica) => {
        if ((await replica.read(target.id, call)) === true) {
          return outcome('already_in_state', `${replica.url} denies ${target.id} already.`);
        }
        return replica.write(target.id, true, call);
      }),
    async observe(target, _, call) {
      const found = await flags(target, call);
      const without = replicas.filter((_replica, index) => found[index] !== true).map(({ url }) => url);
      return {
        state: without.length === 0 ? 'in_effect' : 'not_in_effect',
        detail:
          without.length === 0
            ? 'The flag is set on every replica.'
            : `The flag is not set on ${without.join(', ')}.`,
        facts: { without },
      };
    },
    async probe(target, _, call) {
      const artefacts = ['policy_decision'] as const;
      if (settings.decision === '') {
        const detail = 'No decision is configured to ask for.';
        return { state: 'unknown', method: 'decision', artefacts, detail, facts: {} };
      }
      const input = withSubject(JSON.parse(settings.input) as Json, target.id);
      const results = await Promise.all(
        replicas.map(async (replica) => allows(await replica.decide(settings.decision, input, call))),
      );
      const allowed = results.includes(true);
      const denied = results.every((result) => result === false);
      return {
        state: allowed ? 'still_allowed' : denied ? 'denied' : 'unknown',
        method: 'decision',
        artefacts,
        detail: allowed
          ? 'A replica still allows the subject.'
          : denied
            ? 'Every replica denies.'
            : 'A replica did not say whether it allows.',
        facts: { decision: settings.decision, allowed: results },
      };
    },
    undo: (target, { state }, call) =>
      onEach(replicas, async (replica) => {
        const entry = arrayAt(state, 'replicas')
          .filter(isObject)
          .find((one) => textAt(one, 'url') === replica.url);
        if (entry === undefined) {
          return outcome('precondition_failed', `What ${replica.url} held before is not known.`);
        }
        const now = await replica.read(target.id, call);
        const before = entry['flag'];
        if (JSON.stringify(now) === JSON.stringify(before)) {
          return outcome('already_in_state', `${replica.url} is as it was.`);
        }
        if (now !== true) return outcome('precondition_failed', `${replica.url} was changed since.`);
        return replica.write(target.id, before, call);
      }),
    dryRun: null,
  };
}

/** Acts on every replica, one after another; one that fails does not keep the others from being done. */
async function onEach(
  replicas: readonly OpaReplica[],
  act: (replica: OpaReplica) => Promise<Outcome>,
): Promise<Outcome> {
  const outcomes: { readonly url: string; readonly outcome: Outcome }[] = [];
  const unsent: { readonly url: string; readonly thrown: unknown }[] = [];
  for (const replica of replicas) {
    try {
      outcomes.push({ url: replica.url, outcome: await act(replica) });
    } catch (thrown) {
      // A single replica's error is the whole action's: the engine knows best what it stands for.
      if (replicas.length === 1) throw thrown;
      const known = outcomeOfError(thrown);
      if (known === null) unsent.push({ url: replica.url, thrown });
      else outcomes.push({ url: replica.url, outcome: known });
    }
  }
  const done = outcomes.filter(({ outcome: { kind } }) => kind === 'applied' || kind === 'already_in_state');
  const failed = outcomes.filter((entry) => !done.includes(entry));
  const ambiguous = failed.find(({ outcome: { kind } }) => kind === 'ambiguous');
  if (ambiguous !== undefined) return ambiguous.outcome;
  const [missed] = unsent;
  if (failed.length === 0 && missed === undefined) {
    return done.find(({ outcome: { kind } }) => kind === 'applied')?.outcome ?? outcomes[0]?.outcome ?? none;
  }
  if (done.length === 0) {
    const [first] = failed;
    if (first !== undefined) return first.outcome;
    throw missed?.thrown;
  }
  const left = [...failed, ...unsent].map(({ url }) => url);
  return partial(
    done.map(({ url }) => url),
    left,
    `Not done on ${left.join(', ')}.`,
  );
}

const none = outcome('unsupported', 'There is no replica.');

/** A decision that is a boolean, or an object with the boolean `allow`; anything else says nothing. */
function allows(result: Json | undefined): boolean | null {
  const value = isObject(result) ? result['allow'] : result;
  return typeof value === 'boolean' ? value : null;
}

function withSubject(value: Json, subject: string): Json {
  if (typeof value === 'string') return value.replaceAll('{subject}', () => subject);
  if (Array.isArray(value)) return value.map((item: Json) => withSubject(item, subject));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, item === undefined ? null : withSubject(item, subject)]),
  );
}
