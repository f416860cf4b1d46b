import type { EventRow } from '#shared/ipc/views.ts';
import { shortResource } from '#shared/domain/event-sentence.ts';
import type { FieldName } from '#shared/domain/dimensions.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { formatTitle } from '../../ui/format-title.ts';
import { OutcomeMark } from '../../ui/outcome-mark.tsx';
import { Time } from '../../ui/values.tsx';
import type { Column } from '../../ui/virtual-table.tsx';

/** Every column that the events table can show, in its order. */
export const eventColumns: readonly Column<EventRow>[] = [
  {
    id: 'time',
    title: 'Time',
    width: 196,
    sortable: true,
    render: ({ time }) => <Time value={time} to="millisecond" />,
  },
  { id: 'outcome', title: 'Outcome', width: 92, render: ({ outcome }) => <OutcomeMark outcome={outcome} /> },
  {
    id: 'subject',
    title: 'Subject',
    width: 184,
    render: ({ subject: { id, name } }) =>
      id === null ? (
        <Link field="subject.name" value={name} />
      ) : (
        <Link field="subject.id" value={id} label={name ?? shortResource(id)} />
      ),
  },
  {
    id: 'action',
    title: 'Action',
    width: 208,
    render: ({ action, operation }) =>
      action === null ? <Link field="operation" value={operation} /> : <Link field="action" value={action} />,
  },
  {
    id: 'resource',
    title: 'Resource',
    width: 220,
    grows: true,
    render: ({ resource }) =>
      resource === null ? (
        none
      ) : (
        <Link field="resource.id" value={resource.id} label={shortResource(resource.id)} />
      ),
  },
  { id: 'ip', title: 'Source', width: 128, render: ({ ip }) => <Link field="ip" value={ip} /> },
  {
    id: 'reason',
    title: 'Reason',
    width: 128,
    render: ({ reason }) => <Link field="reason.class" value={reason?.class ?? null} />,
  },
  {
    id: 'policy',
    title: 'Policy',
    width: 200,
    render: ({ reason }) => <Link field="reason.policy" value={reason?.policy ?? null} />,
  },
  {
    id: 'service',
    title: 'Service',
    width: 96,
    render: ({ service }) => <Link field="service" value={service} />,
  },
  {
    id: 'account',
    title: 'Account',
    width: 120,
    render: ({ account }) => <Link field="account" value={account} />,
  },
  {
    id: 'region',
    title: 'Region',
    width: 112,
    render: ({ region }) => <Link field="region" value={region} />,
  },
  {
    id: 'session',
    title: 'Session',
    width: 160,
    render: ({ session }) =>
      session?.id === null || session === null ? (
        <Link field="session.name" value={session?.name ?? null} />
      ) : (
        <Link
          field="session.id"
          value={session.id}
          {...(session.name === null ? {} : { label: session.name })}
        />
      ),
  },
  {
    id: 'credential',
    title: 'Credential',
    width: 176,
    render: ({ credential }) => <Link field="credential.id" value={credential?.id ?? null} />,
  },
  {
    id: 'actor',
    title: 'Behind it',
    width: 160,
    render: ({ actor }) =>
      actor?.id === undefined || actor.id === null ? (
        none
      ) : (
        <Link field="actor.id" value={actor.id} label={actor.name ?? shortResource(actor.id)} />
      ),
  },
  { id: 'format', title: 'Format', width: 136, render: ({ format }) => formatTitle(format) },
];

const none = <span className="muted">–</span>;

interface LinkProps {
  readonly field: FieldName;
  readonly value: string | null;
  readonly label?: string;
}

function Link({ field, value, label }: LinkProps) {
  if (value === null) return none;
  return (
    <EntityLink field={field} value={value} {...(label === undefined ? {} : { label })} length={72} inGrid />
  );
}

/** The columns that show until the analyst chooses others. */
export const usualColumns: readonly string[] = ['time', 'outcome', 'subject', 'action', 'resource', 'ip'];
