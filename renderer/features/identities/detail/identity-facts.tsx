import type { Identity } from '#shared/domain/identity.ts';
import { withFilter } from '#shared/query/edit.ts';
import { useHref } from '../../../state/context.ts';
import { formatTitle } from '../../../ui/format-title.ts';
import { LogText } from '../../../ui/log-line.tsx';
import { formatCount } from '../../../ui/numbers.ts';
import { Badge } from '../../../ui/outcome-mark.tsx';
import { Properties } from '../../../ui/properties.tsx';
import { ShortId, Time } from '../../../ui/values.tsx';
import { DormancyMark, basisExplained } from '../dormancy-mark.tsx';
import { DormancySentence } from './dormancy-sentence.tsx';

interface FactsProps {
  readonly identity: Identity;
  readonly asOf: string | null;
  readonly query: string;
}

/** Who it is, where it appears, when it was last seen, and whether it lies dormant. */
export function Facts({ identity, asOf, query }: FactsProps) {
  const { id, type, account, sources, firstSeen, lastSeen, lastSeenBasis, events, denied } = identity;
  const { sessionCredentials, orphan, orphans, owner, standing, standingUntil, kind, kindBasis } = identity;
  const { dormancy, coverage } = identity;
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
          ['Type', type],
          [
            'Kind',
            kind === null ? (
              <Unknown key="kind" text="not known" />
            ) : (
              `${kind}, ${kindBasis === 'inferred' ? 'from what it is' : `says ${kindBasis === 'analyst' ? 'an analyst' : 'a directory'}`}`
            ),
          ],
          [
            'Standing',
            standingUntil === null ? (
              standing
            ) : (
              <span key="standing">
                {standing} until <Time value={standingUntil} to="minute" />
                {asOf !== null && Date.parse(standingUntil) < Date.parse(asOf) ? (
                  <>
                    {' '}
                    <Badge tone="danger">expired</Badge>
                  </>
                ) : null}
              </span>
            ),
          ],
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
              <span key="orphan">
                {orphans.length === 0 ? 'yes: it acts, and no directory has it' : null}
                {orphans.map(({ reason, why, active }) => (
                  <span key={reason} className="story-line">
                    <LogText text={why} />
                    {active === true ? (
                      <>
                        {' '}
                        <Badge tone="danger">and still active</Badge>
                      </>
                    ) : null}
                  </span>
                ))}
              </span>
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
