import { z } from 'zod';
import { type JsonObject, arrayAt, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Target } from '#shared/domain/response.ts';
import { endpointUrl } from '../../endpoint.ts';
import { objectBody } from '../../object-body.ts';
import { outcome, outcomeOfStatus, readErrorOf } from '../../outcomes.ts';
import {
  type Action,
  type CallContext,
  type FoundTarget,
  type Permission,
  type Provider,
  type ProviderIo,
  type ProviderType,
} from '../../provider.ts';

const config = z.strictObject({
  url: endpointUrl('https').describe('the PDP with its Admin API'),
  adminUser: z.string().min(1).max(200).default('cerbos').describe('user of the Admin API'),
  versions: z
    .string()
    .max(1_000)
    .default('default')
    .describe('policy versions that requests use, comma-separated: a deny is needed in each'),
  probe: z
    .string()
    .max(500)
    .default('rescind_probe:access')
    .describe('a kind of resource and an action for the check that the deny bites, as kind:action'),
});
type CerbosConfig = z.output<typeof config>;

const permissions: readonly Permission[] = [
  { name: 'Admin API', neededFor: 'principal.deny', why: 'to add and take away principal policies' },
  { name: 'Check API', neededFor: 'read', why: 'to see what is decided' },
];

/** Cerbos with a mutable store and its Admin API: a principal policy that denies everything. */
export const cerbos: ProviderType<CerbosConfig> = {
  type: 'cerbos',
  title: 'Cerbos',
  config,
  secrets: [{ name: 'adminPassword', title: 'Password of the Admin API', required: true }],
  permissions,
  provedOn: 'real-server',
  origins: ({ url }) => [new URL(url).origin],
  open: (settings, io) => openCerbos(settings, io),
};

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

