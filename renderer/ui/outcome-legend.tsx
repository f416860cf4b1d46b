import { useConsole } from '../state/context.ts';
import { formatCount, formatShortCount } from './numbers.ts';
import { OutcomeMark } from './outcome-mark.tsx';
import type { OutcomeSeries } from './outcomes.ts';

/** The outcomes of a chart with their counts; each filters for itself. */
export function OutcomeLegend({ series }: { readonly series: readonly OutcomeSeries[] }) {
  const { address } = useConsole();
  return (
    <>
      {series.map(({ name, total }) => (
        <button
          key={name}
          type="button"
          className="legend-item"
          title={`${formatCount(total)} events; filter for them`}
          onClick={() => address.getState().filterFor('outcome', name)}
        >
          <span className="visually-hidden">{`Filter for outcome ${name}: ${formatCount(total)} events`}</span>
          <span aria-hidden="true">
            <OutcomeMark outcome={name} />
          </span>
          <span className="legend-count" aria-hidden="true">
            {formatShortCount(total)}
          </span>
        </button>
      ))}
    </>
  );
}
