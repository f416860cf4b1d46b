import { useCallback, useEffect, useMemo, useState } from 'react';
import type { EventRow } from '#shared/ipc/views.ts';
import { useAddress, useCase, useConsole, usePreferences } from '../../state/context.ts';
import { Button } from '../../ui/button.tsx';
import type { MenuPlace } from '../../ui/menu.tsx';
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx';
import { usePages } from '../../ui/use-pages.ts';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import { eventColumns, usualColumns } from './columns.tsx';
import type { Question } from './question.ts';
import { RowMenu } from './row-menu.tsx';
import { useFindRow } from './use-find-row.ts';

/** Where the keys are, and whether the detail panel is to show that row as soon as it is there. */
interface Cursor {
  readonly of: string;
  readonly at: number;
  readonly follow: boolean;
}

/** More than most windows show: what is not seen at once must not delay what is. */
const rowsAtOnce = 64;

/** The events of the question, all of them, in order of time. */
export function EventsTable({ question }: { readonly question: Question }) {
  const { address, bridge, preferences } = useConsole();
  const revision = useCase((state) => state.summary?.revision ?? 0);
  const selected = useAddress((state) => (state.selected?.kind === 'event' ? state.selected.id : null));
  const sort = useAddress((state) => (state.sort === 'time' ? 'time' : '-time'));
  const shown = usePreferences((state) => state.columns['events']) ?? usualColumns;
  const columns = useMemo(() => eventColumns.filter(({ id }) => shown.includes(id)), [shown]);
  const [menu, setMenu] = useState<{ readonly row: EventRow; readonly place: MenuPlace } | null>(null);

  const load = useCallback(
    (offset: number, limit: number, signal: AbortSignal) =>
      bridge.request('events.page', { ...question, sort, offset, limit }, { signal }),
    [bridge, question, sort],
  );
  const { total, error, rowAt, onVisible, reload } = usePages<EventRow>(load, revision, rowsAtOnce);

  const key = JSON.stringify([question, sort]);
  const [kept, setCursor] = useState<Cursor>({ of: key, at: 0, follow: false });
  const cursor = kept.of === key ? Math.min(kept.at, Math.max(0, (total ?? 1) - 1)) : 0;
  const moveTo = useCallback(
    (at: number) => {
      const isOpen = address.getState().selected?.kind === 'event';
      setCursor({ of: key, at, follow: isOpen && !preferences.getState().detailPinned });
    },
    [address, preferences, key],
  );

  // The panel follows the cursor; a row that is still on its way is shown when it has come.
  const wanted = kept.of === key && kept.follow ? rowAt(cursor)?.id : undefined;
  useEffect(() => {
    if (wanted === undefined) return;
    if (address.getState().selected?.kind === 'event') {
      address.getState().go({ selected: { kind: 'event', id: wanted } }, 'replace');
    }
  }, [address, wanted]);

  // The other way round: what is selected elsewhere, or was before a restart, is brought into sight.
  const atCursor = rowAt(cursor)?.id;
  const moveSilently = useCallback((at: number) => setCursor({ of: key, at, follow: false }), [key]);
  useFindRow(question, sort, atCursor === selected || wanted !== undefined ? null : selected, moveSilently);

  if (error !== null) {
    return <ErrorState what="The events could not be read" error={error} onRetry={reload} />;
  }
  if (total === null) return <Loading what="the events" />;
  if (total === 0) return <NoMatch question={question} />;
  const closeMenu = (): void => setMenu(null);
  return (
    <>
      <VirtualTable
        id="events"
        label="Events"
        columns={columns}
        total={total}
        rowAt={rowAt}
        onVisible={onVisible}
        cursor={cursor}
        onCursor={moveTo}
        onOpen={(row, at) => {
          moveSilently(at);
          address.getState().go({ selected: { kind: 'event', id: row.id } });
        }}
        onMenu={(row, place) => setMenu({ row, place })}
        isSelected={(row) => row.id === selected}
        sort={{
          column: 'time',
          descending: sort === '-time',
          onSort: () => address.getState().go({ sort: sort === '-time' ? 'time' : null }),
        }}
      />
      {menu === null ? null : <RowMenu row={menu.row} place={menu.place} onClose={closeMenu} />}
    </>
  );
}

function NoMatch({ question }: { readonly question: Question }) {
  const { address } = useConsole();
  const hasRange = question.from !== null || question.to !== null;
  return (
    <EmptyState
      title="No event matches"
      actions={
        <>
          {question.query === '' ? null : (
            <Button onClick={() => address.getState().go({ query: '' })}>Clear the query</Button>
          )}
          {hasRange ? (
            <Button onClick={() => address.getState().go({ from: null, to: null })}>
              Look at the whole case
            </Button>
          ) : null}
        </>
      }
    >
      The case has events, but none for this query{hasRange ? ' in this stretch of time' : ''}. That the log
      shows none does not mean that nothing happened: see the coverage of its sources in the overview.
    </EmptyState>
  );
}
