import type { JsonObject } from '#shared/domain/json.ts';
import type { Outcome } from '#shared/domain/response.ts';
import { ProviderError } from './provider.ts';

/** Outcomes in one line, for providers. */

type Plain = 'applied' | 'already_in_state' | 'target_absent' | 'precondition_failed' | 'unsupported';

export function outcome(kind: Plain | 'ambiguous', detail: string, facts: JsonObject = {}): Outcome {
  return { kind, detail, facts };
}

export function forbidden(
  missingPermissions: readonly string[],
  detail: string,
  facts: JsonObject = {},
): Outcome {
  return { kind: 'forbidden', missingPermissions, detail, facts };
}

export function throttled(retryAfterMs: number, detail: string, facts: JsonObject = {}): Outcome {
  return { kind: 'throttled', retryAfterMs, detail, facts };
}

export function partial(
  done: readonly string[],
  failed: readonly string[],
  detail: string,
  facts: JsonObject = {},
): Outcome {
  return { kind: 'partial', done, failed, detail, facts };
}

/**
 * What an HTTP status says of a call that was sent, where the provider's documentation says nothing better:
 * 2xx applied, 304 already so, 404 and 410 absent, 401 and 403 forbidden, 409, 412 and 428 precondition, 429 and 503
 * with Retry-After throttled, other 3xx and 4xx unsupported, 5xx ambiguous (it may have happened).
 */
export function outcomeOfStatus(
  response: Pick<Response, 'status' | 'headers'>,
  detail: string,
  options: { now: number; permissions?: readonly string[]; facts?: JsonObject },
): Outcome {
  const { status, headers } = response;
  const facts = { ...options.facts, status };
  const wait = retryAfter(headers, options.now);
  if (status >= 200 && status < 300) return outcome('applied', detail, facts);
  if (status === 304) return outcome('already_in_state', detail, facts);
  if (status === 404 || status === 410) return outcome('target_absent', detail, facts);
  if (status === 401 || status === 403) return forbidden(options.permissions ?? [], detail, facts);
  if (status === 409 || status === 412 || status === 428) {
    return outcome('precondition_failed', detail, facts);
  }
  if (status === 429 || (status === 503 && wait !== null)) return throttled(wait ?? 1_000, detail, facts);
  if (status >= 300 && status < 500) return outcome('unsupported', detail, facts);
  return outcome('ambiguous', detail, facts);
}

/** Milliseconds that `Retry-After` asks for, as seconds or as a date (RFC 9110, 10.2.3); null where there is none. */
export function retryAfter(headers: Headers, now: number): number | null {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+(?:\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1_000);
  const date = value === '' ? Number.NaN : Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** A read that answered with an error status, as what a provider's read methods throw. */
export function readErrorOf(
  response: Pick<Response, 'status' | 'headers'>,
  what: string,
  now: number,
): ProviderError {
  const { status, headers } = response;
  const wait = retryAfter(headers, now);
  const message = `${what}: HTTP ${status}`;
  if (status === 429 || (status === 503 && wait !== null)) {
    return new ProviderError('throttled', message, wait ?? 1_000);
  }
  if (status === 401 || status === 403) return new ProviderError('forbidden', message);
  if (status === 404 || status === 410) return new ProviderError('absent', message);
  if (status >= 400 && status < 500) return new ProviderError('rejected', message);
  return new ProviderError('interrupted', message);
}

/**
 * The outcome that a thrown error of `apply` or `undo` stands for; null where for certain nothing was sent. What
 * nobody foresaw is `ambiguous`: it may have happened.
 */
export function outcomeOfError(thrown: unknown): Outcome | null {
  if (!(thrown instanceof ProviderError)) {
    return outcome(
      'ambiguous',
      `The call ended unexpectedly: ${thrown instanceof Error ? thrown.name : 'error'}.`,
    );
  }
  switch (thrown.kind) {
    case 'unreachable':
      return null;
    case 'throttled':
      return throttled(thrown.retryAfterMs ?? 1_000, thrown.message);
    case 'forbidden':
      return forbidden([], thrown.message);
    case 'absent':
      return outcome('target_absent', thrown.message);
    case 'rejected':
      return outcome('unsupported', thrown.message);
    case 'interrupted':
    case 'protocol':
      break;
  }
  return outcome('ambiguous', thrown.message);
}

/**
 * A further call of an action whose first one was made: where this one was not sent, that does not mean that nothing
 * was, so that it is `ambiguous` and never thrown.
 */
export async function furtherCall(call: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await call();
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : 'it failed';
    return outcomeOfError(thrown) ?? outcome('ambiguous', `A further call could not be sent: ${why}`);
  }
}
