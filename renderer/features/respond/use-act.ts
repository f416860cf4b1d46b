import { useCallback, useState } from 'react';
import type { InputOf, OperationName, OutputOf } from '#shared/ipc/contract.ts';
import type { Failure } from '#shared/util/result.ts';
import { useConsole } from '../../state/context.ts';

interface Act<K extends OperationName> {
  /** Asks once; null where it failed, which `error` then says. */
  readonly run: (input: InputOf<K>) => Promise<OutputOf<K> | null>;
  readonly busy: boolean;
  readonly value: OutputOf<K> | null;
  readonly error: Failure | null;
}

/** An operation that somebody starts by hand, with what came of it. */
export function useAct<K extends OperationName>(name: K): Act<K> {
  const { bridge, outside } = useConsole();
  const [busy, setBusy] = useState(false);
  const [value, setValue] = useState<OutputOf<K> | null>(null);
  const [error, setError] = useState<Failure | null>(null);
  const run = useCallback(
    async (input: InputOf<K>) => {
      setBusy(true);
      outside.getState().note(name);
      setError(null);
      const result = await bridge.request(name, input);
      setBusy(false);
      if (!result.ok) {
        setError(result.error);
        return null;
      }
      setValue(result.value);
      return result.value;
    },
    [bridge, name, outside],
  );
  return { run, busy, value, error };
}
