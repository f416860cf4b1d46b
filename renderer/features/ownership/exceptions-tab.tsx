import { useMemo, useState } from 'react';
import { shortResource } from '#shared/domain/event-sentence.ts';
import { useRequest } from '../../state/use-request.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { Badge } from '../../ui/outcome-mark.tsx';
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { type GrantedException, exceptionsOf } from './exceptions.ts';

/** So many identities that stand for a time are listed. */
const mostListed = 2_000;

/** What was allowed for a time: until when, why and by whom, whether that is over, and whether it is used all the same. */
export function ExceptionsTab() {
  const decisions = useRequest('identities.decisions', {});
  const inventory = useRequest('identities.list', { ends: true, limit: mostListed });
  const exceptions = useMemo(
    () => exceptionsOf(decisions.value ?? [], inventory.value?.rows ?? []),
    [decisions.value, inventory.value],
  );
  const asOf = inventory.value?.asOf ?? null;
  const [at, setAt] = useState(0);
  if (decisions.error !== null) {
    return (
      <ErrorState what="The decisions could not be read" error={decisions.error} onRetry={decisions.reload} />
    );
  }
  if (inventory.error !== null) {
    return (
      <ErrorState what="The inventory could not be read" error={inventory.error} onRetry={inventory.reload} />
    );
  }
  if (decisions.value === null || inventory.value === null) return <Loading what="the exceptions" />;
  if (exceptions.length === 0) {
    return (
      <EmptyState title="Nothing was allowed for a time">
        In an identity’s story, “Decide” makes it temporary or an exception, with its end and the reason.
        Accounts that a directory lets end are listed here as well. What is used after its end is a finding.
      </EmptyState>
    );
  }
  const isOver = ({ until }: GrantedException): boolean =>
    until !== null && asOf !== null && Date.parse(until) < Date.parse(asOf);
  const columns: readonly Column<GrantedException>[] = [
    {
      id: 'identity',
      title: 'Identity',
      width: 280,
      grows: true,
      render: ({ id }) => (
        <EntityLink field="subject.id" value={id} label={shortResource(id)} length={48} inGrid />
      ),
    },
    { id: 'as', title: 'Standing', width: 96, render: ({ as }) => as },
    {
      id: 'until',
      title: 'Until',
      width: 160,
      render: ({ until }) =>
        until === null ? <span className="muted">without end</span> : <Time value={until} to="minute" />,
    },
    {
      id: 'state',
      title: 'State',
      width: 176,
      render: (exception) => {
        if (asOf === null) return <span className="muted">not known</span>;
        if (!isOver(exception)) return 'in force';
        const last = exception.lastSeen;
        const isUsed =
          last !== null && exception.until !== null && Date.parse(last) > Date.parse(exception.until);
        return isUsed ? (
          <Badge tone="danger">expired, still used</Badge>
        ) : (
          <Badge tone="warning">expired</Badge>
        );
      },
    },
    {
      id: 'last',
      title: 'Last seen',
      width: 148,
      render: ({ lastSeen }) => (lastSeen === null ? '–' : <Time value={lastSeen} to="minute" />),
    },
    { id: 'why', title: 'Why', width: 240, render: ({ why }) => <LogText text={why} /> },
    { id: 'who', title: 'By', width: 120, render: ({ who }) => <LogText text={who} /> },
    {
      id: 'when',
      title: 'Decided',
      width: 148,
      render: ({ time }) => (time === null ? '–' : <Time value={time} to="minute" />),
    },
  ];
  return (
    <div className="ownership-part">
      <VirtualTable
        id="exceptions"
        label="Exceptions"
        columns={columns}
        total={exceptions.length}
        rowAt={(index) => exceptions[index]}
        cursor={Math.min(at, exceptions.length - 1)}
        onCursor={setAt}
      />
    </div>
  );
}
