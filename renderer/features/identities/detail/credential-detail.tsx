import { useMemo } from 'react';
import { withFilter } from '#shared/query/edit.ts';
import { useHref } from '../../../state/context.ts';
import { useRequest } from '../../../state/use-request.ts';
import { EntityLink } from '../../../ui/entity-link.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { formatCount } from '../../../ui/numbers.ts';
import { RevokeButton } from '../../../ui/revoke-button.tsx';
import { SimpleTable } from '../../../ui/simple-table.tsx';
import { ErrorState, Loading } from '../../../ui/states.tsx';
import { Count } from '../../../ui/values.tsx';
import { Activity } from './activity.tsx';
import { CredentialLineage } from './credential-lineage.tsx';
import '../identities.css';

/** One credential: who used it, for what, from where, and what was made with it. */
export function CredentialDetail({ id }: { readonly id: string }) {
  const query = useMemo(() => withFilter('', 'credential.id', id, false), [id]);
  const { value, error, reload } = useRequest('events.count', { query, by: ['subject.id'], limit: 20 });
  const events = useHref({ view: 'events', query, from: null, to: null, selected: null });
  if (error !== null) {
    return <ErrorState what="The credential could not be looked up" error={error} onRetry={reload} />;
  }
  if (value === null) return <Loading what="the credential" />;
  return (
    <article className="story">
      <header className="story-head">
        <h3 className="story-name mono">
          <LogText text={id} />
        </h3>
        <RevokeButton targets={[{ kind: 'credential', id }]} />
      </header>
      <p>
        {value.total === 0 ? (
          'No event was made with it.'
        ) : (
          <a href={events}>
            {formatCount(value.total)} {value.total === 1 ? 'event was' : 'events were'} made with it
          </a>
        )}
      </p>
      <section aria-label="Used by">
        <h3>Used by</h3>
        <SimpleTable
          label="Used by"
          rows={value.rows.map(({ values: [subject = null], count }) => ({ subject, count }))}
          keyOf={({ subject }) => String(subject)}
          empty="Nobody, as far as the logs show."
          columns={[
            {
              title: 'Identity',
              render: ({ subject }) =>
                subject === null ? (
                  <span className="muted">not named</span>
                ) : (
                  <EntityLink field="subject.id" value={subject} />
                ),
            },
            { title: 'Events', width: 80, align: 'end', render: ({ count }) => <Count value={count} /> },
          ]}
        />
      </section>
      <section aria-label="Lineage">
        <h3>Lineage</h3>
        <CredentialLineage key={id} credential={id} />
      </section>
      <Activity query={query} />
    </article>
  );
}
