import type { Child } from '#electron/platform/children.ts';

/**
 * Ends a process that has not come back `patience` milliseconds after the signal. Answers with what ends the watch; it
 * must be called when the process has come back.
 */
export function endWhenStuck(child: Child, signal: AbortSignal | undefined, patience: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    timer = setTimeout(() => child.kill(), patience);
  };
  if (signal?.aborted === true) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  return () => {
    signal?.removeEventListener('abort', onAbort);
    clearTimeout(timer);
  };
}
