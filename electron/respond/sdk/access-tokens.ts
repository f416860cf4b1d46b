import { readErrorOf } from '../outcomes.ts';
import { type CallContext, ProviderError, type ProviderIo } from '../provider.ts';

interface GrantedToken {
  readonly value: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

interface TokenOptions {
  readonly io: ProviderIo;
  readonly who: string;
  /** Asks for a token with the vendor's library, over this fetch. */
  readonly ask: (fetch: ProviderIo['fetch'], call: CallContext) => Promise<GrantedToken>;
}

/** A token is asked for anew this long before it ends. */
const reserveMs = 60_000;

/**
 * The operator's access token, kept until shortly before its end. A token that is not given is a call that was never
 * made: `forbidden` where it was refused (RFC 6749 section 5.2 answers 400 or 401), else `unreachable`.
 */
export class AccessTokens {
  readonly #options: TokenOptions;
  #token: GrantedToken | null = null;

  constructor(options: TokenOptions) {
    this.#options = options;
  }

  forget(): void {
    this.#token = null;
  }

  async get(call: CallContext): Promise<string> {
    const { io, who, ask } = this.#options;
    if (this.#token !== null && this.#token.until - reserveMs > io.clock.now()) return this.#token.value;
    const seen: { failure: ProviderError | null; refused: Response | null } = {
      failure: null,
      refused: null,
    };
    try {
      this.#token = await ask(async (input, init) => {
        try {
          const response = await io.fetch(input, { ...init, signal: call.signal });
          if (!response.ok) seen.refused = response.clone();
          return response;
        } catch (thrown) {
          if (thrown instanceof ProviderError) seen.failure = thrown;
          throw thrown;
        }
      }, call);
      return this.#token.value;
    } catch (thrown) {
      if (seen.failure !== null) throw unsent(seen.failure);
      if (thrown instanceof ProviderError) throw thrown;
      // The library's error may quote the key.
      if (seen.refused === null) {
        throw new ProviderError('rejected', `The credential of the operator at ${who} cannot be read.`);
      }
      const { status } = seen.refused;
      if (status === 400) throw new ProviderError('forbidden', `${who} gave the operator no token.`);
      throw unsent(readErrorOf(seen.refused, `${who} gave the operator no token`, io.clock.now()));
    }
  }
}

function unsent(error: ProviderError): ProviderError {
  return error.kind === 'interrupted' ? new ProviderError('unreachable', error.message) : error;
}
