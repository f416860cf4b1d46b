import { useState } from 'react';
import type { BehaviourChange } from '#shared/domain/behaviour.ts';
import { useConsole } from '../../../state/context.ts';
import { useRequest } from '../../../state/use-request.ts';
import { LogText } from '../../../ui/log-line.tsx';
import { formatCount } from '../../../ui/numbers.ts';
import { EmptyState, ErrorState, Loading } from '../../../ui/states.tsx';
import { Count } from '../../../ui/values.tsx';
import { type Column, VirtualTable } from '../../../ui/virtual-table.tsx';

interface BehaviourPartProps {
  readonly subject: string;
  readonly asOf: string | null;
}

/** So many days are shown of one identity. */
const mostDays = 1_000;

const columns: readonly Column<BehaviourChange>[] = [
  {
    id: 'day',
    title: 'Day',
    width: 104,
    render: ({ day }) => <span className="numeric">{day.slice(0, 10)}</span>,
  },
  { id: 'kind', title: 'Kind', width: 168, render: ({ kind }) => kind.replaceAll('-', ' ') },
  { id: 'why', title: 'What', width: 420, grows: true, render: ({ why }) => <LogText text={why} /> },
  { id: 'seen', title: 'Seen', width: 64, align: 'end', render: ({ seen }) => <Count value={seen} /> },
  {
    id: 'expected',
    title: 'Expected',
    width: 76,
    align: 'end',
    render: ({ expected }) => <span className="numeric">{expected.toFixed(expected < 10 ? 1 : 0)}</span>,
  },
  {
    id: 'chance',
    title: 'By chance',
    width: 88,
    align: 'end',
    render: ({ probability }) =>
      probability === null ? '–' : <span className="numeric">{chanceWords(probability)}</span>,
  },
  {
    id: 'baseline',
    title: 'Baseline',
    width: 232,
    render: ({ baseline: { days, daysWithEvents, daysActive, peers } }) => (
      <span className="muted">
        {formatCount(daysWithEvents)} of {formatCount(days)} days, active on {formatCount(daysActive)},{' '}
        {formatCount(peers)} peers
      </span>
    ),
  },
];

/** E.g. `< 0.1 %`. */
function chanceWords(probability: number): string {
  return probability < 0.001 ? '< 0.1 %' : `${(probability * 100).toFixed(1)} %`;
}

/** Days on which it left what it and its peers had done before; Enter shows the first event that tells it. */
export function BehaviourPart({ subject, asOf }: BehaviourPartProps) {
  const { address } = useConsole();
  const { value, error, reload } = useRequest('behaviour.list', { subject, asOf, limit: mostDays });
  const [at, setAt] = useState(0);
  if (error !== null) {
    return <ErrorState what="Its behaviour could not be judged" error={error} onRetry={reload} />;
  }
  if (value === null) return <Loading what="its behaviour" />;
  const { rows, total, logs } = value;
  const rests = logs
    .map(({ format, days, daysWithEvents }) => `${format} on ${daysWithEvents} of ${days} days`)
    .join(', ');
  if (rows.length === 0) {
    return (
      <EmptyState title="It behaved as before">
        On no day did it leave what it and its peers had done until then, as far as the logs show
        {rests === '' ? '' : ` (${rests})`}. A short baseline finds little.
      </EmptyState>
    );
  }
  return (
    <div className="story-part">
      <p className="story-bar muted">
        {formatCount(total)} {total === 1 ? 'change' : 'changes'}, judged against its own and its peers’ days
        before; {rests}
      </p>
      <VirtualTable
        id="behaviour"
        label="Behaviour"
        columns={columns}
        total={rows.length}
        rowAt={(index) => rows[index]}
        cursor={Math.min(at, rows.length - 1)}
        onCursor={setAt}
        onOpen={({ events: [event] }) => {
          if (event !== undefined) address.getState().go({ selected: { kind: 'event', id: event } });
        }}
      />
    </div>
  );
}
