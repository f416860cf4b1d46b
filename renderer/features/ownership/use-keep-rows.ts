import { useCallback, useState } from 'react';
import type { Ownership } from '#shared/domain/decision.ts';
import type { Failure } from '#shared/util/result.ts';
import { useConsole } from '../../state/context.ts';

interface RowKeeper {
  /** True where the case has kept them. */
  readonly keep: (why: string, rows: readonly Ownership[], replace: boolean) => Promise<boolean>;
  readonly busy: boolean;
  readonly error: Failure | null;
}

/** Keeps rows of the matrix as a decision: in place of those with their patterns, or of the whole matrix. */
export function useKeepRows(): RowKeeper {
  const { bridge } = useConsole();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Failure | null>(null);
  const keep = useCallback(
    async (why: string, rows: readonly Ownership[], replace: boolean) => {
      setBusy(true);
      setError(null);
      const data = {
        kind: 'ownership' as const,
        replace,
        rows: rows.map(({ about, pattern, writes, approves, monitors, answers }) => ({
          about,
          pattern,
          writes: [...writes],
          approves: [...approves],
          monitors: [...monitors],
          answers: [...answers],
        })),
      };
      const result = await bridge.request('identities.decide', { why: why.trim(), data });
      setBusy(false);
      if (!result.ok) setError(result.error);
      return result.ok;
    },
    [bridge],
  );
  return { keep, busy, error };
}
