import { useMemo } from 'react';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import type { Histogram } from '#shared/ipc/views.ts';
import { useConsole, usePreferences } from '../../state/context.ts';
import { useRequest } from '../../state/use-request.ts';
import { ChartFrame, type ChartTable } from '../../ui/chart-frame.tsx';
import { MenuButton } from '../../ui/menu-button.tsx';
import { formatTime } from '../../ui/moments.ts';
import { formatCount } from '../../ui/numbers.ts';
import { outcomeSeries } from '../../ui/outcomes.ts';
import { ErrorState } from '../../ui/states.tsx';
import { lastBefore, startOf } from '../../ui/time-axis.ts';
import { TimeBars } from '../../ui/time-bars.tsx';
import { bundleLabel } from './bundle-choice.tsx';
import { type DriftSettings, byTime, isComparable } from './settings.ts';

interface BundleTimelineProps {
  readonly bundles: readonly CaseBundle[];
  readonly pair: { readonly from: CaseBundle; readonly to: CaseBundle };
  readonly onChange: (change: Partial<DriftSettings>) => void;
}

/** From when each bundle was in force, over the events of the case. */
export function BundleTimeline({ bundles, pair, onChange }: BundleTimelineProps) {
  const { address } = useConsole();
  const zone = usePreferences((state) => state.timeZone);
  const { value, error, reload } = useRequest('events.histogram', { buckets: 120, split: 'outcome' });
  const series = useMemo(() => (value === null ? [] : outcomeSeries(value.series)), [value]);
  if (error !== null) {
    return <ErrorState what="The events could not be counted" error={error} onRetry={reload} />;
  }
  const ordered = byTime(bundles.filter(isComparable));
  const timed = ordered.filter(({ inForceFrom }) => inForceFrom !== null);
  const untimed = ordered.length - timed.length;
  const table = (): ChartTable => ({
    columns: ['In force from', 'Bundle', 'Policies', 'Identities'],
    rows: ordered.map((bundle) => ({
      key: bundle.id,
      cells: [
        bundle.inForceFrom === null ? 'not known' : formatTime(bundle.inForceFrom, zone),
        bundleLabel(bundle, zone),
        formatCount(bundle.policies),
        formatCount(bundle.subjects),
      ],
    })),
  });
  return (
    <div className="drift-timeline">
      <ChartFrame
        title="Bundles over the events"
        summary={`${formatCount(timed.length)} bundles on the time axis of ${formatCount(value?.total ?? 0)} events.`}
        note={untimed === 0 ? '' : `${formatCount(untimed)} without a time stand in the lists above only`}
        table={table}
      >
        {value === null || value.toMs <= value.fromMs || value.total === 0 ? (
          <p className="drift-note">
            {value === null ? 'Counting …' : 'The case has no events to lay them on.'}
          </p>
        ) : (
          <>
            <TimeBars
              label="Events over time: choose a time range to see its events"
              fromMs={value.fromMs}
              toMs={value.toMs}
              stepMs={value.stepMs}
              series={series}
              onBrush={(fromMs, toMs) =>
                address.getState().go({
                  view: 'events',
                  query: '',
                  from: startOf(fromMs),
                  to: lastBefore(toMs),
                  selected: null,
                })
              }
            />
            {/* A lane each, so that versions of two systems from the same time do not hide each other. */}
            {[...Map.groupBy(timed, ({ system }) => system)].map(([system, versions]) => (
              <div key={system} className="drift-lane">
                <span className="drift-lane-name">{system}</span>
                <div className="drift-marks" role="group" aria-label={`Bundles of ${system}`}>
                  {versions.map((bundle) => (
                    <Mark key={bundle.id} bundle={bundle} histogram={value} pair={pair} onChange={onChange} />
                  ))}
                </div>
              </div>
            ))}
          </>
        )}
      </ChartFrame>
    </div>
  );
}

interface MarkProps extends Pick<BundleTimelineProps, 'pair' | 'onChange'> {
  readonly bundle: CaseBundle;
  readonly histogram: Histogram;
}

/** A bundle at its time; one from before or after the events stands at that end of the axis, and says so. */
function Mark({ bundle, histogram: { fromMs, toMs }, pair, onChange }: MarkProps) {
  const zone = usePreferences((state) => state.timeZone);
  const at = (Date.parse(bundle.inForceFrom ?? '') - fromMs) / (toMs - fromMs);
  const outside = at < 0 ? ' (before the events)' : at > 1 ? ' (after the events)' : '';
  const role = bundle.id === pair.from.id ? 'from' : bundle.id === pair.to.id ? 'to' : null;
  const label = bundleLabel(bundle, zone) + outside;
  return (
    <span className="drift-mark" style={{ left: `${Math.max(0, Math.min(1, at)) * 100}%` }} title={label}>
      <MenuButton
        label={label}
        className={role === null ? 'drift-mark-button' : 'drift-mark-button chosen'}
        items={[
          { label: 'Compare from this one', run: () => onChange({ from: bundle.id }) },
          { label: 'Compare up to this one', run: () => onChange({ to: bundle.id }) },
        ]}
      >
        <span aria-hidden="true">{role ?? '•'}</span>
        <span className="visually-hidden">
          {label}
          {role === null ? '' : `, compared ${role} it`}
        </span>
      </MenuButton>
    </span>
  );
}
