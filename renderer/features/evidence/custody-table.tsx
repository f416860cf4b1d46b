import { useCallback, useState } from 'react';
import type { CustodyEntry, CustodyView } from '#shared/ipc/views.ts';
import { success } from '#shared/util/result.ts';
import { useCase, useConsole } from '../../state/context.ts';
import { LogText } from '../../ui/log-line.tsx';
import { Properties } from '../../ui/properties.tsx';
import { ErrorState, Loading } from '../../ui/states.tsx';
import { usePages } from '../../ui/use-pages.ts';
import { Count, ShortId, Time } from '../../ui/values.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';

const columns: readonly Column<CustodyEntry>[] = [
  { id: 'index', title: 'Entry', width: 72, align: 'end', render: ({ index }) => <Count value={index} /> },
  { id: 'time', title: 'Time', width: 232, render: ({ time }) => <Time value={time} /> },
  { id: 'type', title: 'What', width: 160, render: ({ type }) => <LogText text={type} /> },
  { id: 'leaf', title: 'Leaf hash', width: 152, render: ({ leafHash }) => <ShortId value={leafHash} /> },
  { id: 'summary', title: 'Summary', width: 360, render: ({ summary }) => <LogText text={summary} /> },
];

/** The journal of what was done to the case: append-only, each entry a leaf of a signed Merkle tree. */
export function CustodyTable() {
  const { bridge } = useConsole();
  const revision = useCase((state) => state.summary?.revision ?? 0);
  const [cursor, setCursor] = useState(0);
  const [checkpoint, setCheckpoint] = useState<CustodyView['checkpoint']>(null);
  const load = useCallback(
    async (offset: number, limit: number, signal: AbortSignal) => {
      const result = await bridge.request('evidence.custody', { offset, limit }, { signal });
      if (!result.ok) return result;
      setCheckpoint(result.value.checkpoint);
      return success({ total: result.value.total, rows: result.value.entries });
    },
    [bridge],
  );
  const { total, error, rowAt, onVisible, reload } = usePages<CustodyEntry>(load, revision);
  if (error !== null) {
    return <ErrorState what="The custody journal could not be read" error={error} onRetry={reload} />;
  }
  if (total === null) return <Loading what="the custody journal" />;
  return (
    <>
      <div className="checkpoint">
        {checkpoint === null ? (
          <p className="muted">No checkpoint has been signed yet: that happens at the end of each import.</p>
        ) : (
          <Properties
            entries={[
              [
                'Checkpoint',
                <span key="size">
                  over <Count value={checkpoint.size} /> entries, signed <Time value={checkpoint.time} />
                </span>,
              ],
              ['Root hash', <Hash key="root" value={checkpoint.rootHash} />],
              ['Key', <Hash key="key" value={checkpoint.key} />],
            ]}
          />
        )}
      </div>
      <VirtualTable
        id="custody"
        label="Custody journal"
        columns={columns}
        total={total}
        rowAt={rowAt}
        onVisible={onVisible}
        cursor={Math.min(cursor, Math.max(0, total - 1))}
        onCursor={setCursor}
      />
    </>
  );
}

function Hash({ value }: { readonly value: string }) {
  return <span className="mono">{value}</span>;
}
