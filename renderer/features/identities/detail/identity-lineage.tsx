import { useState } from 'react';
import { useRequest } from '../../../state/use-request.ts';
import { shortened } from '../../../ui/values.tsx';
import { CredentialLineage } from './credential-lineage.tsx';

interface IdentityLineageProps {
  /** Its long-lived credentials. */
  readonly kept: readonly string[];
  /** The query for its events. */
  readonly query: string;
}

/** So many credentials of sessions are offered, the busiest. */
const offered = 8;

/** What was made with its credentials: one of them at a time, those that last before those of sessions. */
export function IdentityLineage({ kept, query }: IdentityLineageProps) {
  const { value } = useRequest('events.count', { query, by: ['credential.id'], limit: offered });
  const used = (value?.rows ?? []).flatMap(({ values: [id] }) => id ?? []);
  const choices = [...new Set([...kept, ...used])].slice(0, offered);
  const [wanted, setWanted] = useState<string | null>(null);
  const chosen = choices.find((choice) => choice === wanted) ?? choices[0];
  if (value === null) return null;
  return (
    <section aria-label="Lineage">
      <h3>Lineage</h3>
      {chosen === undefined ? (
        <p className="muted">The logs name no credential with which it acted.</p>
      ) : (
        <>
          {choices.length === 1 ? null : (
            <div className="story-choices" role="group" aria-label="Credential">
              {choices.map((choice) => (
                <button
                  key={choice}
                  type="button"
                  className="button mono"
                  aria-pressed={choice === chosen}
                  onClick={() => setWanted(choice)}
                >
                  {shortened(choice, 20)}
                </button>
              ))}
            </div>
          )}
          <CredentialLineage key={chosen} credential={chosen} />
        </>
      )}
    </section>
  );
}
