import { z } from 'zod';
import { type JsonObject, arrayAt, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Outcome, Target } from '#shared/domain/response.ts';
import { endpointUrl } from '../../endpoint.ts';
import { objectBody } from '../../object-body.ts';
import { outcome, outcomeOfStatus, readErrorOf } from '../../outcomes.ts';
import {
  type Action,
  type CallContext,
  type FoundTarget,
  type Permission,
  type Provider,
  ProviderError,
  type ProviderIo,
  type ProviderType,
} from '../../provider.ts';

const config = z.strictObject({
  url: endpointUrl('https').describe('where /Users lies, e.g. https://idp.example.org/scim/v2'),
});
type ScimConfig = z.output<typeof config>;

const permissions: readonly Permission[] = [
  { name: 'GET /Users', neededFor: 'read', why: 'to find the account and read it back' },
  { name: 'PATCH /Users', neededFor: 'user.deactivate', why: 'to set the account inactive and active again' },
];

/** SCIM 2.0 (RFC 7643, RFC 7644): accounts at any service provider that is provisioned so. */
export const scim: ProviderType<ScimConfig> = {
  type: 'scim',
  title: 'SCIM 2.0',
  config,
  secrets: [{ name: 'token', title: 'Bearer token', required: true }],
  permissions,
  provedOn: 'real-server',
  origins: ({ url }) => [new URL(url).origin],
  open: ({ url }, io) => openScim(url, io),
};

