import { type JsonObject, arrayAt, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { Outcome } from '#shared/domain/response.ts';
import { objectBody } from '../../object-body.ts';
import { outcome, outcomeOfStatus, readErrorOf } from '../../outcomes.ts';
import { type CallContext, ProviderError, type ProviderIo } from '../../provider.ts';
import type { VaultConfig } from './index.ts';

/** A Vault or OpenBao server by its HTTP API, in one namespace. */
export class VaultServer {
  readonly #config: VaultConfig;
  readonly #io: ProviderIo;

  constructor(config: VaultConfig, io: ProviderIo) {
    this.#config = config;
    this.#io = io;
  }

  address(path: string): string {
    return `${this.#config.url}/v1/${path}`;
  }

  /** Immutable id of the cluster, which its health says to anybody; standbys say it too. */
  async clusterId({ signal }: CallContext): Promise<string> {
    const what = 'sys/health?standbyok=true&perfstandbyok=true';
    const response = await this.#io.fetch(this.address(what), { signal });
    const id = textAt(await objectBody(response, 'Vault'), 'cluster_id');
    if (response.ok && id !== null) return id;
    throw new ProviderError('unreachable', 'Vault does not say its cluster id: it is sealed or not set up.');
  }

  /** `data` of what is at the path; null where there is nothing. */
  async read(path: string, call: CallContext): Promise<JsonObject | null> {
    return this.#ask('GET', path, null, call);
  }

  /** Names below the path; an empty list where there are none. */
  async list(path: string, call: CallContext): Promise<string[]> {
    const data = await this.#ask('LIST', path, null, call);
    return arrayAt(data ?? {}, 'keys').filter((key) => typeof key === 'string');
  }

  /** A question that is asked by POST and changes nothing; null where the answer is that there is nothing. */
  async lookup(path: string, body: JsonObject, call: CallContext): Promise<JsonObject | null> {
    return this.#ask('POST', path, body, call);
  }

  /** What a token says of itself; null where Vault refuses it. */
  async self(token: string, call: CallContext): Promise<JsonObject | null> {
    const response = await this.#send('GET', 'auth/token/lookup-self', null, call, token);
    if (response.status === 403) return null;
    if (!response.ok) throw readErrorOf(response, 'auth/token/lookup-self', this.#io.clock.now());
    return objectAt(await objectBody(response, 'Vault'), 'data') ?? {};
  }

  async write(
    method: 'POST' | 'DELETE',
    path: string,
    body: JsonObject | null,
    permission: string,
    call: CallContext,
  ): Promise<Outcome> {
    const response = await this.#send(method, path, body, call);
    const errors = response.ok ? [] : await errorsOf(response);
    const detail = `${method} ${path}: HTTP ${response.status}.${errors.length === 0 ? '' : ` ${errors.join('; ')}`}`;
    if (isUnknownToken(errors)) return outcome('target_absent', detail, { status: response.status });
    return outcomeOfStatus(response, detail, { now: this.#io.clock.now(), permissions: [permission] });
  }

  async #ask(
    method: string,
    path: string,
    body: JsonObject | null,
    call: CallContext,
  ): Promise<JsonObject | null> {
    const response = await this.#send(method, path, body, call);
    if (response.status === 404 || response.status === 204) return null;
    if (!response.ok) {
      if (isUnknownToken(await errorsOf(response.clone()))) return null;
      throw readErrorOf(response, `${method} ${path}`, this.#io.clock.now());
    }
    return objectAt(await objectBody(response, 'Vault'), 'data') ?? {};
  }

  async #send(
    method: string,
    path: string,
    body: JsonObject | null,
    { signal }: CallContext,
    token?: string,
  ): Promise<Response> {
    const { namespace } = this.#config;
    // Lists are asked for by GET with a parameter: some proxies in the way know no LIST (Vault documentation, "API").
    const address = method === 'LIST' ? `${this.address(path)}?list=true` : this.address(path);
    return this.#io.fetch(address, {
      method: method === 'LIST' ? 'GET' : method,
      signal,
      headers: {
        'x-vault-token': token ?? (await this.#io.secret('token')),
        'x-vault-request': 'true',
        ...(namespace === '' ? {} : { 'x-vault-namespace': namespace }),
        ...(body === null ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
  }
}

/** What Vault says of a token or accessor that is not there, whatever status its version gives that. */
function isUnknownToken(errors: readonly string[]): boolean {
  return errors.some((error) => /invalid accessor|bad token|token not found/i.test(error));
}

async function errorsOf(response: Response): Promise<string[]> {
  try {
    const value: unknown = await response.json();
    return isObject(value) ? arrayAt(value, 'errors').filter((error) => typeof error === 'string') : [];
  } catch {
    return [];
  }
}
