import type { Principal } from '#shared/domain/event.ts';
import { shortResource } from '#shared/domain/event-sentence.ts';
import type { Overview } from '#shared/ipc/views.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { Count, Time } from '../../ui/values.tsx';

/** Identities that the logs name for the first time in the last seventh of the time. */
export function NewPanel({ identities }: { readonly identities: Overview['newIdentities'] }) {
  return (
    <Panel title="New identities" note="first seen in the last seventh of the time">
      <SimpleTable
        label="New identities"
        rows={identities}
        keyOf={({ subject }) => `${subject.type} ${subject.id} ${subject.name}`}
        empty="No identity is seen for the first time there."
        columns={[
          { title: 'Identity', render: ({ subject }) => <Identity subject={subject} /> },
          { title: 'Kind', width: 88, render: ({ subject }) => subject.type },
          { title: 'First seen', width: 148, render: ({ first }) => <Time value={first} to="minute" /> },
          { title: 'Events', align: 'end', width: 80, render: ({ events }) => <Count value={events} /> },
        ]}
      />
    </Panel>
  );
}

/** Identities without an event for a long time, as far as the logs reach. */
export function QuietPanel({ identities }: { readonly identities: Overview['quietIdentities'] }) {
  return (
    <Panel
      title="Quiet identities"
      note="no event in the last quarter of the time, at least 7 days; see the coverage"
    >
      <SimpleTable
        label="Quiet identities"
        rows={identities}
        keyOf={({ subject }) => `${subject.type} ${subject.id} ${subject.name}`}
        empty="Every identity has events there, or the time is too short to say."
        columns={[
          { title: 'Identity', render: ({ subject }) => <Identity subject={subject} /> },
          { title: 'Kind', width: 88, render: ({ subject }) => subject.type },
          { title: 'Last seen', width: 148, render: ({ last }) => <Time value={last} to="minute" /> },
          { title: 'Events', align: 'end', width: 80, render: ({ events }) => <Count value={events} /> },
        ]}
      />
    </Panel>
  );
}

function Identity({ subject: { id, name } }: { readonly subject: Principal }) {
  if (id !== null)
    return <EntityLink field="subject.id" value={id} label={name ?? shortResource(id)} length={40} />;
  if (name !== null) return <EntityLink field="subject.name" value={name} length={40} />;
  return <span className="muted">not named</span>;
}
