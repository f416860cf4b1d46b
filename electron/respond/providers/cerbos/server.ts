import { type JsonObject, arrayAt, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import { objectBody } from '../../object-body.ts';
import { outcome, outcomeOfStatus, readErrorOf } from '../../outcomes.ts';
import type { CallContext, ProviderIo } from '../../provider.ts';
import type { CerbosConfig } from './config.ts';
import { type Place, policyId } from './places.ts';

/** A Cerbos server by its Admin API and its check. */
export class CerbosServer {
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

  /** A principal's policy in one place without what the server adds; null where there is none. Disabled ones are there. */
  async principalPolicy(id: string, place: Place, call: CallContext): Promise<JsonObject | null> {
    const key = policyId(id, place);
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
    { version, scope }: Place,
    kind: string,
    action: string,
    call: CallContext,
  ): Promise<{ effect: string; policy: string }> {
    const body: JsonObject = {
      requestId: 'rescind',
      includeMeta: true,
      principal: { id, policyVersion: version, scope, roles: ['rescind_probe'] },
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
