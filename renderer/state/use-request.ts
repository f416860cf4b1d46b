import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { InputOf, OperationName, OutputOf } from '#shared/ipc/contract.ts';
import type { Failure } from '#shared/util/result.ts';
import { useCase, useConsole } from './context.ts';

/** What a view has of an answer. While a newer one is on its way the last stays, marked as `loading`. */
export interface Loaded<T> {
  readonly value: T | null;
  readonly error: Failure | null;
  readonly loading: boolean;
  readonly reload: () => void;
}

/** The case and the state of its data that answers are of; another one when either changes. */
export function useRevision(): string {
  return useCase(({ summary }) => (summary === null ? '' : `${summary.id} ${summary.revision}`));
}

/**
 * Asks the host and keeps the answer up to date: again when the input or the case's data change, and the older
 * request is cancelled. A null input asks nothing, and nothing is asked where the first answer is `known` already.
 */
export function useRequest<K extends OperationName>(
  name: K,
  input: InputOf<K> | null,
  known: OutputOf<K> | null = null,
): Loaded<OutputOf<K>> {
  const { bridge } = useConsole();
  const revision = useRevision();
  const [turn, setTurn] = useState(0);
  const key = input === null ? null : JSON.stringify(input);
  const wanted = key === null ? null : `${turn} ${revision} ${key}`;
  const knownTo = useRef(known === null ? null : wanted);
  const [answer, setAnswer] = useState<Answer<OutputOf<K>>>({
    to: known === null ? null : wanted,
    value: known,
    error: null,
  });

  // Before the frame is painted: the question is on its way while the page paints that it waits.
  useLayoutEffect(() => {
    if (key === null || knownTo.current === wanted) return undefined;
    knownTo.current = null;
    const controller = new AbortController();
    const ask = async (): Promise<void> => {
      const result = await bridge.request(name, JSON.parse(key) as InputOf<K>, { signal: controller.signal });
      if (controller.signal.aborted) return;
      if (result.ok) setAnswer({ to: wanted, value: result.value, error: null });
      else setAnswer((before) => ({ to: wanted, value: before.value, error: result.error }));
    };
    void ask();
    return () => controller.abort();
  }, [bridge, name, key, wanted]);

  const reload = useCallback(() => setTurn((count) => count + 1), []);
  if (wanted === null) return { value: null, error: null, loading: false, reload };
  return { value: answer.value, error: answer.error, loading: answer.to !== wanted, reload };
}

interface Answer<T> {
  /** The question that it answers. */
  readonly to: string | null;
  readonly value: T | null;
  readonly error: Failure | null;
}
