import { type JsonObject, arrayAt, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Target } from '#shared/domain/response.ts';
import { outcome } from '../../outcomes.ts';
import type { Action, CallContext, ProviderIo } from '../../provider.ts';
import type { CerbosConfig } from './config.ts';
import { type Place, placesOf, policyId } from './places.ts';
import type { CerbosServer } from './server.ts';

const spec: ActionSpec = {
  id: 'principal.deny',
  title: 'Deny the principal everything',
  verb: 'deny.attach',
  reversibility: 'R0',
  stops: ['policy_decision'],
  doesNotStop: [
    {
      artefact: 'app_session',
      residualSeconds: null,
      coveredBy: ['session.invalidate', 'session.terminate'],
      note: 'Applications that keep decisions, or do not ask Cerbos, go on.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  nativeDryRun: false,
  requiredPermissions: ['Admin API'],
  rateLimit: null,
  settle: { typicalMs: 100, maxMs: 5_000 },
  beyondReach: true,
  undo: { possible: true, waitSeconds: 0, note: '' },
};

/** The rule that everything of ours consists of, and by which it is known again. */
const denyAll = { resource: '*', actions: [{ action: '*', effect: 'EFFECT_DENY' }] };

/** A principal policy that denies everything, in every version and scope that requests use. */
export function denyAction(settings: CerbosConfig, server: CerbosServer, io: ProviderIo): Action {
  const { probe } = settings;
  const wanted = placesOf(settings);
  const found = async ({ id }: Target, call: CallContext) =>
    Promise.all(
      wanted.map(async (place) => ({ ...place, policy: await server.principalPolicy(id, place, call) })),
    );
  const inEffect = async (target: Target, call: CallContext): Promise<boolean> =>
    (await found(target, call)).every(({ policy }) => deniesAll(policy));
  return {
    spec,
    async snapshot(target, call) {
      const policies = await found(target, call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: policies.every(({ policy }) => deniesAll(policy)),
        version: null,
        // Policies of the principal's own are put back as they were. Our deny, disabled, is as good as none.
        state: {
          policies: policies.map(({ version, scope, policy }) => ({
            version,
            scope,
            policy: policy !== null && policy['disabled'] === true && isDenyAll(policy) ? null : policy,
          })),
        },
      };
    },
    preview: async ({ id }) => [
      {
        method: 'POST',
        address: server.address('/admin/policy'),
        body: JSON.stringify({ policies: wanted.map((place) => denyPolicy(id, place)) }),
      },
    ],
    async apply(target, _, call) {
      if (await inEffect(target, call)) return outcome('already_in_state', `${target.id} is denied already.`);
      return server.put(
        wanted.map((place) => denyPolicy(target.id, place)),
        call,
      );
    },
    async observe(target, _, call) {
      const denied = await inEffect(target, call);
      return {
        state: denied ? 'in_effect' : 'not_in_effect',
        detail: denied
          ? 'The deny is in the store and enabled.'
          : 'The deny is not in the store, or disabled.',
        facts: { policies: wanted.map((place) => policyId(target.id, place)) },
      };
    },
    async probe(target, _, call) {
      const [kind = 'rescind_probe', action = 'access'] = probe.split(':');
      const effects = await Promise.all(
        wanted.map((place) => server.check(target.id, place, kind, action, call)),
      );
      // Where nothing allows, a denial proves nothing of ours: only the policy that decided does.
      const ours = effects.every(
        ({ effect, policy }) => effect === 'EFFECT_DENY' && policy.startsWith('principal.'),
      );
      const allowed = effects.some(({ effect }) => effect === 'EFFECT_ALLOW');
      return {
        state: allowed ? 'still_allowed' : ours ? 'denied' : 'unknown',
        method: 'decision',
        artefacts: ['policy_decision'],
        detail: ours
          ? 'Cerbos denies, by the principal’s policy.'
          : 'Cerbos did not say that the principal’s policy decided.',
        facts: { effects: effects.map(({ effect, policy }) => `${effect} ${policy}`) },
      };
    },
    async undo(target, { state }, call) {
      const before = arrayAt(state, 'policies').filter(isObject);
      const kept = before.map((entry) => objectAt(entry, 'policy')).filter((policy) => policy !== undefined);
      const off = before
        .filter((entry) => {
          const policy = objectAt(entry, 'policy');
          return policy === undefined || policy['disabled'] === true;
        })
        .map((entry) =>
          policyId(target.id, {
            version: textAt(entry, 'version') ?? 'default',
            scope: textAt(entry, 'scope') ?? '',
          }),
        )
        // Those below first: a scope's policy needs the ones above it.
        .toReversed();
      if (kept.length > 0) {
        const restored = await server.put(
          kept.map(({ disabled: _state, ...policy }) => policy),
          call,
        );
        if (restored.kind !== 'applied') return restored;
      }
      return off.length === 0
        ? outcome('applied', 'The policies are as they were.')
        : server.disable(off, call);
    },
    dryRun: null,
  };
}

function denyPolicy(principalId: string, { version, scope }: Place): JsonObject {
  return {
    apiVersion: 'api.cerbos.dev/v1',
    principalPolicy: {
      principal: principalId,
      version,
      ...(scope === '' ? {} : { scope }),
      rules: [denyAll],
    },
  };
}

/** Whether a policy is there, enabled, and nothing but our deny. */
function deniesAll(policy: JsonObject | null): boolean {
  return policy !== null && policy['disabled'] !== true && isDenyAll(policy);
}

function isDenyAll(policy: JsonObject): boolean {
  const rules = arrayAt(objectAt(policy, 'principalPolicy'), 'rules').filter(isObject);
  const [rule] = rules;
  const actions = arrayAt(rule, 'actions').filter(isObject);
  return (
    rules.length === 1 &&
    textAt(rule, 'resource') === '*' &&
    actions.some(
      (entry) =>
        textAt(entry, 'action') === '*' &&
        entry['effect'] === 'EFFECT_DENY' &&
        entry['condition'] === undefined,
    )
  );
}
