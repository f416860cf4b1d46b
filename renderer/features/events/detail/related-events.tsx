import { useState } from 'react';
import type { FieldName } from '#shared/domain/dimensions.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import { shortResource } from '#shared/domain/event-sentence.ts';
import type { EventRow } from '#shared/ipc/views.ts';
import { withFilter } from '#shared/query/edit.ts';
import { useHref } from '../../../state/context.ts';
import { useRequest } from '../../../state/use-request.ts';
import { EntityLink } from '../../../ui/entity-link.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { OutcomeMark } from '../../../ui/outcome-mark.tsx';
import { EmptyState, ErrorState, Loading } from '../../../ui/states.tsx';
import { Count, Time } from '../../../ui/values.tsx';

type By = 'session' | 'credential' | 'subject';

const fields = { session: 'session.id', credential: 'credential.id', subject: 'subject.id' } as const;
const titles = { session: 'Same session', credential: 'Same credential', subject: 'Same subject' } as const;

/** How the session came to be, and the events before and after this one that share its session, credential or subject. */
export function RelatedEvents({ event }: { readonly event: AccessEvent }) {
  const known: Readonly<Record<By, string | null>> = {
    session: event.session?.id ?? null,
    credential: event.credential?.id ?? null,
    subject: event.subject.id,
  };
  const choices = (['session', 'credential', 'subject'] as const).filter((by) => known[by] !== null);
  const [wanted, setBy] = useState<By | null>(null);
  const by = wanted ?? choices[0] ?? null;
  return (
    <div className="related">
      <Lineage event={event} />
      {by === null ? (
        <EmptyState title="Nothing to relate it by">
          The log names neither a session nor a credential nor a durable identity for this event.
        </EmptyState>
      ) : (
        <>
          <div className="related-choices" role="group" aria-label="Related by">
            {choices.map((choice) => (
              <button
                key={choice}
                type="button"
                className="button"
                aria-pressed={choice === by}
                onClick={() => setBy(choice)}
              >
                {titles[choice]}
              </button>
            ))}
          </div>
          <Neighbours id={event.id} by={by} value={known[by] ?? ''} />
        </>
      )}
    </div>
  );
}

/** Who is behind whom, as far as the event says: the human or service, the identity, its session, the credential. */
function Lineage({ event }: { readonly event: AccessEvent }) {
  const { actor, subject, session, credential } = event;
  const steps: readonly (readonly [string, FieldName, string | null, string | null])[] = [
    ['Behind it', 'actor.id', actor?.id ?? null, actor?.name ?? null],
    ['Identity', 'subject.id', subject.id, subject.name],
    ['Session', 'session.id', session?.id ?? null, session?.name ?? null],
    ['Credential', 'credential.id', credential?.id ?? null, null],
  ];
  return (
    <ol className="lineage" aria-label="Lineage">
      {steps.map(([title, field, value, name]) =>
        value === null ? null : (
          <li key={field}>
            <span className="muted">{title}</span>{' '}
            <EntityLink field={field} value={value} label={name ?? shortResource(value)} length={44} />
            {field === 'session.id' && session !== null ? <SessionFacts session={session} /> : null}
            {field === 'credential.id' && credential !== null ? (
              <span className="muted"> {credential.type}</span>
            ) : null}
          </li>
        ),
      )}
    </ol>
  );
}

function SessionFacts({ session }: { readonly session: NonNullable<AccessEvent['session']> }) {
  return (
    <span className="muted">
      {session.startedAt === null ? null : (
        <>
          {' '}
          since <Time value={session.startedAt} />
        </>
      )}
      {session.mfa === null ? ', MFA not said' : session.mfa ? ', with MFA' : ', without MFA'}
    </span>
  );
}

function Neighbours({ id, by, value }: { readonly id: string; readonly by: By; readonly value: string }) {
  const { value: related, error, reload } = useRequest('events.related', { id, by, limit: 31 });
  const all = useHref({
    view: 'events',
    query: withFilter('', fields[by], value, false),
    from: null,
    to: null,
  });
  if (error !== null) {
    return <ErrorState what="Related events could not be read" error={error} onRetry={reload} />;
  }
  if (related === null) return <Loading what="related events" />;
  return (
    <>
      <p className="muted">
        <Count value={related.total} /> {related.total === 1 ? 'event' : 'events'} in the case;{' '}
        {related.total > related.rows.length ? `the ${related.rows.length} around this one. ` : ''}
        <a href={all}>Show all</a>
      </p>
      <ol className="neighbours">
        {related.rows.map((row) => (
          <Neighbour key={row.id} row={row} isThis={row.id === id} />
        ))}
      </ol>
    </>
  );
}

function Neighbour({ row, isThis }: { readonly row: EventRow; readonly isThis: boolean }) {
  const href = useHref({ selected: { kind: 'event', id: row.id } });
  return (
    <li>
      <a href={href} className="neighbour" aria-current={isThis ? 'true' : undefined}>
        <span className="neighbour-head">
          <Time value={row.time} />
          <OutcomeMark outcome={row.outcome} />
        </span>
        <span className="ellipsis">
          <LogText text={row.action ?? row.operation ?? 'no action named'} />
          {row.resource === null ? null : (
            <span className="muted">
              {' '}
              on <LogText text={shortResource(row.resource.id)} />
            </span>
          )}
        </span>
      </a>
    </li>
  );
}
