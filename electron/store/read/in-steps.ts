import { setImmediate } from 'node:timers/promises';
import { FailureError } from '#shared/util/result.ts';

/** Work that pauses between its steps. */
export type Steps<T> = Generator<void, T>;

/** Runs work step by step: between two steps others are answered, and a cancelled one ends with kind `cancelled`. */
export async function inSteps<T>(steps: Steps<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await setImmediate();
    stopIfAborted(signal);
  }
}

/** Runs work without a pause. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Throws kind `cancelled`. */
export function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new FailureError('cancelled', 'Cancelled.');
}
