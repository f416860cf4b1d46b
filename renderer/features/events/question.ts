import { useMemo } from 'react';
import { parseQuery } from '#shared/query/parse.ts';
import { useAddress } from '../../state/context.ts';

/** What the view asks: the address's query and time range, as the operations take them. */
export interface Question {
  readonly query: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** Null where the query does not parse: then nothing is asked, and the query bar says why. */
export function useQuestion(): Question | null {
  const query = useAddress((state) => state.query);
  const from = useAddress((state) => state.from);
  const to = useAddress((state) => state.to);
  return useMemo(() => ('problem' in parseQuery(query) ? null : { query, from, to }), [query, from, to]);
}
