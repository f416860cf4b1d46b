import { type JsonObject, isObject } from '#shared/domain/json.ts';
import type { Outcome } from '#shared/domain/response.ts';
import { outcomeOfStatus, readErrorOf } from '../outcomes.ts';
import { type CallContext, ProviderError, type ProviderIo } from '../provider.ts';

/** An answer with an error status, as it came: how an SDK words it does not count. */
export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JsonObject | null;
}

export interface Said {
  readonly message: string | null;
  readonly code: string | null;
}

interface SdkOptions<Client> {
  readonly io: ProviderIo;
  readonly who: string;
  /** Makes the official client over this fetch, with the operator's authorization. No retries of its own. */
  readonly open: (fetch: ProviderIo['fetch'], call: CallContext) => Promise<Client>;
  /** The vendor's words in an error body. */
  readonly said: (body: JsonObject) => Said;
  /** Statuses that mean something else at this vendor: answers what they would be in plain HTTP. */
  readonly plain?: (refusal: Refusal) => Refusal;
  /** The authorization was refused: the next call takes a new one. */
  readonly expired?: () => void;
}

type Answer<T> = { readonly value: T } | { readonly refusal: Refusal };

/**
 * Calls through a vendor's SDK over the provider's own fetch: its addresses, its CA, each call once. What became of a
 * call is told from the HTTP answer, which vendors document, and not from the errors that SDKs make of it.
 */
export class SdkCalls<Client> {
  readonly #options: SdkOptions<Client>;

  constructor(options: SdkOptions<Client>) {
    this.#options = options;
  }

  /** A read; `what` is how it is told. Throws `ProviderError`. */
  async read<T>(what: string, call: CallContext, work: (client: Client) => Promise<T>): Promise<T> {
    const answer = await this.#send(call, work);
    if ('value' in answer) return answer.value;
    throw readErrorOf(answer.refusal, what + this.#words(answer.refusal), this.#options.io.clock.now());
  }

  /** Null where it is not there. */
  async find<T>(what: string, call: CallContext, work: (client: Client) => Promise<T>): Promise<T | null> {
    try {
      return await this.read(what, call, work);
    } catch (thrown) {
      if (thrown instanceof ProviderError && thrown.kind === 'absent') return null;
      throw thrown;
    }
  }

  async write(
    what: string,
    call: CallContext,
    permissions: readonly string[],
    work: (client: Client) => Promise<unknown>,
  ): Promise<Outcome> {
    const answer = await this.#send(call, work);
    const refusal =
      'refusal' in answer ? answer.refusal : { status: 200, headers: new Headers(), body: null };
    return outcomeOfStatus(refusal, `${what}${this.#words(refusal)}`, {
      now: this.#options.io.clock.now(),
      permissions,
      facts: refusal.body === null ? {} : { error: this.#options.said(refusal.body).code },
    });
  }

  #words({ status, body }: Refusal): string {
    if (status < 300) return '.';
    const message = body === null ? null : this.#options.said(body).message;
    return `: HTTP ${status}${message === null ? '' : `, ${message}`}`;
  }

  async #send<T>(call: CallContext, work: (client: Client) => Promise<T>): Promise<Answer<T>> {
    const { io, who, open, plain, expired } = this.#options;
    const seen: { failure: ProviderError | null; refusal: Refusal | null } = { failure: null, refusal: null };
    const client = await open(async (input, init) => {
      try {
        const response = await io.fetch(input, { ...init, signal: call.signal });
        seen.refusal = response.ok ? null : await refusalOf(response.clone());
        return response;
      } catch (thrown) {
        if (thrown instanceof ProviderError) seen.failure = thrown;
        throw thrown;
      }
    }, call);
    try {
      return { value: await work(client) };
    } catch (thrown) {
      if (seen.failure !== null) throw seen.failure;
      if (thrown instanceof ProviderError) throw thrown;
      if (seen.refusal === null) {
        throw new ProviderError('protocol', `${who} answered something that its own client cannot read.`);
      }
      if (seen.refusal.status === 401) expired?.();
      return { refusal: plain?.(seen.refusal) ?? seen.refusal };
    }
  }
}

async function refusalOf(response: Response): Promise<Refusal> {
  const { status, headers } = response;
  try {
    const value: unknown = await response.json();
    return { status, headers, body: isObject(value) ? value : null };
  } catch {
    return { status, headers, body: null };
  }
}
