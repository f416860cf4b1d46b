import type { Identity } from '#shared/domain/identity.ts';
import { Loading } from '../../../ui/states.tsx';
import { DecisionList } from '../decide/decision-list.tsx';
import { Activity } from '../detail/activity.tsx';
import { AppearanceList } from '../detail/appearance-list.tsx';
import { CredentialList } from '../detail/credential-list.tsx';
import { DirectorySection } from '../detail/directory-section.tsx';
import { FindingList } from '../detail/finding-list.tsx';
import { Facts } from '../detail/identity-facts.tsx';
import { IdentityLineage } from '../detail/identity-lineage.tsx';
import { useOwnEvents } from '../detail/use-own-events.ts';
import { DriftSection } from './drift-section.tsx';

interface StorySectionsProps {
  readonly id: string;
  /** One for each account in which it appears. */
  readonly rows: readonly Identity[];
  readonly asOf: string | null;
}

/** Who it is and whether it is in use; what was found; what it did; with which credentials, and what these made. */
export function StorySections({ id, rows, asOf }: StorySectionsProps) {
  const query = useOwnEvents(id);
  if (query === null) return <Loading what="its events" />;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls, so keys must reach it
    <section className="story-page" tabIndex={0} aria-label="Story">
      <div className="story-columns">
        <div className="story">
          <h2 className="visually-hidden">Who it is</h2>
          {rows.map((identity) => (
            <Facts key={identity.account} identity={identity} asOf={asOf} query={query} />
          ))}
          {rows.map((identity) => (
            <DirectorySection key={identity.account} facts={identity.directory} />
          ))}
          <FindingList subject={id} />
          <DriftSection ids={ownIds(id, rows)} />
          {rows.map(({ account, credentials }) =>
            credentials.length === 0 ? null : <CredentialList key={account} credentials={credentials} />,
          )}
          <IdentityLineage
            kept={rows.flatMap(({ credentials }) => credentials.map((credential) => credential.id))}
            query={query}
          />
        </div>
        <div className="story">
          <h2 className="visually-hidden">What it did</h2>
          {rows.map((identity) => (
            <AppearanceList key={identity.account} identity={identity} />
          ))}
          {rows.map((identity) => (
            <DecisionList key={identity.account} identity={identity} />
          ))}
          <Activity query={query} />
        </div>
      </div>
    </section>
  );
}

/** Everything that may name it in a policy. */
function ownIds(id: string, rows: readonly Identity[]): string[] {
  return [...new Set([id, ...rows.flatMap(({ ids }) => ids)])].slice(0, 100);
}
