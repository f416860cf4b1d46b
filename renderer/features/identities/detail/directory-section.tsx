import type { DirectoryFacts } from '#shared/domain/identity.ts';
import { formatTitle } from '../../../ui/format-title.ts';
import { LogText } from '../../../ui/log-line.tsx';
import { formatCount } from '../../../ui/numbers.ts';
import { Badge } from '../../../ui/outcome-mark.tsx';
import { Properties } from '../../../ui/properties.tsx';
import { Time } from '../../../ui/values.tsx';

const namedGroups = 20;

/** What directories say of it; what none says is not known. */
export function DirectorySection({ facts }: { readonly facts: DirectoryFacts | null }) {
  if (facts === null) return null;
  const { status, created, ends, mfa, password, privileged, manager, groups, lastUses } = facts;
  return (
    <section aria-label="Directories">
      <h3>Directories {privileged ? <Badge tone="warning">administers the directory</Badge> : null}</h3>
      <Properties
        entries={[
          ['Status', status ?? 'not said'],
          ['Created', created === null ? 'not said' : <Time value={created} />],
          ['Ends', ends === null ? null : <Time value={ends} />],
          ['MFA', mfa === null ? 'not said' : mfa ? 'yes' : <Badge tone="warning">no</Badge>],
          ['Password', password === null ? 'not said' : password ? 'can sign in with one' : 'none'],
          ['Manager', manager === null ? null : <LogText text={manager} />],
          [
            'Groups',
            groups.length === 0 ? null : (
              <LogText
                text={`${groups.slice(0, namedGroups).join(', ')}${groups.length > namedGroups ? ` and ${formatCount(groups.length - namedGroups)} more` : ''}`}
              />
            ),
          ],
          ...lastUses.map(
            ({ what, at, staleHours, format }) =>
              [
                `Last ${what}`,
                <span key={what}>
                  {at === null ? 'none recorded' : <Time value={at} to="minute" />}
                  <span className="muted">
                    {' '}
                    by {formatTitle(format)}
                    {staleHours === 0 ? '' : `, may be up to ${formatCount(staleHours)} hours later`}
                  </span>
                </span>,
              ] as const,
          ),
        ]}
      />
    </section>
  );
}