const spec: ActionSpec = {
  id: 'user.deactivate',
  title: 'Set the account inactive',
  verb: 'identity.disable',
  reversibility: 'R0',
  stops: ['login'],
  doesNotStop: [
    {
      artefact: 'app_session',
      residualSeconds: null,
      coveredBy: ['session.invalidate', 'session.terminate'],
      note: 'SCIM says nothing about sessions: end them with the vendor’s own means.',
    },
    {
      artefact: 'access_token',
      residualSeconds: null,
      coveredBy: ['token.revoke'],
      note: 'SCIM says nothing about tokens that were issued.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'etag',
  nativeDryRun: false,
  requiredPermissions: ['PATCH /Users'],
  rateLimit: null,
  settle: { typicalMs: 0, maxMs: 5_000 },
  beyondReach: null,
  undo: {
    possible: true,
    waitSeconds: 0,
    note: 'Some vendors delete licences when an account is deactivated.',
  },
};

function openScim(url: string, io: ProviderIo): Provider {
  const client = new ScimClient(url, io);
  const deactivate = deactivateAction(client, io);
  const whoami = async (call: CallContext): ReturnType<Provider['whoami']> => {
    await client.read('/ServiceProviderConfig', call);
    // SCIM has no question for the operator's own account: the token is known by its fingerprint.
    const token = await io.fingerprint(await io.secret('token'));
    return { tenant: url, tenantName: url, operator: [token], operatorName: 'bearer token' };
  };
  return {
    whoami,
    async test(call) {
      const identity = await whoami(call);
      const patch = objectAt(await client.read('/ServiceProviderConfig', call), 'patch');
      const lists = await client.find('userName', '-', call).then(
        () => true,
        () => false,
      );
      return {
        identity,
        missing: lists ? [] : ['GET /Users'],
        unchecked: ['PATCH /Users'],
        notes: patch?.['supported'] === false ? ['The service says that it does not support PATCH.'] : [],
      };
    },
    async resolve({ kind, id, aliases }, call) {
      if (kind !== 'identity') return { targets: [], ambiguous: [], notes: [] };
      const found = new Map<string, FoundTarget>();
      for (const name of new Set([id, ...aliases])) {
        const byId = /^[\w-]{1,200}$/.test(name) ? await client.user(name, call) : null;
        const users = byId === null ? await client.find('userName', name, call) : [byId];
        for (const user of users) found.set(targetOf(user).id, targetOf(user));
      }
      const targets = [...found.values()];
      return targets.length > 1
        ? { targets: [], ambiguous: targets, notes: [] }
        : { targets, ambiguous: [], notes: [] };
    },
    descendants: () => Promise.resolve([]),
    actions: () => Promise.resolve({ actions: [deactivate], missing: [] }),
    administrators: () => Promise.resolve(null),
    async sweep(since, _, call) {
      const users = await client.list(`meta.created ge "${new Date(since).toISOString()}"`, call);
      return users
        .filter((user) => Date.parse(textAt(objectAt(user, 'meta'), 'created') ?? '') >= since)
        .map((user) => ({ target: targetOf(user), why: 'Created since the incident began.' }));
    },
    close: () => Promise.resolve(),
  };
}

function targetOf(user: JsonObject): FoundTarget {
  const emails = arrayAt(user, 'emails').filter(isObject);
  return {
    kind: 'user',
    id: textAt(user, 'id') ?? '',
    name: textAt(user, 'userName') ?? '',
    parent: null,
    createdAt: textAt(objectAt(user, 'meta'), 'created'),
    managedBy: textAt(user, 'externalId') === null ? null : 'an identity provider (externalId is set)',
    attributes: { active: isActive(user), mail: textAt(emails[0], 'value') },
  };
}

/** RFC 7643 section 4.1.1: a missing `active` leaves it to the service; it is then taken as active. */
function isActive(user: JsonObject | null): boolean {
  return user?.['active'] !== false;
}

function deactivateAction(client: ScimClient, io: ProviderIo): Action {
  const set = async (target: Target, active: boolean, version: string | null, call: CallContext) => {
    const user = await client.user(target.id, call);
    if (user === null) return outcome('target_absent', `${target.name} is not there.`);
    if (isActive(user) === active) return outcome('already_in_state', `${target.name} is so already.`);
    return client.setActive(target.id, active, version, call);
  };
  return {
    spec,
    async snapshot(target, call) {
      const user = await client.user(target.id, call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: user !== null && !isActive(user),
        version: textAt(objectAt(user ?? {}, 'meta'), 'version'),
        state: { id: target.id, userName: textAt(user ?? {}, 'userName'), active: isActive(user) },
      };
    },
    preview: async (target) => [
      {
        method: 'PATCH',
        address: client.address(`/Users/${target.id}`),
        body: JSON.stringify(patchOf(false)),
      },
    ],
    apply: (target, { version }, call) => set(target, false, version, call),
    async observe(target, _, call) {
      const user = await client.user(target.id, call);
      if (user === null) return { state: 'target_absent', detail: 'The account is not there.', facts: {} };
      const active = isActive(user);
      return {
        state: active ? 'not_in_effect' : 'in_effect',
        detail: `${target.name} is ${active ? 'active' : 'inactive'}.`,
        facts: { active },
      };
    },
    probe: null,
    undo: (target, _, call) => set(target, true, null, call),
    dryRun: null,
  };
}

/** A boolean, never the text "False": strict services answer that with 400 invalidValue. */
function patchOf(active: boolean): JsonObject {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', path: 'active', value: active }],
  };
}

class ScimClient {
  readonly #url: string;
  readonly #io: ProviderIo;

  constructor(url: string, io: ProviderIo) {
    this.#url = url;
    this.#io = io;
  }

  address(path: string): string {
    return `${this.#url}${path}`;
  }

  async read(path: string, call: CallContext): Promise<JsonObject> {
    const response = await this.#send('GET', path, null, null, call);
    if (!response.ok) throw readErrorOf(response, `GET ${path}`, this.#io.clock.now());
    return objectBody(response, 'The service');
  }

  /** Null where the id is not there. */
  async user(id: string, call: CallContext): Promise<JsonObject | null> {
    try {
      return await this.read(`/Users/${encodeURIComponent(id)}`, call);
    } catch (thrown) {
      if (thrown instanceof ProviderError && thrown.kind === 'absent') return null;
      throw thrown;
    }
  }

  find(attribute: string, value: string, call: CallContext): Promise<JsonObject[]> {
    return this.list(`${attribute} eq ${JSON.stringify(value)}`, call);
  }

  async list(filter: string, call: CallContext): Promise<JsonObject[]> {
    const answer = await this.read(`/Users?filter=${encodeURIComponent(filter)}`, call);
    return arrayAt(answer, 'Resources').filter(isObject);
  }

  async setActive(id: string, active: boolean, version: string | null, call: CallContext): Promise<Outcome> {
    const path = `/Users/${encodeURIComponent(id)}`;
    const response = await this.#send('PATCH', path, patchOf(active), version, call);
    await response.body?.cancel();
    return outcomeOfStatus(response, `PATCH ${path}: HTTP ${response.status}.`, {
      now: this.#io.clock.now(),
      permissions: ['PATCH /Users'],
    });
  }

  async #send(
    method: string,
    path: string,
    body: JsonObject | null,
    version: string | null,
    { signal }: CallContext,
  ): Promise<Response> {
    const token = await this.#io.secret('token');
    return this.#io.fetch(this.address(path), {
      method,
      signal,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/scim+json',
        ...(body === null ? {} : { 'content-type': 'application/scim+json' }),
        ...(version === null ? {} : { 'if-match': version }),
      },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
  }
}
