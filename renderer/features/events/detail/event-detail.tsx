import { useCallback, useMemo } from 'react';
import type { Command } from '../../../state/commands.ts';
import { useCommands, useConsole, usePreferences } from '../../../state/context.ts';
import { useRequest } from '../../../state/use-request.ts';
import { OutcomeMark } from '../../../ui/outcome-mark.tsx';
import { RevokeButton } from '../../../ui/revoke-button.tsx';
import { revokeTargets } from '../../../state/revoke-targets.ts';
import { Sentence } from '../../../ui/sentence.tsx';
import { ErrorState, Loading } from '../../../ui/states.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { Time } from '../../../ui/values.tsx';
import { formatTitle } from '../../../ui/format-title.ts';
import { EventFields } from './event-fields.tsx';
import { RawRecord } from './raw-record.tsx';
import { RelatedEvents } from './related-events.tsx';

const ownTabs = [
  { id: 'fields', title: 'Fields', keys: '1', command: 'Show the event’s fields' },
  { id: 'raw', title: 'Raw record', keys: '2', command: 'Show the event’s raw record' },
  { id: 'related', title: 'Related', keys: '3', command: 'Show related events' },
] as const;

/** One event: what it says in a sentence, its fields, its record byte for byte, and what is around it. */
export function EventDetail({ id }: { readonly id: string }) {
  const { preferences, features } = useConsole();
  const tabs = useMemo(
    () => [...ownTabs, ...features.flatMap(({ eventTabs = [] }) => eventTabs)],
    [features],
  );
  const kept = usePreferences((state) => state.detailTabs['event']);
  const tab = tabs.find((candidate) => candidate.id === kept)?.id ?? 'fields';
  const show = useCallback(
    (next: string) => {
      const { detailTabs, change } = preferences.getState();
      change({ detailTabs: { ...detailTabs, event: next } });
    },
    [preferences],
  );
  useCommands(
    useMemo(
      (): readonly Command[] =>
        tabs.map(({ id: tabId, keys, command }) => ({
          id: `event.${tabId}`,
          title: command,
          group: 'Event',
          keys: [keys],
          run: () => show(tabId),
        })),
      [show, tabs],
    ),
  );
  const Added = features
    .flatMap(({ eventTabs = [] }) => eventTabs)
    .find((candidate) => candidate.id === tab)?.component;
  const { value: event, error, reload } = useRequest('events.get', { id });
  if (error !== null) return <ErrorState what="The event could not be read" error={error} onRetry={reload} />;
  if (event === null) return <Loading what="the event" />;
  return (
    <article className="event-detail">
      <p className="event-line">
        <OutcomeMark outcome={event.outcome} />
        <Time value={event.time} />
        <span className="muted">{formatTitle(event.format)}</span>
        <span className="event-revoke">
          <RevokeButton targets={revokeTargets(event)} />
        </span>
      </p>
      <Sentence event={event} />
      <Tabs label="Event" tabs={tabs} current={tab} onChange={show}>
        {tab === 'fields' ? <EventFields event={event} /> : null}
        {tab === 'raw' ? <RawRecord event={event} /> : null}
        {tab === 'related' ? <RelatedEvents event={event} /> : null}
        {Added === undefined ? null : <Added id={event.id} />}
      </Tabs>
    </article>
  );
}
