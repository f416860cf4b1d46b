import { useCallback, useEffect, useState } from 'react';
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

const usualPage = 200;
const keptPages = 60;

/**
 * Loads a long list page by page as a table comes to show it. `load` must be stable (`useCallback`) and change
 * when other rows are wanted: then everything starts anew, and answers of before are dropped. So does a change of
 * `revision`, the case's. Rows come `pageSize` at a time: fewer come sooner.
 */
export function usePages<Row>(
  load: (offset: number, limit: number, signal: AbortSignal) => Promise<Result<Page<Row>>>,
  revision: number,
  pageSize = usualPage,
): Pages<Row> {
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{ total: number | null; error: Failure | null }>({
    total: null,
    error: null,
  });
  const wanted = `${turn} ${revision}`;
  const [store, setStore] = useState<PageStore<Row>>(() => emptyStore(''));

  const fetchPage = useCallback(
    async (target: PageStore<Row>, page: number) => {
      if (target.pages.has(page)) return;
      const { signal } = target.controller;
      target.pages.set(page, 'loading');
      const result = await load(page * pageSize, pageSize, signal);
      if (signal.aborted) return;
      if (!result.ok) {
        target.pages.delete(page);
        setState((before) => ({ ...before, error: result.error }));
        return;
      }
      target.pages.set(page, result.value.rows);
      forgetFarPages(target.pages, page);
      setStore({ ...target });
      setState({ total: result.value.total, error: null });
    },
    [load, pageSize],
  );

  useEffect(() => {
    const fresh = emptyStore<Row>(wanted);
    const begin = async (): Promise<void> => fetchPage(fresh, 0);
    void begin();
    return () => fresh.controller.abort();
  }, [fetchPage, wanted]);

  return {
    ...state,
    rowAt: (index) => {
      const page = store.pages.get(Math.floor(index / pageSize));
      return page === undefined || page === 'loading' ? undefined : page[index % pageSize];
    },
    onVisible: useCallback(
      (first, last) => {
        if (store.controller.signal.aborted) return;
        for (let page = Math.floor(first / pageSize); page <= Math.floor(last / pageSize); page++) {
          void fetchPage(store, page);
        }
      },
      [fetchPage, store, pageSize],
    ),
    reload: useCallback(() => setTurn((count) => count + 1), []),
  };
}

/** The pages that have come for one question; another question gets another store. */
interface PageStore<Row> {
  readonly question: string;
  readonly pages: Map<number, readonly Row[] | 'loading'>;
  readonly controller: AbortController;
}

function emptyStore<Row>(question: string): PageStore<Row> {
  return { question, pages: new Map(), controller: new AbortController() };
}

/** Keeps memory flat on a scroll through millions of rows. */
function forgetFarPages(pages: Map<number, unknown>, around: number): void {
  if (pages.size <= keptPages) return;
  const farthest = [...pages.keys()].toSorted(
    (first, second) => Math.abs(second - around) - Math.abs(first - around),
  );
  for (const page of farthest.slice(0, pages.size - keptPages)) pages.delete(page);
}
