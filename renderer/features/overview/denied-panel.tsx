import { shortResource } from '#shared/domain/event-sentence.ts';
import type { Overview } from '#shared/ipc/views.ts';
import { withFilter } from '#shared/query/edit.ts';
import { useHref } from '../../state/context.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { Count, Time } from '../../ui/values.tsx';

type Denied = Overview['topDenied'][number];

/** Who was denied what, most often first. */
export function DeniedPanel({ denied }: { readonly denied: Overview['topDenied'] }) {
  return (
    <Panel title="Most denied" note="subject and action, by number of denials">
      <SimpleTable
        label="Most denied"
        rows={denied}
        keyOf={({ subject, action }) => `${subject} ${action}`}
        empty="Nobody whom the logs name was denied anything."
        columns={[
          {
            title: 'Subject',
            render: ({ subject }) => (
              <EntityLink field="subject.id" value={subject} label={shortResource(subject)} length={40} />
            ),
          },
          {
            title: 'Action',
            render: ({ action }) =>
              action === null ? (
                <span className="muted">–</span>
              ) : (
                <EntityLink field="action" value={action} length={40} />
              ),
          },
          { title: 'Last', width: 148, render: ({ last }) => <Time value={last} to="minute" /> },
          { title: 'Denials', align: 'end', width: 72, render: (row) => <DenialCount row={row} /> },
        ]}
      />
    </Panel>
  );
}

function DenialCount({ row: { subject, action, count } }: { readonly row: Denied }) {
  const query = withFilter(withFilter('outcome:deny', 'subject.id', subject, false), 'action', action, false);
  return (
    <a href={useHref({ view: 'events', query })}>
      <Count value={count} />
    </a>
  );
}
