import { useMemo, useState } from 'react';
import { shortResource } from '#shared/domain/event-sentence.ts';
import type { ReplayChange, ReplayRow } from '#shared/domain/replay.ts';
import { useConsole } from '../../../state/context.ts';
import { EntityLink } from '../../../ui/entity-link.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { escapedText } from '../../../ui/log-text.ts';
import { formatCount } from '../../../ui/numbers.ts';
import { Badge, OutcomeMark } from '../../../ui/outcome-mark.tsx';
import { EmptyState } from '../../../ui/states.tsx';
import { Count } from '../../../ui/values.tsx';
import { type Column, VirtualTable } from '../../../ui/virtual-table.tsx';
import { traceTab } from '../places.ts';
import { outcomeOf } from '../trace/words.ts';

const changes: Readonly<Record<ReplayChange, readonly [string, 'danger' | 'warning' | 'neutral']>> = {
  'newly-denied': ['Newly denied', 'danger'],
  'newly-allowed': ['Newly allowed', 'warning'],
  undecidable: ['Undecidable', 'neutral'],
  unchanged: ['Unchanged', 'neutral'],
};
const order = Object.keys(changes) as readonly ReplayChange[];

const columns: readonly Column<ReplayRow>[] = [
  {
    id: 'change',
    title: 'Change',
    width: 132,
    render: ({ change }) => <Badge tone={changes[change][1]}>{changes[change][0]}</Badge>,
  },
  {
    id: 'events',
    title: 'Events',
    width: 72,
    align: 'end',
    render: ({ events }) => <Count value={events} />,
  },
  {
    id: 'subject',
    title: 'Subject',
    width: 200,
    render: ({ request: { subject } }) => (
      <EntityLink field="subject.id" value={subject.id} label={shortResource(subject.id)} inGrid />
    ),
  },
  {
    id: 'action',
    title: 'Action',
    width: 184,
    render: ({ request: { action } }) => <EntityLink field="action" value={action.name} inGrid />,
  },
  {
    id: 'resource',
    title: 'Resource',
    width: 200,
    render: ({ request: { resource } }) => (
      <EntityLink field="resource.id" value={resource.id} label={shortResource(resource.id)} inGrid />
    ),
  },
  { id: 'before', title: 'Before', width: 96, render: ({ before }) => <Before value={before} /> },
  {
    id: 'decision',
    title: 'Under it',
    width: 96,
    render: ({ decision }) => <OutcomeMark outcome={outcomeOf(decision)} />,
  },
  {
    id: 'verdict',
    title: 'Why',
    width: 360,
    grows: true,
    render: ({ verdict }) => (
      <span title={escapedText(verdict)}>
        <LogText text={verdict} />
      </span>
    ),
  },
];

function Before({ value }: { readonly value: ReplayRow['before'] }) {
  if (value === null) return <span className="muted">–</span>;
  return value === 'mixed' ? <Badge>mixed</Badge> : <OutcomeMark outcome={outcomeOf(value)} />;
}

interface ReplayTableProps {
  readonly rows: readonly ReplayRow[];
  /** How many distinct requests there are in all. */
  readonly all: number;
  readonly bundle: string;
}

/** Distinct requests with what becomes of them. A row opens the trace of one of its events under the bundle. */
export function ReplayTable({ rows, all, bundle }: ReplayTableProps) {
  const { address } = useConsole();
  const [wanted, setWanted] = useState<ReplayChange | null>(null);
  const [cursor, setCursor] = useState(0);
  const shown = useMemo(
    () => (wanted === null ? rows : rows.filter(({ change }) => change === wanted)),
    [rows, wanted],
  );
  const choose = (change: ReplayChange | null): void => {
    setWanted(change);
    setCursor(0);
  };
  return (
    <>
      <div className="trace-actions" role="group" aria-label="Show">
        <button type="button" className="button" aria-pressed={wanted === null} onClick={() => choose(null)}>
          All
        </button>
        {order.map((change) => (
          <button
            key={change}
            type="button"
            className="button"
            aria-pressed={wanted === change}
            onClick={() => choose(change)}
          >
            {changes[change][0]}
          </button>
        ))}
        {all > rows.length ? (
          <span className="muted">
            The first {formatCount(rows.length)} of {formatCount(all)} distinct requests: narrow them by a
            query.
          </span>
        ) : null}
      </div>
      {shown.length === 0 ? (
        <EmptyState title="No request is of this kind" />
      ) : (
        <VirtualTable
          id="replay"
          label="Impact"
          columns={columns}
          total={shown.length}
          rowAt={(index) => shown[index]}
          cursor={Math.min(cursor, shown.length - 1)}
          onCursor={setCursor}
          onOpen={({ event }) => address.getState().go({ tab: traceTab(event, bundle) })}
        />
      )}
    </>
  );
}
