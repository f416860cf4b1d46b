import { useCallback, useState } from 'react';
import type { RejectedItem } from '#shared/ipc/views.ts';
import { useCase, useConsole } from '../../state/context.ts';
import { LogBlock, LogText } from '../../ui/log-line.tsx';
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx';
import { usePages } from '../../ui/use-pages.ts';
import { Count } from '../../ui/values.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { FileName } from './files-table.tsx';

const columns: readonly Column<RejectedItem>[] = [
  { id: 'path', title: 'File', width: 260, render: ({ path }) => <FileName path={path} /> },
  {
    id: 'offset',
    title: 'At byte',
    width: 104,
    align: 'end',
    render: ({ offset }) => <Count value={offset} />,
  },
  { id: 'length', title: 'Bytes', width: 80, align: 'end', render: ({ length }) => <Count value={length} /> },
  { id: 'reason', title: 'Reason', width: 320, render: ({ reason }) => <LogText text={reason} /> },
  {
    id: 'excerpt',
    title: 'Excerpt',
    width: 320,
    render: ({ excerpt }) => (
      <span className="mono">
        <LogText text={excerpt} />
      </span>
    ),
  },
];

/** Records that should have been events and are not, each with its reason and its place in its file. */
export function RejectedTable() {
  const { bridge } = useConsole();
  const revision = useCase((state) => state.summary?.revision ?? 0);
  const [cursor, setCursor] = useState(0);
  const load = useCallback(
    (offset: number, limit: number, signal: AbortSignal) =>
      bridge.request('evidence.rejected', { offset, limit }, { signal }),
    [bridge],
  );
  const { total, error, rowAt, onVisible, reload } = usePages<RejectedItem>(load, revision);
  if (error !== null) {
    return <ErrorState what="The rejected records could not be read" error={error} onRetry={reload} />;
  }
  if (total === null) return <Loading what="the rejected records" />;
  if (total === 0) {
    return (
      <EmptyState title="No record was rejected">
        Every record of the evidence became an event or was found to be a duplicate.
      </EmptyState>
    );
  }
  const current = rowAt(Math.min(cursor, total - 1));
  return (
    <div className="rejected">
      <VirtualTable
        id="evidence-rejected"
        label="Rejected records"
        columns={columns}
        total={total}
        rowAt={rowAt}
        onVisible={onVisible}
        cursor={Math.min(cursor, total - 1)}
        onCursor={setCursor}
      />
      {current === undefined ? null : (
        <section className="rejected-record" aria-label="The chosen record">
          <p>
            <LogText text={current.reason} />{' '}
            <span className="muted">
              at byte <Count value={current.offset} /> of <LogText text={current.path} />
            </span>
          </p>
          <LogBlock text={current.excerpt} />
        </section>
      )}
    </div>
  );
}
