import { useState } from 'react';
import type { EvidenceItem } from '#shared/ipc/views.ts';
import { useAddress, useConsole } from '../../state/context.ts';
import { LogText } from '../../ui/log-line.tsx';
import { escapedText } from '../../ui/log-text.ts';
import { Badge } from '../../ui/outcome-mark.tsx';
import { Bytes, Count, ShortId, TimeRange } from '../../ui/values.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { formatTitle } from '../../ui/format-title.ts';

const columns: readonly Column<EvidenceItem>[] = [
  { id: 'path', title: 'File', width: 440, render: ({ path }) => <FileName path={path} /> },
  { id: 'status', title: 'Status', width: 88, render: (file) => <Status file={file} /> },
  { id: 'format', title: 'Format', width: 128, render: ({ format }) => formatTitle(format) },
  { id: 'bytes', title: 'Size', width: 88, align: 'end', render: ({ bytes }) => <Bytes value={bytes} /> },
  {
    id: 'records',
    title: 'Records',
    width: 88,
    align: 'end',
    render: ({ records }) => <Count value={records} />,
  },
  {
    id: 'events',
    title: 'Events',
    width: 88,
    align: 'end',
    render: ({ events }) => <Count value={events} />,
  },
  {
    id: 'duplicates',
    title: 'Duplicates',
    width: 88,
    align: 'end',
    render: ({ duplicates }) => <Count value={duplicates} />,
  },
  {
    id: 'rejected',
    title: 'Rejected',
    width: 80,
    align: 'end',
    render: ({ rejected }) => <Count value={rejected} />,
  },
  { id: 'sha256', title: 'SHA-256', width: 152, render: ({ sha256 }) => <ShortId value={sha256} /> },
  {
    id: 'range',
    title: 'Range',
    width: 360,
    render: ({ from, to }) => <TimeRange from={from} to={to} />,
  },
];

/** Of files without events it counts why they have none. */
const skippedColumns: readonly Column<EvidenceItem>[] = [
  ...columns.filter(({ id }) => id === 'path'),
  {
    id: 'reason',
    title: 'Why it was skipped',
    width: 440,
    grows: true,
    render: ({ reason, leftOut }) => (
      <LogText text={reason ?? leftOut.map((part) => part.reason).join(' · ')} />
    ),
  },
  ...columns.filter(({ id }) => id === 'bytes' || id === 'sha256'),
];

interface FilesTableProps {
  readonly files: readonly EvidenceItem[];
  readonly label: string;
  readonly skipped?: boolean;
}

export function FilesTable({ files, label, skipped = false }: FilesTableProps) {
  const { address } = useConsole();
  const selected = useAddress((state) => state.selected);
  const [cursor, setCursor] = useState(0);
  return (
    <VirtualTable
      id={skipped ? 'evidence-skipped' : 'evidence-files'}
      label={label}
      columns={skipped ? skippedColumns : columns}
      total={files.length}
      rowAt={(index) => files[index]}
      cursor={Math.min(cursor, Math.max(0, files.length - 1))}
      onCursor={setCursor}
      onOpen={(file) => address.getState().go({ selected: { kind: 'file', id: fileId(file) } })}
      isSelected={(file) => selected?.kind === 'file' && selected.id === fileId(file)}
    />
  );
}

/** One content may lie in a case under several names. */
export function fileId({ sha256, path }: EvidenceItem): string {
  return `${sha256}:${path}`;
}

/** The folders give way first: names tell files apart. */
export function FileName({ path }: { readonly path: string }) {
  const name = path.lastIndexOf('/') + 1;
  return (
    <span className="file-name" title={escapedText(path)}>
      <span className="ellipsis muted">
        <LogText text={path.slice(0, name)} />
      </span>
      <span className="ellipsis">
        <LogText text={path.slice(name)} />
      </span>
    </span>
  );
}

const tones = { complete: 'success', partial: 'warning', skipped: 'neutral' } as const;

export function Status({ file }: { readonly file: EvidenceItem }) {
  const { status } = file;
  // The import is done with it; the file is not all there.
  if (status === 'complete' && isCutShort(file)) return <Badge tone="warning">cut short</Badge>;
  return <Badge tone={tones[status]}>{status}</Badge>;
}

/** Whether a part of the file could not be read at all, so that nobody knows what it held. */
export function isCutShort({ leftOut }: EvidenceItem): boolean {
  return leftOut.some(({ records }) => records === 0);
}
