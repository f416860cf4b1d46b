import { useEffect, useRef, useState } from 'react';
import type { DecisionData } from '#shared/domain/decision.ts';
import { shortResource } from '#shared/domain/event-sentence.ts';
import type { Appearance, DoubtfulMatch } from '#shared/domain/identity.ts';
import { useCase, useHref } from '../../../state/context.ts';
import { useRequest } from '../../../state/use-request.ts';
import { Button } from '../../../ui/button.tsx';
import { formatTitle } from '../../../ui/format-title.ts';
import { escapedText } from '../../../ui/log-text.ts';
import { LogText } from '../../../ui/log-line.tsx';
import { formatCount } from '../../../ui/numbers.ts';
import { Panel } from '../../../ui/panel.tsx';
import { Properties } from '../../../ui/properties.tsx';
import { EmptyState, ErrorState, Loading } from '../../../ui/states.tsx';
import { Toolbar } from '../../../ui/toolbar.tsx';
import { ShortId, TimeRange, shortened } from '../../../ui/values.tsx';
import { DecideDialog } from '../decide/decide-dialog.tsx';
import { type Settings, formatSettings } from '../settings.ts';

/** So many pairs stand on the page; the next come when these are decided. */
const shownPairs = 50;

interface Wanted {
  readonly title: string;
  readonly data: DecisionData;
}

/** Pairs that may be one identity: somebody says whether they are. */
export function ReviewPage({ settings }: { readonly settings: Settings }) {
  const { value, error, reload } = useRequest('identities.review', { limit: shownPairs });
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const list = useRef<HTMLElement>(null);
  const acted = useRef(false);
  // The pair that had the focus goes with the decision, before or after its dialog: the next one is at hand.
  useEffect(() => {
    if (wanted !== null) acted.current = true;
    else if (value !== null && acted.current && document.activeElement === document.body) {
      acted.current = false;
      list.current?.focus();
    }
  }, [value, wanted]);
  const back = useHref({ tab: formatSettings({ ...settings, review: false }) });
  return (
    <>
      <Toolbar title="Doubtful matches">
        {value === null ? null : <span className="muted">{formatCount(value.total)} to decide</span>}
        <a className="button" href={back}>
          All identities
        </a>
      </Toolbar>
      {error === null ? null : (
        <ErrorState what="The matches could not be listed" error={error} onRetry={reload} />
      )}
      {value === null && error === null ? <Loading what="the matches" /> : null}
      {value?.total === 0 ? (
        <EmptyState title="No match is in doubt">
          Appearances meet by ids that are never given to somebody else. Where only names agree, somebody is
          asked here.
        </EmptyState>
      ) : null}
      {value === null || value.total === 0 ? null : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls, so keys must reach it
        <section ref={list} className="review-list" tabIndex={0} aria-label="Doubtful matches">
          {value.rows.map((match) => (
            <Pair key={`${match.one.key} ${match.other.key}`} match={match} onDecide={setWanted} />
          ))}
        </section>
      )}
      {wanted === null ? null : (
        <DecideDialog title={wanted.title} data={wanted.data} onClose={() => setWanted(null)} />
      )}
    </>
  );
}

interface PairProps {
  readonly match: DoubtfulMatch;
  readonly onDecide: (wanted: Wanted) => void;
}

function Pair({ match: { one, other, reasons, against }, onDecide }: PairProps) {
  const readOnly = useCase((state) => state.info?.readOnly === true);
  const appearances = [one.key, other.key];
  return (
    <Panel
      title={`${nameOf(one)} and ${nameOf(other)}`}
      actions={
        <>
          <Button
            disabled={readOnly}
            onClick={() => onDecide({ title: 'One identity', data: { kind: 'merge', appearances } })}
          >
            One identity
          </Button>
          <Button
            disabled={readOnly}
            onClick={() => onDecide({ title: 'Two identities', data: { kind: 'distinct', appearances } })}
          >
            Two identities
          </Button>
        </>
      }
    >
      <div className="review-pair">
        <Side appearance={one} />
        <Side appearance={other} />
      </div>
      <Reasons title="For it" texts={reasons} />
      <Reasons title="Against it" texts={against} />
    </Panel>
  );
}

function Side({ appearance }: { readonly appearance: Appearance }) {
  const { formats, source, id, name, type, account, status, firstSeen, lastSeen, events } = appearance;
  return (
    <Properties
      entries={[
        ['Source', `${formats.map(formatTitle).join(', ')} (${source})`],
        ['Id', <ShortId key="id" value={id} length={40} />],
        ['Name', name === null ? null : <LogText text={name} />],
        ['Type', type],
        ['Account', account === null ? null : <LogText text={account} />],
        ['Status', status],
        ['Seen', <TimeRange key="seen" from={firstSeen} to={lastSeen} />],
        ['Events', source === 'directory' ? null : formatCount(events)],
      ]}
    />
  );
}

function Reasons({ title, texts }: { readonly title: string; readonly texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <p className="review-reasons">
      <strong>{title}:</strong> <LogText text={texts.join('; ')} />
    </p>
  );
}

function nameOf({ name, id }: Appearance): string {
  return escapedText(shortened(name ?? shortResource(id), 48));
}
