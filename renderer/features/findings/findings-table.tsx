import { useState } from 'react';
import type { Finding } from '#shared/domain/finding.ts';
import { shortResource } from '#shared/domain/event-sentence.ts';
import { useAddress, useConsole } from '../../state/context.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { SeverityMark } from '../../ui/severity-mark.tsx';
import { Count, Time } from '../../ui/values.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';

const columns: readonly Column<Finding>[] = [
  {
    id: 'severity',
    title: 'Severity',
    width: 104,
    render: ({ severity }) => <SeverityMark severity={severity} />,
  },
  {
    id: 'title',
    title: 'Finding',
    width: 260,
    grows: true,
    render: ({ title }) => <LogText text={title} />,
  },
  {
    id: 'subject',
    title: 'Subject',
    width: 200,
    render: ({ subject }) =>
      subject === null ? (
        <span className="muted">no identity</span>
      ) : (
        <EntityLink field="subject.id" value={subject} label={shortResource(subject)} length={28} inGrid />
      ),
  },
  {
    id: 'count',
    title: 'Events',
    width: 72,
    align: 'end',
    render: ({ count }) => <Count value={count} />,
  },
  {
    id: 'first',
    title: 'First',
    width: 148,
    render: ({ first }) => (first === null ? '–' : <Time value={first} to="minute" />),
  },
  {
    id: 'last',
    title: 'Last',
    width: 148,
    render: ({ last }) => (last === null ? '–' : <Time value={last} to="minute" />),
  },
  {
    id: 'tags',
    title: 'Tags',
    width: 200,
    render: ({ tags }) => <span className="muted">{tags.join(', ')}</span>,
  },
];

/** The findings; a row opens beside. */
export function FindingsTable({ findings }: { readonly findings: readonly Finding[] }) {
  const { address } = useConsole();
  const selected = useAddress((state) => (state.selected?.kind === 'finding' ? state.selected.id : null));
  const [at, setAt] = useState(0);
  const cursor = Math.min(at, findings.length - 1);
  const show = (finding: Finding | undefined, mode: 'push' | 'replace'): void => {
    if (finding !== undefined) address.getState().go({ selected: { kind: 'finding', id: finding.id } }, mode);
  };
  return (
    <VirtualTable
      id="findings"
      label="Findings"
      columns={columns}
      total={findings.length}
      rowAt={(index) => findings[index]}
      cursor={cursor}
      onCursor={(index) => {
        setAt(index);
        if (selected !== null) show(findings[index], 'replace');
      }}
      onOpen={(finding) => show(finding, 'push')}
      isSelected={({ id }) => id === selected}
    />
  );
}
