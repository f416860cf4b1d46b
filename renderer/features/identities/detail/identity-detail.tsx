import { useMemo } from 'react';
import { shortResource } from '#shared/domain/event-sentence.ts';
import type { Identity } from '#shared/domain/identity.ts';
import { withFilter } from '#shared/query/edit.ts';
import { parseTimeSpan } from '#shared/query/time-span.ts';
import { useHref } from '../../../state/context.ts';
import { useRequest } from '../../../state/use-request.ts';
import { formatTitle } from '../../../ui/format-title.ts';
import { LogText } from '../../../ui/log-line.tsx';
import { formatCount } from '../../../ui/numbers.ts';
import { Properties } from '../../../ui/properties.tsx';
import { RevokeButton } from '../../../ui/revoke-button.tsx';
import { EmptyState, ErrorState, Loading } from '../../../ui/states.tsx';
import { ShortId, Time } from '../../../ui/values.tsx';
import { DormancyMark, basisExplained } from '../dormancy-mark.tsx';
import { useSettings } from '../settings.ts';
import { Activity } from './activity.tsx';
import { CredentialList } from './credential-list.tsx';
import { DormancySentence } from './dormancy-sentence.tsx';
import { FindingList } from './finding-list.tsx';
import { IdentityLineage } from './identity-lineage.tsx';
import { UsageSection } from './usage-section.tsx';
import '../identities.css';

/** An identity's whole story: is it in use, by which credentials, what it did, where it comes from. */
export function IdentityDetail({ id }: { readonly id: string }) {
  const { asOf, dormantAfterDays } = useSettings();
  const readable = asOf === null || parseTimeSpan(asOf) !== null;
  const { value, error, reload } = useRequest('identities.list', {
    id,
    asOf: readable ? asOf : null,
    dormantAfterDays,
  });
  const query = useOwnEvents(id);
  if (error !== null) {
    return <ErrorState what="The identity could not be read" error={error} onRetry={reload} />;
  }
  if (value === null || query === null) return <Loading what="the identity" />;
  const [first] = value.rows;
  return (
    <article className="story">
      <header className="story-head">
        <h3 className="story-name">
          <LogText text={first?.name ?? shortResource(id)} />
        </h3>
        <RevokeButton targets={[{ kind: 'identity', id }]} />
      </header>
      {first === undefined ? (
        <EmptyState title="Not in the inventory">
          No event up to the reference time has an identity with the id <ShortId value={id} length={40} /> as
          its subject or behind it. A policy or a finding may name it all the same.
        </EmptyState>
      ) : null}
      {value.rows.map((identity) => (
        <Facts key={identity.account} identity={identity} asOf={value.asOf} query={query} />
      ))}
      <FindingList subject={id} />
      <Activity query={query} />
      {value.rows.map(({ account, credentials }) =>
        credentials.length === 0 ? null : <CredentialList key={account} credentials={credentials} />,
      )}
      <IdentityLineage
        kept={value.rows.flatMap(({ credentials }) => credentials.map((credential) => credential.id))}
        query={query}
      />
      <UsageSection key={id} subject={id} asOf={readable ? asOf : null} />
    </article>
  );
}

/** The query for the events of an identity: by its id, or by its name where the log gives it no id. */
function useOwnEvents(id: string): string | null {
  const byId = useMemo(() => withFilter('', 'subject.id', id, false), [id]);
  const { value, error } = useRequest('events.count', { query: byId });
  if (error !== null) return byId;
  if (value === null) return null;
  return value.total > 0 ? byId : withFilter('', 'subject.name', id, false);
}

interface FactsProps {
  readonly identity: Identity;
  readonly asOf: string | null;
  readonly query: string;
}

function Facts({ identity, asOf, query }: FactsProps) {
  const { id, type, account, sources, firstSeen, lastSeen, lastSeenBasis, events, denied } = identity;
  const { sessionCredentials, orphan, owner, standing, dormancy, coverage } = identity;
  const own = useHref({ view: 'events', query, from: null, to: null, selected: null });
  const refused = useHref({
    view: 'events',
    query: withFilter(query, 'outcome', 'deny', false),
    from: null,
    to: null,
    selected: null,
  });
  const behind = useHref({
    view: 'events',
    query: withFilter('', 'actor.id', id, false),
    from: null,
    to: null,
    selected: null,
  });
  return (
    <section aria-label={account === null ? 'Facts' : `Facts in account ${account}`}>
      <p>
        <DormancyMark dormancy={dormancy} coverage={coverage} />
      </p>
      <DormancySentence identity={identity} asOf={asOf} />
      <Properties
        entries={[
          ['Id', <ShortId key="id" value={id} length={44} />],
          ['Type', `${type}, ${standing}`],
          ['Account', account === null ? null : <LogText text={account} />],
          ['Sources', sources.map(formatTitle).join(', ')],
          ['First seen', firstSeen === null ? 'never' : <Time value={firstSeen} />],
          [
            'Last seen',
            lastSeen === null ? (
              'never'
            ) : (
              <>
                <Time value={lastSeen} />
                {lastSeenBasis === null ? null : `: ${basisExplained(lastSeenBasis)}`}
              </>
            ),
          ],
          [
            'Events',
            <span key="events">
              <a href={own}>{formatCount(events)} of its own</a>
              {denied === 0 ? null : (
                <>
                  , <a href={refused}>{formatCount(denied)} denied</a>
                </>
              )}
              , <a href={behind}>those it is behind</a>
            </span>,
          ],
          [
            'Sessions',
            sessionCredentials === 0 ? null : `${formatCount(sessionCredentials)} credentials of sessions`,
          ],
          ['Owner', owner === null ? <Unknown key="owner" text="not known" /> : <LogText text={owner} />],
          [
            'Orphan',
            orphan === null ? (
              <Unknown
                key="orphan"
                text="not known: no directory in the case covers identities of this kind"
              />
            ) : orphan ? (
              'yes: it acts, and no directory has it'
            ) : (
              'no'
            ),
          ],
        ]}
      />
    </section>
  );
}

function Unknown({ text }: { readonly text: string }) {
  return <span className="muted">{text}</span>;
}
