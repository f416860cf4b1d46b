import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { type JsonObject, isObject, textAt } from '#shared/domain/json.ts';
import type { Outcome } from '#shared/domain/response.ts';
import { outcomeOfStatus, readErrorOf } from '../../outcomes.ts';
import { type CallContext, ProviderError, type ProviderIo } from '../../provider.ts';
import type { OktaConfig } from './index.ts';

const scopes = ['okta.users.read', 'okta.users.manage', 'okta.logs.read'] as const;
/** A token is asked for anew this long before it ends. */
const reserveMs = 60_000;
const mostPages = 50;

/** An Okta organization by its management API, as a service app. */
export class OktaOrg {
  readonly #config: OktaConfig;
  readonly #io: ProviderIo;
  /** Access tokens by their scopes: one that was not granted must not cost the others. */
  readonly #tokens = new Map<string, { readonly value: string; readonly until: number }>();

  constructor(config: OktaConfig, io: ProviderIo) {
    this.#config = config;
    this.#io = io;
  }

  address(path: string): string {
    return `${this.#config.url}${path}`;
  }

  /** The organization’s immutable id, which its well-known document says to anybody. */
  async id({ signal }: CallContext): Promise<string> {
    const what = '/.well-known/okta-organization';
    const response = await this.#io.fetch(this.address(what), { signal });
    if (!response.ok) throw readErrorOf(response, `GET ${what}`, this.#io.clock.now());
    const id = textAt(objectOf(await bodyOf(response)), 'id');
    if (id === null) throw new ProviderError('protocol', 'Okta did not say the id of the organization.');
    return id;
  }

  /** Whether the service app was granted a scope: the authorization server refuses a token for any other. */
  async grants(scope: string, call: CallContext): Promise<boolean> {
    const response = await this.#askToken([scope], call);
    const answer = await bodyOf(response);
    if (response.ok) return true;
    if (isObject(answer) && textAt(answer, 'error') === 'invalid_scope') return false;
    throw this.#tokenError(response, answer);
  }

  /** By id or login; null where there is none. */
  async user(name: string, call: CallContext): Promise<JsonObject | null> {
    // `me` would be the operator.
    if (name === '' || name === 'me' || name === '.' || name === '..') return null;
    const response = await this.#send('GET', this.address(`/api/v1/users/${encodeURIComponent(name)}`), call);
    if (response.status === 404) return null;
    if (!response.ok) throw readErrorOf(response, 'GET /api/v1/users', this.#io.clock.now());
    return objectOf(await bodyOf(response));
  }

  users(filter: string, call: CallContext): Promise<JsonObject[]> {
    return this.#list(`/api/v1/users?limit=200&filter=${encodeURIComponent(filter)}`, call);
  }

  /** Like `users`, by any property, but behind the present by moments. */
  search(expression: string, call: CallContext): Promise<JsonObject[]> {
    return this.#list(`/api/v1/users?limit=200&search=${encodeURIComponent(expression)}`, call);
  }

  /** Events of one type that concern a user, since a moment. */
  events(type: string, userId: string, since: number, call: CallContext): Promise<JsonObject[]> {
    const filter = `eventType eq ${JSON.stringify(type)} and target.id eq ${JSON.stringify(userId)}`;
    const from = encodeURIComponent(new Date(since).toISOString());
    // Without an end the log is a feed that always names a next page.
    const until = encodeURIComponent(new Date(this.#io.clock.now() + 60_000).toISOString());
    return this.#list(
      `/api/v1/logs?limit=100&since=${from}&until=${until}&filter=${encodeURIComponent(filter)}`,
      call,
    );
  }

  /** API tokens of the whole organization. */
  apiTokens(call: CallContext): Promise<JsonObject[]> {
    return this.#list('/api/v1/api-tokens', call, ['okta.apiTokens.read']);
  }

  /** An object by its path; null where it is not there. */
  async find(path: string, scope: string, call: CallContext): Promise<JsonObject | null> {
    const response = await this.#send('GET', this.address(path), call, [scope]);
    if (response.status === 404) return null;
    if (!response.ok) throw readErrorOf(response, `GET ${path}`, this.#io.clock.now());
    return objectOf(await bodyOf(response));
  }

  async write(
    method: 'POST' | 'DELETE',
    path: string,
    call: CallContext,
    {
      scope = 'okta.users.manage',
      body = null,
    }: { readonly scope?: string; readonly body?: JsonObject | null } = {},
  ): Promise<Outcome> {
    const wanted = scope === 'okta.users.manage' ? scopes : [scope];
    const response = await this.#send(method, this.address(path), call, wanted, body);
    const answer = response.ok ? null : await bodyOf(response);
    const said = isObject(answer) ? textAt(answer, 'errorSummary') : null;
    const detail = `${method} ${path}: HTTP ${response.status}.${said === null ? '' : ` ${said}`}`;
    return outcomeOfStatus(response, detail, {
      now: this.#io.clock.now(),
      permissions: [scope],
      facts: isObject(answer) ? { errorCode: textAt(answer, 'errorCode') } : {},
    });
  }

  async #list(path: string, call: CallContext, wanted: readonly string[] = scopes): Promise<JsonObject[]> {
    const found: JsonObject[] = [];
    let next: string | null = this.address(path);
    for (let page = 0; next !== null; page++) {
      if (page === mostPages) throw new ProviderError('protocol', 'Okta answered more pages than are read.');
      const response: Response = await this.#send('GET', next, call, wanted);
      const what = `GET ${path.split('?')[0]}`;
      if (!response.ok) throw readErrorOf(response, what, this.#io.clock.now());
      const items = await bodyOf(response);
      if (!Array.isArray(items)) throw new ProviderError('protocol', `${what} did not answer a list.`);
      found.push(...(items as readonly unknown[]).filter(isObject));
      next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1] ?? null;
    }
    return found;
  }

  async #send(
    method: string,
    address: string,
    call: CallContext,
    wanted: readonly string[] = scopes,
    body: JsonObject | null = null,
  ): Promise<Response> {
    const token = await this.#accessToken(wanted, call);
    const response = await this.#io.fetch(address, {
      method,
      signal: call.signal,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body === null ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status === 401) this.#tokens.delete(wanted.join(' '));
    return withRetryAfter(response, this.#io.clock.now());
  }

  async #accessToken(wanted: readonly string[], call: CallContext): Promise<string> {
    const now = this.#io.clock.now();
    const kept = this.#tokens.get(wanted.join(' '));
    if (kept !== undefined && kept.until > now) return kept.value;
    const response = await this.#askToken(wanted, call);
    const answer = await bodyOf(response);
    const value = isObject(answer) ? textAt(answer, 'access_token') : null;
    if (!response.ok || value === null) throw this.#tokenError(response, answer);
    const lifetime = isObject(answer) ? Number(answer['expires_in'] ?? 0) * 1_000 : 0;
    this.#tokens.set(wanted.join(' '), { value, until: now + lifetime - reserveMs });
    return value;
  }

  async #askToken(wanted: readonly string[], { signal }: CallContext): Promise<Response> {
    const address = this.address('/oauth2/v1/token');
    const response = await this.#io.fetch(address, {
      method: 'POST',
      signal,
      headers: { accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope: wanted.join(' '),
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await this.#assertion(address),
      }),
    });
    return withRetryAfter(response, this.#io.clock.now());
  }

  /** RFC 7523 section 3: a short-lived token about the app, signed by the app. */
  async #assertion(audience: string): Promise<string> {
    const seconds = Math.floor(this.#io.clock.now() / 1_000);
    const { clientId } = this.#config;
    const claims = {
      iss: clientId,
      sub: clientId,
      aud: audience,
      iat: seconds,
      exp: seconds + 300,
      jti: randomUUID(),
    };
    const signed = [{ alg: 'RS256', typ: 'JWT' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const pem = await this.#io.secret('privateKey');
    try {
      return `${signed}.${sign('sha256', Buffer.from(signed), createPrivateKey(pem)).toString('base64url')}`;
    } catch {
      // The error of the library may quote the key.
      throw new ProviderError('rejected', 'The private key cannot be read: it has to be an RSA key in PEM.');
    }
  }

  /**
   * A token that is not given is a call that was never made: `forbidden`, whatever status the refusal has
   * (RFC 6749 section 5.2 answers `invalid_client` and `invalid_scope` with 400 or 401).
   */
  #tokenError(response: Response, answer: unknown): ProviderError {
    const error = isObject(answer) ? textAt(answer, 'error') : null;
    if (response.status === 400 || response.ok) {
      return new ProviderError(
        'forbidden',
        `Okta gave the service app no token: ${error ?? 'no reason said'}.`,
      );
    }
    if (response.status >= 500) {
      return new ProviderError('unreachable', `Okta gave the service app no token: HTTP ${response.status}.`);
    }
    return readErrorOf(response, 'POST /oauth2/v1/token', this.#io.clock.now());
  }
}

/** Okta says the end of a throttling as `X-Rate-Limit-Reset`, in seconds of the epoch by its own clock. */
function withRetryAfter(response: Response, now: number): Response {
  const reset = Number(response.headers.get('x-rate-limit-reset') ?? Number.NaN);
  if (response.status !== 429 || response.headers.has('retry-after') || Number.isNaN(reset)) return response;
  const date = Date.parse(response.headers.get('date') ?? '');
  const server = Number.isNaN(date) ? now : date;
  const headers = new Headers(response.headers);
  headers.set('retry-after', String(Math.max(1, Math.ceil((reset * 1_000 - server) / 1_000))));
  return new Response(response.body, { status: response.status, headers });
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    const value: unknown = await response.json();
    return value;
  } catch {
    return null;
  }
}

function objectOf(value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw new ProviderError('protocol', 'Okta answered something other than a JSON object.');
}
