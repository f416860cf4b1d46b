import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { type Duty, type Ownership, duties } from '#shared/domain/decision.ts';
import type { Command } from '../../state/commands.ts';
import { useCommands } from '../../state/context.ts';
import { useRequest } from '../../state/use-request.ts';
import { Input } from '../../ui/field.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { Badge } from '../../ui/outcome-mark.tsx';
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { WhoHasIt } from './who-has-it.tsx';
import { RowDialog } from './row-dialog.tsx';
import { chosenRows, dutyTitles, openDuties, writersWhoApprove } from './rows.ts';

type Row = ReturnType<typeof chosenRows>[number];

const columns: readonly Column<Row>[] = [
  {
    id: 'place',
    title: '#',
    width: 48,
    align: 'end',
    render: ({ place }) => <span className="numeric">{formatCount(place + 1)}</span>,
  },
  { id: 'about', title: 'About', width: 80, render: ({ row }) => row.about },
  {
    id: 'pattern',
    title: 'Pattern',
    width: 260,
    grows: true,
    render: ({ row }) => (
      <span className="mono">
        <LogText text={row.pattern} />
      </span>
    ),
  },
  ...duties.map(
    (duty): Column<Row> => ({
      id: duty,
      title: dutyTitles[duty],
      width: 168,
      render: ({ row }) => <Names row={row} duty={duty} />,
    }),
  ),
  {
    id: 'note',
    title: 'Note',
    width: 216,
    render: ({ row }) => <Note row={row} />,
  },
];

function Names({ row, duty }: { readonly row: Ownership; readonly duty: Duty }) {
  const names = row[duty];
  if (names.length === 0) return <span className="muted">nobody</span>;
  return <LogText text={names.join(', ')} />;
}

function Note({ row }: { readonly row: Ownership }) {
  const both = writersWhoApprove(row);
  if (both.length > 0) return <Badge tone="warning">the same writes and approves</Badge>;
  return openDuties(row).length === duties.length ? (
    <span className="muted">takes its pattern out</span>
  ) : null;
}

/** The matrix: a pattern a row, with who has each duty. Enter changes a row. */
export function MatrixTab() {
  const { value, error, reload } = useRequest('ownership.list', {});
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [edited, setEdited] = useState<Ownership | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const wanted = useDeferredValue(text);
  const rows = useMemo(() => chosenRows(value ?? [], wanted), [value, wanted]);
  useCommands(
    useMemo(
      (): readonly Command[] => [
        {
          id: 'ownership.text',
          title: 'Filter owners by text',
          group: 'Ownership',
          keys: ['/'],
          run: () => input.current?.focus(),
        },
      ],
      [],
    ),
  );
  if (error !== null) {
    return <ErrorState what="The owners could not be listed" error={error} onRetry={reload} />;
  }
  if (value === null) return <Loading what="the owners" />;
  if (value.length === 0) {
    return (
      <EmptyState title="Nobody is named yet">
        Import the CODEOWNERS file of the policies, or a table with the columns about, pattern, writes,
        approves, monitors and answers, or add rows one by one. Each import and each change is a decision in
        the journal.
      </EmptyState>
    );
  }
  return (
    <div className="ownership-part">
      <div className="ownership-bar">
        <Input
          ref={input}
          className="ownership-text"
          aria-label="Part of a pattern or name"
          placeholder="Pattern or name"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <WhoHasIt />
        <span className="muted">
          {formatCount(rows.length)} of {formatCount(value.length)} rows; of two that cover the same, the
          later counts
        </span>
      </div>
      {rows.length === 0 ? (
        <EmptyState title="No row is like that">Change the text.</EmptyState>
      ) : (
        <VirtualTable
          id="ownership"
          label="Owners"
          columns={columns}
          total={rows.length}
          rowAt={(index) => rows[index]}
          cursor={Math.min(at, rows.length - 1)}
          onCursor={setAt}
          onOpen={({ row }) => setEdited(row)}
        />
      )}
      {edited === null ? null : <RowDialog row={edited} rows={value} onClose={() => setEdited(null)} />}
    </div>
  );
}
