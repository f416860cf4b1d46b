import { useMemo } from 'react';
import type { FieldName } from '#shared/domain/dimensions.ts';
import { withFilter } from '#shared/query/edit.ts';
import { useConsole, useHref, usePreferences } from '../../../state/context.ts';
import { useRequest } from '../../../state/use-request.ts';
import { ChartFrame, type ChartTable } from '../../../ui/chart-frame.tsx';
import { EntityLink } from '../../../ui/entity-link.tsx';
import { formatCount } from '../../../ui/numbers.ts';
import { OutcomeMark } from '../../../ui/outcome-mark.tsx';
import { outcomeSeries, outcomesInWords } from '../../../ui/outcomes.ts';
import { SimpleTable } from '../../../ui/simple-table.tsx';
import { ErrorState } from '../../../ui/states.tsx';
import { formatSpan, lastBefore, startOf } from '../../../ui/time-axis.ts';
import { TimeBars } from '../../../ui/time-bars.tsx';
import { Count } from '../../../ui/values.tsx';

/** What the events of a query say over time, and what is most frequent in them. */
export function Activity({ query }: { readonly query: string }) {
  const denied = useMemo(() => withFilter(query, 'outcome', 'deny', false), [query]);
  return (
    <section aria-label="Activity" className="story-lists">
      <OverTime query={query} />
      <Most title="Most frequent actions" query={query} field="action" />
      <Most title="Most denied actions" query={denied} field="action" />
      <Most title="Addresses" query={query} field="ip" />
    </section>
  );
}

function OverTime({ query }: { readonly query: string }) {
  const { address } = useConsole();
  const zone = usePreferences((state) => state.timeZone);
  const { value, error, reload } = useRequest('events.histogram', { query, buckets: 60, split: 'outcome' });
  const series = useMemo(() => (value === null ? [] : outcomeSeries(value.series)), [value]);
  if (error !== null) {
    return <ErrorState what="Its activity could not be counted" error={error} onRetry={reload} />;
  }
  const total = value?.total ?? 0;
  const table = (): ChartTable => ({
    columns: ['Time', ...series.map(({ name }) => name)],
    rows:
      value === null
        ? []
        : Array.from({ length: Math.round((value.toMs - value.fromMs) / value.stepMs) }, (_, bucket) => {
            const at = value.fromMs + bucket * value.stepMs;
            return {
              key: String(at),
              cells: [
                formatSpan(at, at + value.stepMs, zone),
                ...series.map(({ counts }) => formatCount(counts[bucket] ?? 0)),
              ],
            };
          }).filter((_, bucket) => series.some(({ counts }) => (counts[bucket] ?? 0) > 0)),
  });
  return (
    <ChartFrame
      title="Activity"
      summary={total === 0 ? 'No event.' : `${formatCount(total)} events: ${outcomesInWords(series)}.`}
      note={value === null ? 'Counting …' : `${formatCount(total)} ${total === 1 ? 'event' : 'events'}`}
      legend={series.map(({ name }) => <OutcomeMark key={name} outcome={name} />)}
      table={table}
    >
      {value === null || total === 0 || value.toMs <= value.fromMs ? null : (
        <TimeBars
          label="Activity: choose a time range to see its events"
          fromMs={value.fromMs}
          toMs={value.toMs}
          stepMs={value.stepMs}
          series={series}
          onBrush={(fromMs, toMs) =>
            address.getState().go({
              view: 'events',
              query,
              from: startOf(fromMs),
              to: lastBefore(toMs),
              selected: null,
            })
          }
        />
      )}
    </ChartFrame>
  );
}

interface MostProps {
  readonly title: string;
  readonly query: string;
  readonly field: FieldName;
}

/** So many values of a field stand in a list. */
const listed = 6;

function Most({ title, query, field }: MostProps) {
  const { value, error } = useRequest('events.count', { query, by: [field], limit: listed });
  const rows = (value?.rows ?? []).map(({ values: [name = null], count }) => ({ name, count }));
  if (error !== null) {
    return (
      <p className="muted">
        {title} could not be counted: {error.message}
      </p>
    );
  }
  return (
    <section aria-label={title}>
      <h3>
        {title}
        {value !== null && value.groups > listed ? (
          <span className="muted">
            {listed} of {formatCount(value.groups)}
          </span>
        ) : null}
      </h3>
      <SimpleTable
        label={title}
        rows={rows}
        keyOf={({ name }) => String(name)}
        empty={value === null ? 'Counting …' : 'None.'}
        columns={[
          {
            title: field === 'ip' ? 'Address' : 'Action',
            render: ({ name }) =>
              name === null ? (
                <span className="muted">not named</span>
              ) : (
                <EntityLink field={field} value={name} />
              ),
          },
          {
            title: 'Events',
            width: 80,
            align: 'end',
            render: ({ name, count }) => (
              <EventsLink query={withFilter(query, field, name, false)} count={count} />
            ),
          },
        ]}
      />
    </section>
  );
}

function EventsLink({ query, count }: { readonly query: string; readonly count: number }) {
  return (
    <a href={useHref({ view: 'events', query, from: null, to: null, selected: null })}>
      <Count value={count} />
    </a>
  );
}
