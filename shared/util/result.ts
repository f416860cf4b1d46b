/** Expected failures are results with a kind; exceptions are bugs. */
export const errorKinds = [
  'invalid-input',
  'query',
  'not-found',
  'no-case',
  'case-newer',
  'case-busy',
  'unusable',
  'disk-full',
  'unsupported',
  'refused',
  'cancelled',
  'partial',
  'crashed',
  'internal',
] as const;
export type ErrorKind = (typeof errorKinds)[number];

export interface Failure {
  readonly kind: ErrorKind;
  /** What failed, why and what to do: one or two sentences for a person. */
  readonly message: string;
  /** Safe to show and to log; never a secret. */
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Failure };

export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failure(kind: ErrorKind, message: string, details?: Failure['details']): Result<never> {
  return { ok: false, error: details === undefined ? { kind, message } : { kind, message, details } };
}

/** Carries a failure through code that is not written in results (streams, callbacks); caught at the edge. */
export class FailureError extends Error {
  readonly failure: Failure;
  constructor(kind: ErrorKind, message: string, details?: Failure['details']) {
    super(message);
    this.name = 'FailureError';
    this.failure = details === undefined ? { kind, message } : { kind, message, details };
  }
}

/** The failure that an unknown thrown value stands for; anything unexpected is `internal`. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof FailureError) return thrown.failure;
  const code = (thrown as { code?: unknown } | null)?.code;
  if (code === 'ENOSPC' || code === 'SQLITE_FULL' || code === 'EDQUOT') {
    return {
      kind: 'disk-full',
      message:
        'The disk is full. Free some space and run the same import again: it continues where it stopped.',
    };
  }
  return { kind: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown) };
}
