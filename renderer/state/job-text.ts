import { escapedText } from '../ui/log-text.ts';
import { formatClock } from '../ui/moments.ts';
import { formatBytes, formatPercent, formatShortCount } from '../ui/numbers.ts';
import type { Job } from './jobs.ts';

/** A job in one line, e.g. `Importing 62 % · 1.20 of 1.94 GiB · 1.2M events · 184k/s · 0:42 left`. */
export function jobText({ title, state, progress, error, summary }: Job): string {
  if (state === 'failed') return `${title}: ${escapedText(error?.message ?? 'failed')}`;
  if (state === 'cancelled') return `${title}: cancelled. What was done is kept; the same again continues.`;
  if (state === 'done') return summary ?? `${title}: done`;
  const { fraction, bytesDone, bytesTotal, events, eventsPerSecond, secondsLeft, note } = progress;
  const parts = [fraction === null ? `${title} …` : `${title} ${formatPercent(fraction)}`];
  if (bytesDone !== undefined) {
    parts.push(formatBytes(bytesDone) + (bytesTotal === undefined ? '' : ` of ${formatBytes(bytesTotal)}`));
  }
  if (events !== undefined) parts.push(`${formatShortCount(events)} events`);
  if (eventsPerSecond !== undefined && eventsPerSecond > 0)
    parts.push(`${formatShortCount(eventsPerSecond)} ev/s`);
  if (secondsLeft !== undefined && secondsLeft !== null) parts.push(`${formatClock(secondsLeft)} left`);
  if (note !== undefined && note !== null) parts.push(escapedText(note));
  return parts.join(' · ');
}
