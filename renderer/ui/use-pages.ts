import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure, Result } from '#shared/util/result.ts';

export interface Page<Row> {
  readonly total: number;
  readonly rows: readonly Row[];
}

export interface Pages<Row> {
  /** Null until the first page is there. */
  readonly total: number | null;
  readonly error: Failure | null;
  readonly rowAt: (index: number) => Row | undefined;
  readonly onVisible: (first: number, last: number) => void;
  readonly reload: () => void;
}

const pageSize = 200;
const keptPages = 60;

/**
 * Loads a long list page by page as a table comes to show it. `load` must be stable (`useCallback`) and change
 * when other rows are wanted: then everything starts anew, and answers of before are dropped. So does a change of
 * `revision`, the case's.
 */
export function usePages<Row>(
  load: (offset: number, limit: number, signal: AbortSignal) => Promise<Result<Page<Row>>>,
  revision: number,
): Pages<Row> {
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{ total: number | null; error: Failure | null }>({
    total: null,
    error: null,
  });
  const [, setArrivals] = useState(0);
  const pages = useRef(new Map<number, readonly Row[] | 'loading'>());
  const controller = useRef(new AbortController());

  const fetchPage = useCallback(
    async (page: number) => {
      if (pages.current.has(page)) return;
      const { signal } = controller.current;
      pages.current.set(page, 'loading');
      const result = await load(page * pageSize, pageSize, signal);
      if (signal.aborted) return;
      if (!result.ok) {
        pages.current.delete(page);
        setState((before) => ({ ...before, error: result.error }));
        return;
      }
      pages.current.set(page, result.value.rows);
      forgetFarPages(pages.current, page);
      setState({ total: result.value.total, error: null });
      setArrivals((count) => count + 1);
    },
    [load],
  );

  useEffect(() => {
    controller.current = new AbortController();
    pages.current = new Map();
    void fetchPage(0);
    return () => controller.current.abort();
  }, [fetchPage, turn, revision]);

  return {
    ...state,
    rowAt: (index) => {
      const page = pages.current.get(Math.floor(index / pageSize));
      return page === undefined || page === 'loading' ? undefined : page[index % pageSize];
    },
    onVisible: useCallback(
      (first, last) => {
        for (let page = Math.floor(first / pageSize); page <= Math.floor(last / pageSize); page++) {
          void fetchPage(page);
        }
      },
      [fetchPage],
    ),
    reload: useCallback(() => setTurn((count) => count + 1), []),
  };
}

/** Keeps memory flat on a scroll through millions of rows. */
function forgetFarPages(pages: Map<number, unknown>, around: number): void {
  if (pages.size <= keptPages) return;
  const farthest = [...pages.keys()].toSorted(
    (first, second) => Math.abs(second - around) - Math.abs(first - around),
  );
  for (const page of farthest.slice(0, pages.size - keptPages)) pages.delete(page);
}
