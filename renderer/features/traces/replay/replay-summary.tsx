import type { ReplaySummary } from '#shared/domain/replay.ts';
import { LogText } from '../../../ui/log-line.tsx';
import { formatCount } from '../../../ui/numbers.ts';

interface ReplaySummaryPanelProps {
  readonly summary: ReplaySummary;
  /** Whether it was compared with another bundle rather than with what was recorded. */
  readonly against: boolean;
}

/** What came of a replay, in numbers that add up. */
export function ReplaySummaryPanel({ summary, against }: ReplaySummaryPanelProps) {
  const { newlyDenied, newlyAllowed, unchanged, undecidable, unmapped, agreement } = summary;
  const figures = [
    ['Newly denied', newlyDenied],
    ['Newly allowed', newlyAllowed],
    ['Unchanged', unchanged],
    ['Undecidable', undecidable],
  ] as const;
  return (
    <section className="replay-summary" aria-label="What came of the replay">
      <dl className="replay-figures">
        {figures.map(([name, tally]) => (
          <div key={name}>
            <dt className="muted">{name}</dt>
            <dd>
              <strong>{formatCount(tally.events)}</strong> events
              <span className="muted"> in {formatCount(tally.requests)} requests</span>
            </dd>
          </div>
        ))}
        <div>
          <dt className="muted">Agreement with the log</dt>
          <dd>
            <strong>{agreement.ratio === null ? '–' : `${(agreement.ratio * 100).toFixed(1)} %`}</strong>
            <span className="muted">
              {' '}
              {formatCount(agreement.agreed)} of {formatCount(agreement.compared)}
            </span>
          </dd>
        </div>
      </dl>
      <p className="muted">
        Compared with {against ? 'the other bundle' : 'what was recorded'}. {formatCount(summary.events)}{' '}
        events were judged.
      </p>
      {unmapped.length === 0 ? null : (
        <details>
          <summary>
            {formatCount(unmapped.reduce((sum, { events }) => sum + events, 0))} events could not be judged
          </summary>
          <ul className="trace-limits">
            {unmapped.map(({ reason, events }) => (
              <li key={reason}>
                {formatCount(events)}: <LogText text={reason} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
