import type { Outcome } from '#shared/domain/event.ts';
import type { Histogram } from '#shared/ipc/views.ts';
import { formatCount } from './numbers.ts';
import type { BarSeries } from './time-bars.tsx';

/** From the base of a stack upwards: what matters most stands on the axis, where its height can be compared. */
const stackOrder: readonly Outcome[] = ['deny', 'error', 'challenge', 'unknown', 'allow'];

export interface OutcomeSeries extends BarSeries {
  readonly name: Outcome;
  readonly total: number;
}

/** The layers of a histogram by outcome, in the order of a stack; outcomes without an event are left out. */
export function outcomeSeries(series: Histogram['series']): OutcomeSeries[] {
  return stackOrder.flatMap((name) => {
    const counts = series.find(({ value }) => value === name)?.counts ?? [];
    const total = counts.reduce((sum, count) => sum + count, 0);
    return total === 0 ? [] : { name, token: `--${name}`, counts, total };
  });
}

/** E.g. `9 deny, 111 allow`. */
export function outcomesInWords(series: readonly OutcomeSeries[]): string {
  return series.map(({ name, total }) => `${formatCount(total)} ${name}`).join(', ');
}
