import type { Identity } from '#shared/domain/identity.ts';
import { withFilter } from '#shared/query/edit.ts';
import { useHref } from '../../../state/context.ts';
import { formatTitle } from '../../../ui/format-title.ts';
import { LogText } from '../../../ui/log-line.tsx';
import { formatCount } from '../../../ui/numbers.ts';
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
