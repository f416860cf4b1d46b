import { usePreferences } from '../state/context.ts';
import { timeTicks } from './time-axis.ts';
import './time-axis-line.css';

interface TimeAxisLineProps {
  readonly fromMs: number;
  readonly toMs: number;
}

const mostTicks = 8;

/** Behind this percentage there is no room for a label to the right of its tick. */
const late = 92;

/** Round times under a stretch of time, for the eye alone: what lies above says its times itself. */
export function TimeAxisLine({ fromMs, toMs }: TimeAxisLineProps) {
  const zone = usePreferences((state) => state.timeZone);
  return (
    <div className="time-axis" aria-hidden="true">
      {timeTicks(fromMs, toMs, mostTicks, zone).map(({ at, label }) => {
        const place = ((at - fromMs) / (toMs - fromMs)) * 100;
        return place > late ? (
          <span key={at} className="late" style={{ right: `${100 - place}%` }}>
            {label}
          </span>
        ) : (
          <span key={at} style={{ left: `${place}%` }}>
            {label}
          </span>
        );
      })}
    </div>
  );
}
