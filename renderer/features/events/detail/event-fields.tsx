import type { ReactNode } from 'react';
import type { FieldName } from '#shared/domain/dimensions.ts';
import type { AccessEvent, Principal } from '#shared/domain/event.ts';
import { EntityLink } from '../../../ui/entity-link.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { Properties } from '../../../ui/properties.tsx';
import { ShortId, Time } from '../../../ui/values.tsx';
import { citationOf } from './citation.ts';

type Entry = readonly [string, ReactNode];

/** Every field that the event has, each a link where it names a thing. Empty ones are left out. */
export function EventFields({ event }: { readonly event: AccessEvent }) {
  const citation = citationOf(event);
  const link = (title: string, field: FieldName, value: string | null | undefined): Entry => [
    title,
    value === null || value === undefined ? null : (
      <EntityLink key={field} field={field} value={value} length={200} citation={citation} />
    ),
  ];
  const principal = (prefix: 'subject' | 'actor', who: Principal | null): Entry[] => [
    link('Id', `${prefix}.id`, who?.id),
    link('Name', `${prefix}.name`, who?.name),
    link('Kind', `${prefix}.type`, who?.type),
    link('Account', `${prefix}.account`, who?.account),
  ];
  const { session, credential, reason, resources, correlation } = event;
  return (
    <div className="event-fields">
      <Group title="Subject" entries={principal('subject', event.subject)} />
      <Group title="Behind it" entries={principal('actor', event.actor)} />
      <Group
        title="Request"
        entries={[
          link('Action', 'action', event.action),
          link('Operation', 'operation', event.operation),
          link('Service', 'service', event.service),
          link('Class', 'class', event.class),
          link('Account', 'account', event.account),
          link('Region', 'region', event.region),
        ]}
      />
      <Group
        title={resources.length > 1 ? `Resources (${resources.length})` : 'Resource'}
        entries={resources.map(
          ({ type, id }, index): Entry => [
            type ?? 'Id',
            <EntityLink
              key={index}
              field={index === 0 ? 'resource.id' : 'resources'}
              value={id}
              length={200}
              citation={citation}
            />,
          ],
        )}
      />
      <Group
        title="Decision"
        entries={[
          link('Outcome', 'outcome', event.outcome),
          link('Reason', 'reason.class', reason?.class),
          link('Policy', 'reason.policy', reason?.policy),
          [
            'In the log’s words',
            reason?.text === null || reason === null ? null : <LogText key="text" text={reason.text} />,
          ],
        ]}
      />
      <Group
        title="Session and credential"
        entries={[
          link('Session', 'session.id', session?.id),
          link('Session name', 'session.name', session?.name),
          [
            'Started',
            session?.startedAt === undefined || session.startedAt === null ? null : (
              <Time key="started" value={session.startedAt} />
            ),
          ],
          link(
            'MFA',
            'session.mfa',
            session?.mfa === undefined || session.mfa === null ? null : String(session.mfa),
          ),
          link('Credential', 'credential.id', credential?.id),
          link('Kind', 'credential.type', credential?.type),
        ]}
      />
      <Group
        title="Source"
        entries={[link('Address', 'ip', event.ip), link('Client', 'userAgent', event.userAgent)]}
      />
      <Group
        title="Ids"
        entries={[
          ['Event', <ShortId key="id" value={event.id} length={32} />],
          link('Vendor’s id', 'vendorId', event.vendorId),
          link('Request', 'correlation.requestId', correlation.requestId),
          link('Trace', 'correlation.traceId', correlation.traceId),
          link('Span', 'correlation.spanId', correlation.spanId),
          link('Session', 'correlation.sessionId', correlation.sessionId),
          link('Shared', 'correlation.sharedId', correlation.sharedId),
        ]}
      />
    </div>
  );
}

function Group({ title, entries }: { readonly title: string; readonly entries: readonly Entry[] }) {
  const filled = entries.filter(([, value]) => value !== null);
  if (filled.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 className="event-group">{title}</h3>
      <Properties entries={filled} />
    </section>
  );
}
