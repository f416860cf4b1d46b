import { useMemo, useRef } from 'react';
import type { Histogram } from '#shared/ipc/views.ts';
import { useConsole, useJobs, usePreferences } from '../../state/context.ts';
import { importTitle } from '../../state/ingest-words.ts';
import { isRunning } from '../../state/jobs.ts';
import { useRequest } from '../../state/use-request.ts';
import { ChartFrame, type ChartTable } from '../../ui/chart-frame.tsx';
import type { Zone } from '../../ui/moments.ts';
import { formatCount } from '../../ui/numbers.ts';
import { OutcomeLegend } from '../../ui/outcome-legend.tsx';
import { type OutcomeSeries, outcomeSeries, outcomesInWords } from '../../ui/outcomes.ts';
import { ErrorState } from '../../ui/states.tsx';
import { formatSpan, formatStep, lastBefore, startOf } from '../../ui/time-axis.ts';
import { TimeBars } from '../../ui/time-bars.tsx';
import { useWidth } from '../../ui/use-width.ts';
import type { Question } from './question.ts';

/** A bar is at least so many pixels wide. */
const barWidth = 8;

/** The events of the question over time, by outcome; a stretch that is chosen becomes the time range. */
export function EventsHistogram({ question }: { readonly question: Question }) {
  const { address } = useConsole();
  const zone = usePreferences((state) => state.timeZone);
  const importing = useJobs((state) => state.list.some((job) => isRunning(job) && job.title === importTitle));
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  // In steps, so that a drag of the panel's border does not ask at every pixel.
  const buckets = Math.max(20, Math.min(400, Math.floor(width / barWidth / 20) * 20));
  const { value, error, reload } = useRequest(
    'events.histogram',
    width === 0 ? null : { ...question, buckets, split: 'outcome' },
  );
  const series = useMemo(() => (value === null ? [] : outcomeSeries(value.series)), [value]);

  return (
    <div ref={place} className="events-histogram">
      {error !== null && error.kind !== 'query' ? (
        <ErrorState what="The histogram could not be made" error={error} onRetry={reload} />
      ) : (
        <ChartFrame
          title="Events over time"
          summary={value === null ? '' : summaryOf(value, series, zone)}
          note={
            value === null ? (
              'Counting …'
            ) : (
              <>
                {formatCount(value.total)} {value.total === 1 ? 'event' : 'events'}
                {value.total === 0 ? '' : ` · a bar is ${formatStep(value.stepMs)}`}
                {importing ? ' · still importing, counts grow' : ''}
              </>
            )
          }
          legend={<OutcomeLegend series={series} />}
          table={() => numbersOf(value, series, zone)}
        >
          {value === null || value.toMs <= value.fromMs || value.total === 0 ? (
            <div className="events-no-bars" />
          ) : (
            <TimeBars
              label="Events over time: choose a time range"
              fromMs={value.fromMs}
              toMs={value.toMs}
              stepMs={value.stepMs}
              series={series}
              onBrush={(fromMs, toMs) =>
                address.getState().go({ from: startOf(fromMs), to: lastBefore(toMs) })
              }
            />
          )}
        </ChartFrame>
      )}
    </div>
  );
}

function summaryOf(value: Histogram, series: readonly OutcomeSeries[], zone: Zone): string {
  if (value.total === 0) return 'No event.';
  const totals = sumsOf(value, series);
  const most = totals.indexOf(Math.max(...totals));
  const at = value.fromMs + most * value.stepMs;
  return (
    `${formatCount(value.total)} events in ${formatSpan(value.fromMs, value.toMs, zone)}: ${outcomesInWords(series)}. ` +
    `Most in ${formatSpan(at, at + value.stepMs, zone)}: ${formatCount(totals[most] ?? 0)}.`
  );
}

function sumsOf({ fromMs, toMs, stepMs }: Histogram, series: readonly OutcomeSeries[]): number[] {
  return Array.from({ length: Math.round((toMs - fromMs) / stepMs) }, (_, bucket) =>
    series.reduce((sum, { counts }) => sum + (counts[bucket] ?? 0), 0),
  );
}

/** Bars without an event are left out: the gap shows in the times. */
function numbersOf(value: Histogram | null, series: readonly OutcomeSeries[], zone: Zone): ChartTable {
  if (value === null) return { columns: ['Time'], rows: [] };
  const sums = sumsOf(value, series);
  return {
    columns: ['Time', 'Events', ...series.map(({ name }) => name)],
    rows: sums.flatMap((sum, bucket) => {
      const at = value.fromMs + bucket * value.stepMs;
      if (sum === 0) return [];
      return {
        key: String(at),
        cells: [
          formatSpan(at, at + value.stepMs, zone),
          formatCount(sum),
          ...series.map(({ counts }) => formatCount(counts[bucket] ?? 0)),
        ],
      };
    }),
  };
}
