import { type Json, type JsonObject, isObject, textAt } from '#shared/domain/json.ts';
import type { Outcome } from '#shared/domain/response.ts';
import { objectBody } from '../../object-body.ts';
import { outcomeOfStatus, readErrorOf } from '../../outcomes.ts';
import type { CallContext, ProviderIo } from '../../provider.ts';

/** One instance of OPA, by its REST API (OPA documentation, "REST API"). */
export class OpaReplica {
  readonly url: string;
  readonly #path: string;
  readonly #io: ProviderIo;

  constructor(url: string, path: string, io: ProviderIo) {
    this.url = url;
    this.#path = path;
    this.#io = io;
  }

  /** The address of the subject's flag; of the whole document for an empty subject. */
  address(subject: string): string {
    return `${this.url}/v1/data/${this.#path}${subject === '' ? '' : `/${encodeURIComponent(subject)}`}`;
  }

  /** The value of the subject's flag; undefined where there is none (an answer without `result`). */
  async read(subject: string, call: CallContext): Promise<Json | undefined> {
    return (await this.#json('GET', this.address(subject), null, call))['result'];
  }

  policies(call: CallContext): Promise<JsonObject> {
    return this.#json('GET', `${this.url}/v1/policies`, null, call);
  }

  /** The decision for an input; undefined where the policy says nothing. */
  async decide(decision: string, input: Json, call: CallContext): Promise<Json | undefined> {
    return (await this.#json('POST', `${this.url}/v1/data/${decision}`, { input }, call))['result'];
  }

  /** Writes the flag, or takes it away where the value is undefined. */
  async write(subject: string, value: Json | undefined, call: CallContext): Promise<Outcome> {
    const method = value === undefined ? 'DELETE' : 'PUT';
    const response = await this.#send(method, this.address(subject), value, call);
    const said = response.ok ? null : await messageOf(response);
    const detail = `${method} ${this.address(subject)}: HTTP ${response.status}.${said === null ? '' : ` ${said}`}`;
    return outcomeOfStatus(response, detail, {
      now: this.#io.clock.now(),
      permissions: [`${method} /v1/data`],
    });
  }

  async #json(
    method: string,
    address: string,
    body: JsonObject | null,
    call: CallContext,
  ): Promise<JsonObject> {
    const response = await this.#send(method, address, body ?? undefined, call);
    if (!response.ok) throw readErrorOf(response, `${method} ${address}`, this.#io.clock.now());
    return objectBody(response, 'OPA');
  }

  async #send(
    method: string,
    address: string,
    body: Json | undefined,
    { signal }: CallContext,
  ): Promise<Response> {
    const token = await this.#io.secret('token');
    return this.#io.fetch(address, {
      method,
      signal,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}

/** What OPA says of an error, e.g. “path emergency is owned by bundle …”: then only the bundle can carry the deny. */
async function messageOf(response: Response): Promise<string | null> {
  try {
    const value: unknown = await response.json();
    return isObject(value) ? textAt(value, 'message') : null;
  } catch {
    return null;
  }
}