function openCerbos(settings: CerbosConfig, io: ProviderIo): Provider {
  const server = new CerbosServer(settings, io);
  const deny = denyAction(settings, server, io);
  const whoami = async (call: CallContext): ReturnType<Provider['whoami']> => {
    await server.policyIds(call);
    return {
      tenant: settings.url,
      tenantName: settings.url,
      operator: [settings.adminUser],
      operatorName: settings.adminUser,
    };
  };
  return {
    whoami,
    test: async (call) => ({
      identity: await whoami(call),
      missing: [],
      unchecked: [],
      notes: ['Every instance that has a store of its own needs the deny: configure each of them.'],
    }),
    // Cerbos keeps no principals: whatever name requests carry is one.
    resolve: ({ kind, id }) =>
      Promise.resolve({
        targets: kind === 'identity' ? [principal(id)] : [],
        ambiguous: [],
        notes: ['Cerbos does not know who exists: the id has to be the one that requests carry.'],
      }),
    descendants: () => Promise.resolve([]),
    actions: () => Promise.resolve({ actions: [deny], missing: [] }),
    administrators: () => Promise.resolve(null),
    sweep: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
}

function principal(id: string): FoundTarget {
  return {
    kind: 'principal',
    id,
    name: id,
    parent: null,
    createdAt: null,
    managedBy: null,
    attributes: {},
  };
}

/** The rule that everything of ours consists of, and by which it is known again. */
const denyAll = { resource: '*', actions: [{ action: '*', effect: 'EFFECT_DENY' }] };

function denyAction({ versions, probe }: CerbosConfig, server: CerbosServer, io: ProviderIo): Action {
  const wanted = versions
    .split(',')
    .map((version) => version.trim())
    .filter((version) => version !== '');
  const found = async ({ id }: Target, call: CallContext) =>
    Promise.all(
      wanted.map(async (version) => ({ version, policy: await server.principalPolicy(id, version, call) })),
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
          policies: policies.map(({ version, policy }) => ({
            version,
            policy: policy !== null && policy['disabled'] === true && isDenyAll(policy) ? null : policy,
          })),
        },
      };
    },
    preview: async ({ id }) => [
      {
        method: 'POST',
        address: server.address('/admin/policy'),
        body: JSON.stringify({ policies: wanted.map((version) => denyPolicy(id, version)) }),
      },
    ],
    async apply(target, _, call) {
      if (await inEffect(target, call)) return outcome('already_in_state', `${target.id} is denied already.`);
      return server.put(
        wanted.map((version) => denyPolicy(target.id, version)),
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
        facts: { versions: wanted },
      };
    },
    async probe(target, _, call) {
      const [kind = 'rescind_probe', action = 'access'] = probe.split(':');
      const effects = await Promise.all(
        wanted.map((version) => server.check(target.id, version, kind, action, call)),
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
        .map((entry) => `principal.${target.id}.v${textAt(entry, 'version') ?? 'default'}`);
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

function denyPolicy(principalId: string, version: string): JsonObject {
  return {
    apiVersion: 'api.cerbos.dev/v1',
    principalPolicy: { principal: principalId, version, rules: [denyAll] },
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

class CerbosServer {
  readonly #settings: CerbosConfig;
  readonly #io: ProviderIo;

  constructor(settings: CerbosConfig, io: ProviderIo) {
    this.#settings = settings;
    this.#io = io;
  }

  address(path: string): string {
    return `${this.#settings.url}${path}`;
  }

  async policyIds(call: CallContext): Promise<string[]> {
    const answer = await this.#read('GET', '/admin/policies?includeDisabled=true', null, call);
    return arrayAt(answer, 'policyIds').filter((id) => typeof id === 'string');
  }

  /** A principal's policy without what the server adds; null where there is none. Disabled ones are there. */
  async principalPolicy(id: string, version: string, call: CallContext): Promise<JsonObject | null> {
    const key = `principal.${id}.v${version}`;
    const stored = (await this.policyIds(call)).find((candidate) => candidate.replace(/\.yaml$/, '') === key);
    if (stored === undefined) return null;
    const answer = await this.#read('GET', `/admin/policy?id=${encodeURIComponent(stored)}`, null, call);
    const policy = arrayAt(answer, 'policies').find(isObject);
    if (policy === undefined) return null;
    const { metadata: _added, ...own } = policy;
    return own;
  }

  async put(policies: readonly JsonObject[], call: CallContext) {
    const response = await this.#send('POST', '/admin/policy', { policies: [...policies] }, call);
    await response.body?.cancel();
    return outcomeOfStatus(response, `POST /admin/policy: HTTP ${response.status}.`, {
      now: this.#io.clock.now(),
      permissions: ['Admin API'],
    });
  }

  /** An unknown id answers 200 with no count: the count is what says that something happened. */
  async disable(ids: readonly string[], call: CallContext) {
    const query = ids.map((id) => `id=${encodeURIComponent(id)}`).join('&');
    const response = await this.#send('POST', `/admin/policy/disable?${query}`, null, call);
    const detail = `POST /admin/policy/disable: HTTP ${response.status}.`;
    if (!response.ok) {
      await response.body?.cancel();
      return outcomeOfStatus(response, detail, { now: this.#io.clock.now(), permissions: ['Admin API'] });
    }
    const count = Number((await objectBody(response, 'Cerbos'))['disabledPolicies'] ?? 0);
    return count === ids.length
      ? outcome('applied', detail, { disabledPolicies: count })
      : outcome('target_absent', `${detail} It disabled ${count} of ${ids.length} policies.`, {
          disabledPolicies: count,
        });
  }

  async check(
    id: string,
    version: string,
    kind: string,
    action: string,
    call: CallContext,
  ): Promise<{ effect: string; policy: string }> {
    const body: JsonObject = {
      requestId: 'rescind',
      includeMeta: true,
      principal: { id, policyVersion: version, roles: ['rescind_probe'] },
      resources: [{ actions: [action], resource: { kind, id: 'probe', policyVersion: version } }],
    };
    const answer = await this.#read('POST', '/api/check/resources', body, call);
    const result = arrayAt(answer, 'results').find(isObject);
    const meta = objectAt(objectAt(objectAt(result, 'meta'), 'actions'), action);
    return {
      effect: textAt(objectAt(result, 'actions'), action) ?? '',
      policy: textAt(meta, 'matchedPolicy') ?? '',
    };
  }

  async #read(method: string, path: string, body: JsonObject | null, call: CallContext): Promise<JsonObject> {
    const response = await this.#send(method, path, body, call);
    if (!response.ok) throw readErrorOf(response, `${method} ${path.split('?')[0]}`, this.#io.clock.now());
    return objectBody(response, 'Cerbos');
  }

  async #send(
    method: string,
    path: string,
    body: JsonObject | null,
    { signal }: CallContext,
  ): Promise<Response> {
    const password = await this.#io.secret('adminPassword');
    const basic = Buffer.from(`${this.#settings.adminUser}:${password}`).toString('base64');
    return this.#io.fetch(this.address(path), {
      method,
      signal,
      headers: {
        authorization: `Basic ${basic}`,
        ...(body === null ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
  }
}
