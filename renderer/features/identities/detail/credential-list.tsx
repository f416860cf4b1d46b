import type { IdentityCredential } from '#shared/domain/identity.ts';
import { EntityLink } from '../../../ui/entity-link.tsx';
import { formatCount } from '../../../ui/numbers.ts';
import { SimpleTable } from '../../../ui/simple-table.tsx';
import { Count, Time } from '../../../ui/values.tsx';
import { DormancyMark, basisWords } from '../dormancy-mark.tsx';

/** The long-lived credentials of an identity, each with its own dormancy. */
export function CredentialList({ credentials }: { readonly credentials: readonly IdentityCredential[] }) {
  return (
    <section aria-label="Credentials">
      <h3>Credentials</h3>
      <SimpleTable
        label="Credentials"
        rows={credentials}
        keyOf={({ id }) => id}
        empty="The logs name no long-lived credential."
        columns={[
          {
            title: 'Credential',
            width: 196,
            render: ({ id }) => <EntityLink field="credential.id" value={id} length={22} />,
          },
          { title: 'Type', width: 92, render: ({ type }) => type },
          { title: 'Dormancy', width: 112, render: ({ dormancy }) => <DormancyMark dormancy={dormancy} /> },
          {
            title: 'Last seen',
            width: 208,
            render: ({ lastSeen, lastSeenBasis }) =>
              lastSeen === null ? (
                '–'
              ) : (
                <>
                  <Time value={lastSeen} to="minute" />
                  {lastSeenBasis === null ? null : (
                    <span className="muted"> {basisWords(lastSeenBasis)}</span>
                  )}
                </>
              ),
          },
          {
            title: 'Age',
            width: 72,
            align: 'end',
            render: ({ directory }) =>
              directory === null || directory.ageDays === null ? (
                <span className="muted">not known</span>
              ) : (
                `${formatCount(directory.ageDays)} d`
              ),
          },
          {
            title: 'Directory',
            width: 176,
            render: ({ directory }) =>
              directory === null ? (
                <span className="muted">in none</span>
              ) : (
                <>
                  {directory.status ?? 'status not said'}
                  {directory.expires === null ? null : (
                    <>
                      , until <Time value={directory.expires} to="minute" />
                    </>
                  )}
                </>
              ),
          },
          { title: 'Events', width: 72, align: 'end', render: ({ events }) => <Count value={events} /> },
          { title: 'Denied', width: 64, align: 'end', render: ({ denied }) => <Count value={denied} /> },
        ]}
      />
    </section>
  );
}
