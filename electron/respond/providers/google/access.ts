import { type JsonObject, arrayAt, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import { type CallContext, ProviderError, type ProviderIo } from '../../provider.ts';
import { AccessTokens } from '../../sdk/access-tokens.ts';
import type { Refusal, Said } from '../../sdk/sdk-calls.ts';

interface Account {
  readonly clientEmail: string;
  /** Where tokens come from; the library knows Google's own address alone. */
  readonly tokenEndpoint: string;
  /** Whom the account acts for, by domain-wide delegation; null for itself. */
  readonly subject: string | null;
  readonly scopes: readonly string[];
}

const googleTokenUrl = 'https://oauth2.googleapis.com/token';

/** Tokens of a service account by its key (RFC 7523), from Google's own library. */
export function googleTokens(io: ProviderIo, account: Account): AccessTokens {
  return new AccessTokens({
    io,
    who: 'Google',
    async ask(fetch) {
      const { JWT } = await import('google-auth-library');
      const client = new JWT({
        email: account.clientEmail,
        key: await io.secret('privateKey'),
        scopes: [...account.scopes],
        ...(account.subject === null ? {} : { subject: account.subject }),
        transporterOptions: {
          retry: false,
          retryConfig: { retry: 0, noResponseRetries: 0 },
          fetchImplementation: (input, init) => {
            const address = input instanceof Request ? input.url : input.toString();
            return fetch(address === googleTokenUrl ? account.tokenEndpoint : input, init);
          },
        },
      });
      const { access_token: value, expiry_date: until } = await client.authorize();
      if (typeof value !== 'string') throw new ProviderError('protocol', 'Google answered no access token.');
      return { value, until: until ?? 0 };
    },
  });
}

/** Whether a token is given for these scopes: with others than were delegated none is. */
export async function isGranted(io: ProviderIo, account: Account, call: CallContext): Promise<boolean> {
  try {
    await googleTokens(io, account).get(call);
    return true;
  } catch (thrown) {
    if (thrown instanceof ProviderError && thrown.kind === 'forbidden') return false;
    throw thrown;
  }
}

/** What every client of Google's is made with: the provider's fetch, the token, no retries of its own. */
export function clientOptions(fetch: ProviderIo['fetch'], token: string) {
  return {
    headers: { authorization: `Bearer ${token}` },
    retry: false,
    retryConfig: { retry: 0, noResponseRetries: 0 },
    fetchImplementation: fetch,
  };
}

/** Google's words in an error (Google Cloud APIs, “Errors”). */
export function said(body: JsonObject): Said {
  const error = objectAt(body, 'error');
  return { message: textAt(error, 'message'), code: textAt(error, 'status') ?? reasonOf(body) };
}

/** Limits of the Admin SDK come as 403 with a reason of their own. */
export function plain(refusal: Refusal): Refusal {
  const reason = refusal.body === null ? null : reasonOf(refusal.body);
  const isLimit = /^(?:rateLimitExceeded|userRateLimitExceeded|quotaExceeded)$/.test(reason ?? '');
  return refusal.status === 403 && isLimit ? { ...refusal, status: 429 } : refusal;
}

function reasonOf(body: JsonObject): string | null {
  const [first] = arrayAt(objectAt(body, 'error'), 'errors').filter(isObject);
  return textAt(first, 'reason');
}

export function asObject(value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw new ProviderError('protocol', 'Google answered something other than a JSON object.');
}
