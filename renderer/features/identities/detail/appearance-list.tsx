import { shortResource } from '#shared/domain/event-sentence.ts';
import type { Appearance, Identity } from '#shared/domain/identity.ts';
import { formatTitle } from '../../../ui/format-title.ts';
import { LogText } from '../../../ui/log-line.tsx';
import { SimpleTable } from '../../../ui/simple-table.tsx';
import { Count, ShortId, Time } from '../../../ui/values.tsx';

/** Everywhere it appears, and why these are one. */
export function AppearanceList({ identity }: { readonly identity: Identity }) {
  const { appearances, matches, doubts } = identity;
  if (appearances.length === 0) return null;
  const nameOf = (key: string): string => {
    const found = appearances.find((each) => each.key === key);
    return found === undefined ? key : `${found.formats.join(', ')} ${found.name ?? shortResource(found.id)}`;
  };
  return (
    <section aria-label="Appearances">
      <h3>
        Appearances
        {doubts === 0 ? null : <span className="muted">{doubts} more may be it: see the review</span>}
      </h3>
      <SimpleTable
        label="Appearances"
        rows={appearances}
        keyOf={({ key }) => key}
        empty="None."
        columns={[
          {
            title: 'Source',
            width: 132,
            render: ({ formats, source }) => (
              <span title={source}>{formats.map(formatTitle).join(', ')}</span>
            ),
          },
          { title: 'Id', render: ({ id }) => <ShortId value={id} length={30} /> },
          {
            title: 'Account',
            width: 108,
            render: ({ account }) => (account === null ? '–' : <LogText text={account} />),
          },
          { title: 'Status', width: 68, render: ({ status }) => status ?? '–' },
          {
            title: 'Last',
            width: 140,
            render: ({ lastSeen }) => (lastSeen === null ? '–' : <Time value={lastSeen} to="minute" />),
          },
          { title: 'Events', width: 60, align: 'end', render: ({ events }) => <Count value={events} /> },
        ]}
      />
      <BundleMentions appearances={appearances} />
      {matches.length === 0 ? null : (
        <ul className="story-matches" aria-label="Why these are one">
          {matches.map(({ one, other, rule, why }) => (
            <li key={`${one} ${other} ${rule}`}>
              <LogText text={`${nameOf(one)} is ${nameOf(other)}: ${why}`} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Bundles that are written out; the latest come first. */
const mostBundles = 5;

/** In which bundles it stands, since when, and how it comes to be there. */
function BundleMentions({ appearances }: { readonly appearances: readonly Appearance[] }) {
  const mentions = appearances.flatMap(({ bundles }) => bundles);
  if (mentions.length === 0) return null;
  return (
    <ul className="story-matches" aria-label="In bundles">
      {mentions
        .slice(0, mostBundles)
        .map(({ id, system, inForceFrom, isDefined, reasons, path, locator }) => (
          <li key={`${id} ${path} ${locator}`}>
            {system} <ShortId value={id} length={12} />,{' '}
            {inForceFrom === null ? 'of an unknown time' : <Time value={inForceFrom} to="minute" />}{' '}
            {isDefined ? 'has it: ' : 'names it: '}
            <LogText text={`${reasons.join(' ')} (${path} ${locator})`} />
          </li>
        ))}
      {mentions.length > mostBundles ? <li>{mentions.length - mostBundles} earlier bundles.</li> : null}
    </ul>
  );
}
