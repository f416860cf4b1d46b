import type { Finding } from '#shared/domain/finding.ts';
import { shortResource } from '#shared/domain/event-sentence.ts';
import { withFilter } from '#shared/query/edit.ts';
import { useHref } from '../../state/context.ts';
import type { RevokeTarget } from '../../state/feature.ts';
import { revokeTargetsOf } from '../../state/revoke-targets.ts';
import { useSharedRequest } from '../../state/use-shared-request.ts';
import { AccessPathView } from '../../ui/access-path.tsx';
import { EntityLink } from '../../ui/entity-link.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { OutcomeMark } from '../../ui/outcome-mark.tsx';
import { Properties } from '../../ui/properties.tsx';
import { RevokeButton } from '../../ui/revoke-button.tsx';
import { SeverityMark } from '../../ui/severity-mark.tsx';
import { Sentence } from '../../ui/sentence.tsx';
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx';
import { ShortId, Time } from '../../ui/values.tsx';
import { Mappings } from './mappings-section.tsx';
import { type Evidence, useEvidence } from './use-evidence.ts';
import './findings.css';

/** So many events are told in a sentence each; the rest is a link away. */
const toldEvents = 10;
const none: readonly string[] = [];

/** One finding: what was seen and why it matters, what to do, and the events that show it. */
export function FindingDetail({ id }: { readonly id: string }) {
  const { value, error, reload } = useSharedRequest('findings.run', {});
  const finding = value?.findings.find((candidate) => candidate.id === id);
  const evidence = useEvidence(finding?.events ?? none, toldEvents);
  if (error !== null) return <ErrorState what="The rules could not be run" error={error} onRetry={reload} />;
  if (value === null) return <Loading what="the finding" />;
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
      <header className="finding-top">
        <SeverityMark severity={severity} />
        <RevokeButton targets={targetsOf(finding, evidence)} />
      </header>
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
          ['Events', count === 0 ? null : formatCount(count)],
          ['Rule', <ShortId key="rule" value={rule} length={32} />],
          ['Id', <ShortId key="id" value={id} length={36} />],
        ]}
      />
      {finding.access === undefined ? null : (
        <section className="finding-access" aria-label="The way">
          <h3>The way</h3>
          <AccessPathView path={finding.access.path} isTold />
        </section>
      )}
      <EvidenceList finding={finding} evidence={evidence} />
      <Mappings tags={tags} />
    </article>
  );
}

/** Its subject, and what acted in the events that show it. */
function targetsOf({ subject }: Finding, evidence: readonly Evidence[]): readonly RevokeTarget[] {
  const acted = revokeTargetsOf(evidence.flatMap(({ event }) => event ?? []));
  const own = acted.filter(({ kind, id }) => kind !== 'identity' || id !== subject);
  return subject === null ? own : [{ kind: 'identity', id: subject }, ...own];
}

interface EvidenceListProps {
  readonly finding: Finding;
  readonly evidence: readonly Evidence[];
}

/** The events behind it, oldest first, each with what it says. */
function EvidenceList({ finding, evidence }: EvidenceListProps) {
  const { subject, first, last, count } = finding;
  const around = useHref({
    view: 'events',
    query: subject === null ? '' : withFilter('', 'subject.id', subject, false),
    from: first,
    to: last,
    sort: 'time',
  });
  if (count === 0) {
    return (
      <section aria-label="Evidence">
        <h3>Evidence</h3>
        <p className="muted">
          It rests on no single event of the logs
          {finding.access === undefined ? '' : ', but on what policies give'}.
        </p>
        {(finding.entries ?? []).slice(0, toldEvents).map(({ sha256, offset, length }) => (
          <p key={`${sha256} ${offset}`} className="muted">
            Entry of a directory: {formatCount(length)} bytes at {formatCount(offset)} of the file{' '}
            <ShortId value={sha256} />
          </p>
        ))}
      </section>
    );
  }
  return (
    <section aria-label="Evidence">
      <h3 className="finding-head">
        Evidence <a href={around}>{subject === null ? 'What happened then' : 'All it did in that time'}</a>
      </h3>
      <ol className="finding-events">
        {evidence.map((each) => (
          <EvidenceEvent key={each.id} evidence={each} />
        ))}
      </ol>
      {count > evidence.length ? (
        <p className="muted">
          The first {formatCount(evidence.length)} of {formatCount(count)}.
        </p>
      ) : null}
    </section>
  );
}

function EvidenceEvent({ evidence: { id, event, error } }: { readonly evidence: Evidence }) {
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
