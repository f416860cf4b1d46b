import { useConsole, usePreferences } from '../../../state/context.ts';
import { useRequest } from '../../../state/use-request.ts';
import { OutcomeMark } from '../../../ui/outcome-mark.tsx';
import { Sentence } from '../../../ui/sentence.tsx';
import { ErrorState, Loading } from '../../../ui/states.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { Time } from '../../../ui/values.tsx';
import { formatTitle } from '../../../ui/format-title.ts';
import { EventFields } from './event-fields.tsx';
import { RawRecord } from './raw-record.tsx';
import { RelatedEvents } from './related-events.tsx';

const tabs = [
  { id: 'fields', title: 'Fields' },
  { id: 'raw', title: 'Raw record' },
  { id: 'related', title: 'Related' },
];

/** One event: what it says in a sentence, its fields, its record byte for byte, and what is around it. */
export function EventDetail({ id }: { readonly id: string }) {
  const { preferences } = useConsole();
  const kept = usePreferences((state) => state.detailTabs['event']);
  const tab = tabs.some((candidate) => candidate.id === kept) ? (kept ?? 'fields') : 'fields';
  const { value: event, error, reload } = useRequest('events.get', { id });
  if (error !== null) return <ErrorState what="The event could not be read" error={error} onRetry={reload} />;
  if (event === null) return <Loading what="the event" />;
  return (
    <article className="event-detail">
      <p className="event-line">
        <OutcomeMark outcome={event.outcome} />
        <Time value={event.time} />
        <span className="muted">{formatTitle(event.format)}</span>
      </p>
      <Sentence event={event} />
      <Tabs
        label="Event"
        tabs={tabs}
        current={tab}
        onChange={(next) =>
          preferences.getState().change({ detailTabs: { ...preferences.getState().detailTabs, event: next } })
        }
      >
        {tab === 'fields' ? <EventFields event={event} /> : null}
        {tab === 'raw' ? <RawRecord event={event} /> : null}
        {tab === 'related' ? <RelatedEvents event={event} /> : null}
      </Tabs>
    </article>
  );
}
