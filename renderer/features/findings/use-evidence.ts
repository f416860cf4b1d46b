import { useEffect, useMemo, useState } from 'react';
import type { AccessEvent } from '#shared/domain/event.ts';
import type { Failure } from '#shared/util/result.ts';
import { useConsole } from '../../state/context.ts';

/** An event that shows a finding; both null while it is on its way. */
export interface Evidence {
  readonly id: string;
  readonly event: AccessEvent | null;
  readonly error: Failure | null;
}

/** The first `most` of these events, as they come. */
export function useEvidence(ids: readonly string[], most: number): readonly Evidence[] {
  const { bridge } = useConsole();
  const wanted = ids.slice(0, most).join(' ');
  const [known, setKnown] = useState<ReadonlyMap<string, Evidence>>(new Map());
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const read = async (id: string): Promise<void> => {
      const result = await bridge.request('events.get', { id }, { signal });
      if (signal.aborted) return;
      const event = result.ok ? result.value : null;
      const error = result.ok ? null : result.error;
      setKnown((before) => new Map(before).set(id, { id, event, error }));
    };
    for (const id of wanted.split(' ')) if (id !== '') void read(id);
    return () => controller.abort();
  }, [bridge, wanted]);
  return useMemo(
    () =>
      wanted
        .split(' ')
        .filter((id) => id !== '')
        .map((id) => known.get(id) ?? { id, event: null, error: null }),
    [wanted, known],
  );
}
