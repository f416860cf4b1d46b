import { shortResource } from '#shared/domain/event-sentence.ts';
import { parseTimeSpan } from '#shared/query/time-span.ts';
import { useHref } from '../../../state/context.ts';
import { useRequest } from '../../../state/use-request.ts';
import { LogText } from '../../../ui/log-line.tsx';
import { RevokeButton } from '../../../ui/revoke-button.tsx';
import { EmptyState, ErrorState, Loading } from '../../../ui/states.tsx';
import { ShortId } from '../../../ui/values.tsx';
import { formatSettings, useSettings } from '../settings.ts';
import { Activity } from './activity.tsx';
import { CredentialList } from './credential-list.tsx';
import { FindingList } from './finding-list.tsx';
import { Facts } from './identity-facts.tsx';
import { IdentityLineage } from './identity-lineage.tsx';
import { useOwnEvents } from './use-own-events.ts';
import { UsageSection } from './usage-section.tsx';
import '../identities.css';

/** An identity's whole story: is it in use, by which credentials, what it did, where it comes from. */
export function IdentityDetail({ id }: { readonly id: string }) {
  const settings = useSettings();
  const { asOf, dormantAfterDays } = settings;
  const page = useHref({
    view: 'identities',
    tab: formatSettings({ ...settings, identity: id, part: 'story' }),
    selected: null,
  });
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
        <span className="story-actions">
          <a className="button" href={page}>
            Whole story
          </a>
          <RevokeButton targets={[{ kind: 'identity', id }]} />
        </span>
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
