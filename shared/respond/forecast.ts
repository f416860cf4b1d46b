/** What is known of the use of an identity before the incident, out of the case's events. */
export interface Usage {
  readonly group: string;
  readonly days: number;
  /** Whether the logs cover all of these days; what they do not cover has no upper bound. */
  readonly covered: boolean;
  /** Who or what used it: an application, a host, an address, with the times of use (epoch milliseconds, ascending). */
  readonly consumers: readonly {
    readonly name: string;
    readonly events: number;
    readonly times: readonly number[];
  }[];
  /** There were more consumers than are listed. */
  readonly truncated: boolean;
}

/** Who will notice. */
export interface Forecast {
  readonly group: string;
  readonly days: number;
  /** Consumers that were seen: at least these are cut off. */
  readonly atLeast: number;
  /** At most so many; null where the logs do not bound it. */
  readonly atMost: number | null;
  readonly consumers: readonly {
    readonly name: string;
    readonly events: number;
    readonly last: string;
    /** When it is due again by its own rhythm, first and last moment (RFC 3339); null where it has none. */
    readonly next: { readonly from: string; readonly to: string } | null;
  }[];
}

const shownConsumers = 20;
/** Fewer intervals make no rhythm. */
const fewestIntervals = 3;

/**
 * Collateral of cutting an identity off, from its use. The next use is forecast from the intervals between uses: the
 * tenth and the ninetieth percentile after the last one.
 */
export function forecast(usage: Usage): Forecast {
  const consumers = usage.consumers
    .toSorted((first, second) => second.events - first.events || (first.name < second.name ? -1 : 1))
    .slice(0, shownConsumers);
  return {
    group: usage.group,
    days: usage.days,
    atLeast: usage.consumers.length,
    atMost: usage.covered && !usage.truncated ? usage.consumers.length : null,
    consumers: consumers.map(({ name, events, times }) => ({
      name,
      events,
      last: iso(times.at(-1) ?? 0),
      next: nextUse(times),
    })),
  };
}

function nextUse(times: readonly number[]): { from: string; to: string } | null {
  const last = times.at(-1);
  const intervals = times.slice(1).map((time, index) => time - (times[index] ?? time));
  if (last === undefined || intervals.length < fewestIntervals) return null;
  const sorted = intervals.toSorted((first, second) => first - second);
  const at = (share: number): number => sorted[Math.round((sorted.length - 1) * share)] ?? 0;
  return { from: iso(last + at(0.1)), to: iso(last + at(0.9)) };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
