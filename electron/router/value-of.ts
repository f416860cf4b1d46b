import { FailureError, type Result } from '#shared/util/result.ts';

/** The value of a result; a failure is thrown, for the router to make a result of again. */
export function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  const { kind, message, details } = result.error;
  throw new FailureError(kind, message, details);
}
