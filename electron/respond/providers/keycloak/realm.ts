import { type JsonObject, isObject, textAt } from '#shared/domain/json.ts';
import type { Outcome } from '#shared/domain/response.ts';
import { type CallContext, ProviderError, type ProviderIo } from '../../provider.ts';
import { AccessTokens } from '../../sdk/access-tokens.ts';
import { SdkCalls } from '../../sdk/sdk-calls.ts';
import type { KeycloakConfig } from './config.ts';

type Send = (method: string, path: string, body: unknown) => Promise<unknown>;
const pageSize = 100;
const mostPages = 500;

/**
 * A realm by Keycloak's admin REST API. It is called directly: the official client sends with the platform's fetch,
 * beside the addresses, private CA and limits that providers are held to.
 */
export class KeycloakRealm {
  readonly #config: KeycloakConfig;
  readonly #tokens: AccessTokens;
  readonly #calls: SdkCalls<Send>;

  constructor(config: KeycloakConfig, io: ProviderIo) {
    this.#config = config;
    this.#tokens = new AccessTokens({ io, who: 'Keycloak', ask: (fetch) => askToken(config, io, fetch) });
    this.#calls = new SdkCalls<Send>({
      io,
      who: 'Keycloak',
      open: async (fetch, call) => sender(await this.#tokens.get(call), fetch, (path) => this.address(path)),
      said: (body) => ({
        message: textAt(body, 'errorMessage') ?? textAt(body, 'error_description'),
        code: textAt(body, 'error'),
      }),
      expired: () => this.#tokens.forget(),
    });
  }

  address(path: string): string {
    return `${this.#config.url}/admin/realms/${this.#config.realm}${path}`;
  }

  get name(): string {
    return this.#config.realm;
  }

  get(path: string, call: CallContext): Promise<JsonObject> {
    return this.#calls.read(`GET ${path}`, call, async (send) => asObject(await send('GET', path, null)));
  }

  /** Null where it is not there. */
  find(path: string, call: CallContext): Promise<JsonObject | null> {
    return this.#calls.find(`GET ${path}`, call, async (send) => asObject(await send('GET', path, null)));
  }

  async list(path: string, call: CallContext): Promise<JsonObject[]> {
    const found = await this.#calls.find(`GET ${path}`, call, (send) => send('GET', path, null));
    return Array.isArray(found) ? found.filter(isObject) : [];
  }

  /** Lists that come in pages. */
  async pages(path: string, call: CallContext): Promise<JsonObject[]> {
    const found: JsonObject[] = [];
    for (let page = 0; page < mostPages; page++) {
      const separator = path.includes('?') ? '&' : '?';
      const items = await this.list(`${path}${separator}first=${page * pageSize}&max=${pageSize}`, call);
      found.push(...items);
      if (items.length < pageSize) return found;
    }
    throw new ProviderError('protocol', `${path} has more pages than are read.`);
  }

  write(
    method: 'PUT' | 'POST' | 'DELETE',
    path: string,
    body: unknown,
    permissions: readonly string[],
    call: CallContext,
  ): Promise<Outcome> {
    return this.#calls.write(`${method} ${path}`, call, permissions, (send) => send(method, path, body));
  }

  /** What the access token says of the client that acts: who it is, and which roles it has. */
  async claims(call: CallContext): Promise<JsonObject> {
    const [, payload = ''] = (await this.#tokens.get(call)).split('.');
    try {
      return asObject(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    } catch {
      throw new ProviderError('protocol', 'Keycloak gave a token that is no JWT.');
    }
  }
}

function sender(token: string, fetch: ProviderIo['fetch'], address: (path: string) => string): Send {
  return async (method, path, body) => {
    const response = await fetch(address(path), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body === null ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const text = await response.text();
    return text === '' ? null : (JSON.parse(text) as unknown);
  };
}

/** OAuth 2.0 client credentials (RFC 6749, 4.4). */
async function askToken(
  { url, realm, loginRealm, clientId }: KeycloakConfig,
  io: ProviderIo,
  fetch: ProviderIo['fetch'],
): Promise<{ value: string; until: number }> {
  const response = await fetch(`${url}/realms/${loginRealm ?? realm}/protocol/openid-connect/token`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: await io.secret('clientSecret'),
    }),
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const answer = asObject(await response.json());
  const value = textAt(answer, 'access_token');
  if (value === null) throw new ProviderError('protocol', 'Keycloak answered no access token.');
  return { value, until: io.clock.now() + Number(answer['expires_in'] ?? 0) * 1_000 };
}

function asObject(value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw new ProviderError('protocol', 'Keycloak answered something other than a JSON object.');
}

/** An id within a path. */
export function part(id: string): string {
  return encodeURIComponent(id);
}
