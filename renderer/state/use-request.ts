import { useCallback, useEffect, useState } from 'react';
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

/**
 * Asks the host and keeps the answer up to date: again when the input or the case's data change, and the older
 * request is cancelled. A null input asks nothing.
 */
export function useRequest<K extends OperationName>(name: K, input: InputOf<K> | null): Loaded<OutputOf<K>> {
  const { bridge } = useConsole();
  const revision = useCase(({ summary }) => (summary === null ? '' : `${summary.id} ${summary.revision}`));
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<Omit<Loaded<OutputOf<K>>, 'reload'>>(initial(input !== null));
  const key = input === null ? null : JSON.stringify(input);

  useEffect(() => {
    if (key === null) {
      setState(initial(false));
      return undefined;
    }
    const controller = new AbortController();
    setState((before) => ({ ...before, loading: true }));
    void bridge.request(name, JSON.parse(key) as InputOf<K>, { signal: controller.signal }).then((result) => {
      if (controller.signal.aborted) return;
      if (result.ok) setState({ value: result.value, error: null, loading: false });
      else setState((before) => ({ value: before.value, error: result.error, loading: false }));
    });
    return () => controller.abort();
  }, [bridge, name, key, revision, turn]);

  const reload = useCallback(() => setTurn((count) => count + 1), []);
  return { ...state, reload };
}

function initial(loading: boolean): { value: null; error: null; loading: boolean } {
  return { value: null, error: null, loading };
}
