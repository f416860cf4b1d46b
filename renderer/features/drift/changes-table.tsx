import { useMemo, useState } from 'react';
import type { PermissionChange } from '#shared/domain/drift.ts';
import { shortResource } from '#shared/domain/event-sentence.ts';
import { useAddress, useConsole } from '../../state/context.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Icon } from '../../ui/icon.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { Badge } from '../../ui/outcome-mark.tsx';
import { ShortId, Time } from '../../ui/values.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { ChangeMark } from '../../ui/change-mark.tsx';
import { briefly } from '../../ui/change-words.ts';
import { type DriftRow, countsInWords, driftRows } from './changes.ts';
import { changeId } from './settings.ts';

const columns: readonly Column<DriftRow>[] = [
  {
    id: 'change',
    title: 'Identity and change',
    width: 220,
    render: (row) =>
      row.type === 'identity' ? (
        <span className="drift-identity">
          <span className={row.closed ? 'drift-twist' : 'drift-twist open'}>
            <Icon name="right" />
          </span>
          <EntityLink
            field="subject.id"
            value={row.subject.id}
            label={shortResource(row.subject.id)}
            length={26}
            inGrid
          />
        </span>
      ) : (
        <span className="drift-below">
          <ChangeMark kind={row.change.kind} />
        </span>
      ),
  },
  {
    id: 'summary',
    title: 'What',
    width: 320,
    grows: true,
    render: (row) =>
      row.type === 'identity' ? (
        <span className="muted">
          {row.subject.type}: {countsInWords(row.counts)}
        </span>
      ) : (
        <LogText text={briefly(row.change)} />
      ),
  },
  { id: 'when', title: 'When', width: 164, render: (row) => <When row={row} /> },
  {
    id: 'who',
    title: 'Who',
    width: 180,
    render: (row) => {
      const actor = row.type === 'change' ? (row.change.attribution[0]?.actor ?? null) : null;
      return actor === null ? null : (
        <EntityLink field="subject.id" value={actor} label={shortResource(actor)} length={24} inGrid />
      );
    },
  },
  {
    id: 'how',
    title: 'By',
    width: 148,
    render: (row) => {
      const cause = row.type === 'change' ? row.change.attribution[0] : undefined;
      if (cause === undefined) return null;
      return cause.operation === null ? <ShortId value={cause.event} /> : <LogText text={cause.operation} />;
    },
  },
];

function When({ row }: { readonly row: DriftRow }) {
  if (row.type === 'identity') return null;
  const [cause] = row.change.attribution;
  if (cause === undefined) return <Badge tone="warning">unexplained</Badge>;
  return <Time value={cause.time} to="second" />;
}

interface ChangesTableProps {
  readonly from: string;
  readonly to: string;
  readonly changes: readonly PermissionChange[];
}

/** The changes below the identity that they are about; Enter folds an identity, and opens a change beside. */
export function ChangesTable({ from, to, changes }: ChangesTableProps) {
  const { address } = useConsole();
  const selected = useAddress((state) => (state.selected?.kind === 'change' ? state.selected.id : null));
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState(0);
  const rows = useMemo(() => driftRows(changes, closed), [changes, closed]);
  const show = (row: DriftRow | undefined, mode: 'push' | 'replace'): void => {
    if (row?.type === 'change') {
      const id = changeId(from, to, row.change.key);
      address.getState().go({ selected: { kind: 'change', id } }, mode);
    }
  };
  const fold = (subject: string): void => {
    const next = new Set(closed);
    if (!next.delete(subject)) next.add(subject);
    setClosed(next);
  };
  return (
    <VirtualTable
      id="drift"
      label="Changes"
      columns={columns}
      total={rows.length}
      rowAt={(index) => rows[index]}
      cursor={Math.min(at, rows.length - 1)}
      onCursor={(index) => {
        setAt(index);
        if (selected !== null) show(rows[index], 'replace');
      }}
      onOpen={(row) => {
        if (row.type === 'identity') fold(row.subject.id);
        else show(row, 'push');
      }}
      isSelected={(row) => row.type === 'change' && changeId(from, to, row.change.key) === selected}
    />
  );
}
