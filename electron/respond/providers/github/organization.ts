import type { Octokit } from '@octokit/rest';
import { type JsonObject, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { Outcome } from '#shared/domain/response.ts';
import { type CallContext, ProviderError, type ProviderIo } from '../../provider.ts';
import { AccessTokens } from '../../sdk/access-tokens.ts';
import { type Refusal, SdkCalls } from '../../sdk/sdk-calls.ts';
import type { GithubConfig } from './config.ts';

type As = 'installation' | 'app' | 'managed-app' | 'nobody';
type Method = 'PUT' | 'POST' | 'DELETE';
interface Written {
  readonly as?: As;
  readonly permissions: readonly string[];
}

/** An organization by GitHub's REST API, through Octokit, as a GitHub App. */
export class GithubOrganization {
  readonly #config: GithubConfig;
  readonly #io: ProviderIo;
  readonly #as: Readonly<Record<As, SdkCalls<Octokit>>>;

  constructor(config: GithubConfig, io: ProviderIo) {
    this.#config = config;
    this.#io = io;
    this.#as = {
      installation: this.#calls(this.#tokens('installation')),
      app: this.#calls(this.#tokens('app')),
      'managed-app': this.#calls(this.#tokens('managed-app')),
      nobody: this.#calls(null),
    };
  }

  address(path: string): string {
    return this.#config.url + path;
  }

  get(path: string, call: CallContext, as: As = 'installation'): Promise<JsonObject> {
    return this.#as[as].read(`GET ${path}`, call, async (client) => this.#object(client, path));
  }

  /** Null where it is not there. */
  find(path: string, call: CallContext): Promise<JsonObject | null> {
    return this.#as.installation.find(`GET ${path}`, call, async (client) => this.#object(client, path));
  }

  /** Every page of a list. */
  list(path: string, call: CallContext): Promise<JsonObject[]> {
    const separator = path.includes('?') ? '&' : '?';
    return this.#as.installation.read(`GET ${path.split('?')[0]}`, call, async (client) => {
      const items: unknown[] = await client.paginate(`GET ${path}${separator}per_page=100`);
      return items.filter(isObject);
    });
  }

  /** Like `list`; null where GitHub has no such list here, or does not give it to the app. */
  async listIfGiven(path: string, call: CallContext): Promise<JsonObject[] | null> {
    try {
      return await this.list(path, call);
    } catch (thrown) {
      if (thrown instanceof ProviderError && (thrown.kind === 'absent' || thrown.kind === 'forbidden'))
        return null;
      throw thrown;
    }
  }

  write(
    method: Method,
    path: string,
    body: JsonObject | null,
    { as = 'installation', permissions }: Written,
    call: CallContext,
  ): Promise<Outcome> {
    return this.#as[as].write(`${method} ${path}`, call, permissions, (client) =>
      client.request(`${method} ${path}`, body === null ? {} : { data: body }),
    );
  }

  /** The status with which GitHub answers a credential itself, used for the harmless question who it belongs to. */
  async statusOf(credential: string, { signal }: CallContext): Promise<number> {
    const response = await this.#io.fetch(this.address('/user'), {
      signal,
      headers: { authorization: `Bearer ${credential}`, accept: 'application/vnd.github+json' },
    });
    await response.body?.cancel();
    return response.status;
  }

  async #object(client: Octokit, path: string): Promise<JsonObject> {
    const { data } = (await client.request(`GET ${path}`)) as { data: unknown };
    if (isObject(data)) return data;
    throw new ProviderError('protocol', `GET ${path} answered something other than a JSON object.`);
  }

  #calls(tokens: AccessTokens | null): SdkCalls<Octokit> {
    return new SdkCalls<Octokit>({
      io: this.#io,
      who: 'GitHub',
      open: async (fetch, call) => openClient(this.#config, fetch, (await tokens?.get(call)) ?? null),
      said: (body) => ({ message: textAt(body, 'message'), code: textAt(body, 'status') }),
      plain: (refusal) => plainLimit(refusal, this.#io.clock.now()),
      expired: () => tokens?.forget(),
    });
  }

  #tokens(as: Exclude<As, 'nobody'>): AccessTokens {
    const { appId, installationId, managedAppId } = this.#config;
    return new AccessTokens({
      io: this.#io,
      who: 'GitHub',
      ask: async (fetch) => {
        const [{ createAppAuth }, client] = await Promise.all([
          import('@octokit/auth-app'),
          openClient(this.#config, fetch, null),
        ]);
        const isManaged = as === 'managed-app';
        const authenticate = createAppAuth({
          appId: isManaged ? (managedAppId ?? '') : appId,
          privateKey: await this.#io.secret(isManaged ? 'managedAppKey' : 'privateKey'),
          request: client.request,
        });
        const { token, expiresAt } =
          as === 'installation'
            ? await authenticate({ type: 'installation', installationId })
            : await authenticate({ type: 'app' });
        return { value: token, until: Date.parse(expiresAt) };
      },
    });
  }
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

async function openClient(
  { url }: GithubConfig,
  fetch: ProviderIo['fetch'],
  token: string | null,
): Promise<Octokit> {
  const { Octokit: Client } = await import('@octokit/rest');
  return new Client({
    baseUrl: url,
    request: { fetch },
    log: silent,
    ...(token === null ? {} : { auth: token }),
  });
}

/**
 * Limits come as 403 too, with Retry-After or with no calls remaining until a second of the epoch (GitHub documentation,
 * “Rate limits for the REST API”).
 */
function plainLimit(refusal: Refusal, now: number): Refusal {
  const { status, headers } = refusal;
  if (status !== 403 && status !== 429) return refusal;
  if (headers.has('retry-after')) return { ...refusal, status: 429 };
  if (headers.get('x-ratelimit-remaining') !== '0') return refusal;
  const reset = Number(headers.get('x-ratelimit-reset')) * 1_000;
  const server = Date.parse(headers.get('date') ?? '');
  const seconds = Math.ceil((reset - (Number.isNaN(server) ? now : server)) / 1_000);
  const changed = new Headers(headers);
  changed.set('retry-after', String(Math.max(1, seconds)));
  return { ...refusal, status: 429, headers: changed };
}

export function accountOf(object: JsonObject | null, member: string): { id: string; login: string } | null {
  const account = objectAt(object ?? undefined, member);
  const [id, login] = [textAt(account, 'id'), textAt(account, 'login')];
  return id === null || login === null ? null : { id, login };
}
