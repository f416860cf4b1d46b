import { useAddress, useCase, useHref, usePreferences } from '../state/context.ts';
import { useRequest } from '../state/use-request.ts';
import { formatTime } from '../ui/moments.ts';
import { useAfterPaint } from '../ui/use-after-paint.ts';

const steps = 40;

/** Where the case has events over its whole time, and where it has none; leads to the overview. */
export function CoverageStrip() {
  const empty = useCase((state) => (state.summary?.events ?? 0) === 0);
  const href = useHref({ view: 'overview' });
  const from = useAddress((state) => state.from);
  const to = useAddress((state) => state.to);
  const zone = usePreferences((state) => state.timeZone);
  // Alone, so that it holds up no question of the view that is given up.
  const painted = useAfterPaint();
  const { value } = useRequest('events.histogram', empty || !painted ? null : { buckets: steps });
  if (empty || value === null || value.total === 0) return <span className="coverage">no events yet</span>;

  const { fromMs, toMs, stepMs, series } = value;
  const count = Math.max(0, ...series.map(({ counts }) => counts.length));
  const filled = Array.from({ length: count }, (_, index) =>
    series.some(({ counts }) => (counts[index] ?? 0) > 0),
  );
  const gaps = filled.filter((some) => !some).length;
  const day = (moment: number): string => formatTime(new Date(moment).toISOString(), zone).slice(0, 10);
  const isChosen = (index: number): boolean =>
    (from === null || fromMs + (index + 1) * stepMs > Date.parse(from)) &&
    (to === null || fromMs + index * stepMs <= Date.parse(to));
  const summary = `Coverage ${day(fromMs)} to ${day(toMs)}: events in ${count - gaps} of ${count} equal parts of this time${gaps === 0 ? '' : `, none in ${gaps}`}.`;
  return (
    <a className="coverage" href={href} aria-label={summary} title={summary}>
      <span className="coverage-label" aria-hidden="true">
        coverage
      </span>
      <svg viewBox={`0 0 ${count * 6} 12`} preserveAspectRatio="none" aria-hidden="true">
        {filled.map((some, index) => (
          <g key={fromMs + index * stepMs}>
            <rect
              x={index * 6 + 0.5}
              y={1.5}
              width={4.5}
              height={7}
              className={some ? 'coverage-some' : 'coverage-gap'}
            />
            {(from !== null || to !== null) && isChosen(index) ? (
              <rect x={index * 6} y={10.5} width={6} height={1.5} className="coverage-range" />
            ) : null}
          </g>
        ))}
      </svg>
    </a>
  );
}
