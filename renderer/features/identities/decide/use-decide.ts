import { useCallback, useState } from 'react';
import type { DecisionData } from '#shared/domain/decision.ts';
import type { InputOf } from '#shared/ipc/contract.ts';
import type { Failure } from '#shared/util/result.ts';
import { useConsole } from '../../../state/context.ts';

interface Decider {
  /** True where the case has kept it. */
  readonly decide: (why: string, data: DecisionData) => Promise<boolean>;
  readonly busy: boolean;
  readonly error: Failure | null;
}

/** Keeps decisions about identities in the case, in the name of whoever is at the keyboard. */
export function useDecide(): Decider {
  const { bridge, notices } = useConsole();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Failure | null>(null);
  const decide = useCallback(
    async (why: string, data: DecisionData) => {
      setBusy(true);
      setError(null);
      // The contract's lists can be written to; a decision's cannot.
      const result = await bridge.request('identities.decide', { why, data } as InputOf<'identities.decide'>);
      setBusy(false);
      if (!result.ok) {
        setError(result.error);
        return false;
      }
      notices.getState().show({ tone: 'info', text: `Decision ${result.value.number} is in the journal.` });
      return true;
    },
    [bridge, notices],
  );
  return { decide, busy, error };
}
