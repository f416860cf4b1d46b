import { useEffect, useState } from 'react';
import { useConsole } from '../../state/context.ts';

interface LastSeen {
  /** The end of the evidence; null while it is not known. */
  readonly asOf: string | null;
  readonly seen: ReadonlyMap<string, string>;
}

const nothing: LastSeen = { asOf: null, seen: new Map() };

/** When these identities were last seen, as far as the inventory knows them. */
export function useLastSeen(ids: readonly string[]): LastSeen {
  const { bridge } = useConsole();
  const wanted = JSON.stringify(ids);
  const [known, setKnown] = useState(nothing);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const read = async (id: string): Promise<void> => {
      const result = await bridge.request('identities.list', { id }, { signal });
      if (!result.ok || signal.aborted) return;
      const { asOf, rows } = result.value;
      const last = rows
        .flatMap(({ lastSeen }) => lastSeen ?? [])
        .toSorted()
        .at(-1);
      setKnown(({ seen }) => ({ asOf, seen: last === undefined ? seen : new Map(seen).set(id, last) }));
    };
    for (const id of JSON.parse(wanted) as string[]) void read(id);
    return () => controller.abort();
  }, [bridge, wanted]);
  return known;
}
