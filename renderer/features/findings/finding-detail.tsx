import type { Finding } from '#shared/domain/finding.ts';
import { shortResource } from '#shared/domain/event-sentence.ts';
import { withFilter } from '#shared/query/edit.ts';
import { useHref } from '../../state/context.ts';
import { useSharedRequest } from '../../state/use-shared-request.ts';
import { useRequest } from '../../state/use-request.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { Badge, OutcomeMark } from '../../ui/outcome-mark.tsx';
import { Properties } from '../../ui/properties.tsx';
import { SeverityMark } from '../../ui/severity-mark.tsx';
import { Sentence } from '../../ui/sentence.tsx';
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx';
import { ShortId, Time } from '../../ui/values.tsx';
import './findings.css';

/** So many events are told in a sentence each; the rest is a link away. */
const toldEvents = 10;

/** One finding: what was seen and why it matters, what to do, and the events that show it. */
export function FindingDetail({ id }: { readonly id: string }) {
  const { value, error, reload } = useSharedRequest('findings.run', {});
  if (error !== null) return <ErrorState what="The rules could not be run" error={error} onRetry={reload} />;
  if (value === null) return <Loading what="the finding" />;
  const finding = value.findings.find((candidate) => candidate.id === id);
  if (finding === undefined) {
    return (
      <EmptyState title="There is no such finding">
        The rules find it no longer in this case: its events or the rules have changed.
      </EmptyState>
    );
  }
  const { severity, title, why, advice, subject, first, last, count, rule, tags } = finding;
  return (
    <article className="finding">
      <p>
        <SeverityMark severity={severity} />
      </p>
      <h3>
        <LogText text={title} />
      </h3>
      <p>
        <LogText text={why} />
      </p>
      {advice === null ? null : (
        <section className="finding-advice" aria-label="What to do">
          <h3>What to do</h3>
          <p>
            <LogText text={advice} />
          </p>
        </section>
      )}
      <Properties
        entries={[
          [
            'Subject',
            subject === null ? null : (
              <EntityLink field="subject.id" value={subject} label={shortResource(subject)} />
            ),
          ],
          ['First', first === null ? null : <Time value={first} />],
          ['Last', last === null ? null : <Time value={last} />],
          ['Events', formatCount(count)],
          [
            'Tags',
            tags.length === 0 ? null : (
              <span className="finding-tags">
                {tags.map((tag) => (
                  <Badge key={tag}>{tag}</Badge>
                ))}
              </span>
            ),
          ],
          ['Rule', <ShortId key="rule" value={rule} length={36} />],
          ['Id', <ShortId key="id" value={id} length={36} />],
        ]}
      />
      <Evidence finding={finding} />
    </article>
  );
}

/** The events behind it, oldest first, each with what it says. */
function Evidence({ finding }: { readonly finding: Finding }) {
  const { subject, first, last, events, count } = finding;
  const around = useHref({
    view: 'events',
    query: subject === null ? '' : withFilter('', 'subject.id', subject, false),
    from: first,
    to: last,
    sort: 'time',
  });
  return (
    <section aria-label="Evidence">
      <h3 className="finding-head">
        Evidence <a href={around}>{subject === null ? 'What happened then' : 'All it did in that time'}</a>
      </h3>
      <ol className="finding-events">
        {events.slice(0, toldEvents).map((event) => (
          <EvidenceEvent key={event} id={event} />
        ))}
      </ol>
      {count > Math.min(events.length, toldEvents) ? (
        <p className="muted">
          The first {formatCount(Math.min(events.length, toldEvents))} of {formatCount(count)}.
        </p>
      ) : null}
    </section>
  );
}

function EvidenceEvent({ id }: { readonly id: string }) {
  const { value: event, error } = useRequest('events.get', { id });
  const href = useHref({ view: 'events', query: '', from: null, to: null, selected: { kind: 'event', id } });
  return (
    <li>
      <p className="finding-event-line">
        {event === null ? null : <OutcomeMark outcome={event.outcome} />}
        <a href={href}>{event === null ? <ShortId value={id} /> : <Time value={event.time} to="second" />}</a>
      </p>
      {error === null ? null : <p className="muted">The event could not be read: {error.message}</p>}
      {event === null ? null : <Sentence event={event} />}
    </li>
  );
}
