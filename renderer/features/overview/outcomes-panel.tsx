import { useMemo, useRef } from 'react';
import { Bar, BarChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { Histogram } from '#shared/ipc/views.ts';
import { useConsole, usePreferences } from '../../state/context.ts';
import { useRequest } from '../../state/use-request.ts';
import { ChartFrame, type ChartTable } from '../../ui/chart-frame.tsx';
import type { Zone } from '../../ui/moments.ts';
import { formatCount, formatShortCount } from '../../ui/numbers.ts';
import { OutcomeLegend } from '../../ui/outcome-legend.tsx';
import { type OutcomeSeries, outcomeSeries, outcomesInWords } from '../../ui/outcomes.ts';
import { ErrorState } from '../../ui/states.tsx';
import { formatSpan, formatStep, lastBefore, startOf, timeTicks } from '../../ui/time-axis.ts';

interface OutcomesPanelProps {
  readonly range: { readonly from: string | null; readonly to: string | null };
}

/** A bar of the chart: its start, and a count by outcome. */
type Row = Readonly<Record<string, number>> & { readonly at: number };

/** What became of requests over time, stacked; a bar leads to its events. */
export function OutcomesPanel({ range }: OutcomesPanelProps) {
  const { address } = useConsole();
  const zone = usePreferences((state) => state.timeZone);
  const { value, error, reload } = useRequest('events.histogram', {
    ...range,
    buckets: 64,
    split: 'outcome',
  });
  const series = useMemo(() => (value === null ? [] : outcomeSeries(value.series)), [value]);
  const ticks = useMemo(
    () => (value === null ? new Map<number, string>() : ticksOf(value, zone)),
    [value, zone],
  );
  const rows = useMemo(() => (value === null ? [] : rowsOf(value, series)), [value, series]);
  const place = useRef<HTMLDivElement>(null);

  if (error !== null) {
    return <ErrorState what="The outcomes could not be counted" error={error} onRetry={reload} />;
  }
  const open = (at: number): void => {
    if (value === null) return;
    address
      .getState()
      .go({ view: 'events', query: '', from: startOf(at), to: lastBefore(at + value.stepMs) });
  };
  return (
    <div className="panel wide">
      <ChartFrame
        title="Outcomes over time"
        summary={value === null ? '' : `${formatCount(value.total)} events: ${outcomesInWords(series)}.`}
        note={value === null ? 'Counting …' : `a bar is ${formatStep(value.stepMs)}; it opens its events`}
        legend={<OutcomeLegend series={series} />}
        table={() => numbersOf(value, rows, series, zone)}
      >
        <div ref={place} className="outcomes-chart">
          <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 800, height: 140 }}>
            <BarChart
              data={[...rows]}
              margin={{ top: 4, right: 12, bottom: 0, left: 0 }}
              barCategoryGap={1}
              accessibilityLayer={false}
              onClick={({ activeIndex }) => {
                const row = rows[Number(activeIndex)];
                if (row !== undefined) open(row.at);
              }}
            >
              <XAxis
                dataKey="at"
                ticks={[...ticks.keys()]}
                tickFormatter={(at: number) => ticks.get(at) ?? ''}
                interval={0}
                tick={{ fill: 'var(--text-muted)', fontSize: 11 }}
                stroke="var(--line-strong)"
                tickLine={false}
                height={20}
              />
              <YAxis
                width={44}
                tickFormatter={formatShortCount}
                tick={{ fill: 'var(--text-muted)', fontSize: 11 }}
                axisLine={false}
                tickLine={false}
                tickCount={3}
                allowDecimals={false}
              />
              <Tooltip
                isAnimationActive={false}
                cursor={{ fill: 'var(--surface-3)' }}
                content={<Hint series={series} stepMs={value?.stepMs ?? 1} zone={zone} />}
              />
              {series.map(({ name, token }) => (
                <Bar
                  key={name}
                  dataKey={name}
                  stackId="outcomes"
                  fill={`var(${token})`}
                  isAnimationActive={false}
                />
              ))}
            </BarChart>
          </ResponsiveContainer>
        </div>
      </ChartFrame>
    </div>
  );
}

/** Round times, each under the bar that holds it. */
function ticksOf({ fromMs, toMs, stepMs }: Histogram, zone: Zone): Map<number, string> {
  const ticks = timeTicks(fromMs, toMs - stepMs, 10, zone);
  return new Map(ticks.map(({ at, label }) => [fromMs + Math.floor((at - fromMs) / stepMs) * stepMs, label]));
}

function rowsOf({ fromMs, toMs, stepMs }: Histogram, series: readonly OutcomeSeries[]): Row[] {
  return Array.from({ length: Math.round((toMs - fromMs) / stepMs) }, (_, bucket) => ({
    at: fromMs + bucket * stepMs,
    ...Object.fromEntries(series.map(({ name, counts }) => [name, counts[bucket] ?? 0])),
  }));
}

interface HintProps {
  readonly series: readonly OutcomeSeries[];
  readonly stepMs: number;
  readonly zone: Zone;
  /** Given by the chart. */
  readonly active?: boolean;
  readonly payload?: readonly { readonly payload?: Row }[];
}

/** The bar under the pointer in numbers. */
function Hint({ series, stepMs, zone, active = false, payload = [] }: HintProps) {
  const row = payload[0]?.payload;
  if (!active || row === undefined) return null;
  return (
    <div className="chart-hint">
      <p>{formatSpan(row.at, row.at + stepMs, zone)}</p>
      {series.map(({ name }) =>
        (row[name] ?? 0) === 0 ? null : (
          <p key={name}>
            {formatCount(row[name] ?? 0)} {name}
          </p>
        ),
      )}
    </div>
  );
}

function numbersOf(
  value: Histogram | null,
  rows: readonly Row[],
  series: readonly OutcomeSeries[],
  zone: Zone,
): ChartTable {
  if (value === null) return { columns: ['Time'], rows: [] };
  return {
    columns: ['Time', ...series.map(({ name }) => name)],
    rows: rows
      .filter((row) => series.some(({ name }) => (row[name] ?? 0) > 0))
      .map((row) => ({
        key: String(row.at),
        cells: [
          formatSpan(row.at, row.at + value.stepMs, zone),
          ...series.map(({ name }) => formatCount(row[name] ?? 0)),
        ],
      })),
  };
}
