import { formatInstant } from '#shared/util/instant.ts';
import type { Dormancy, IdentityOptions, LogDays, Moment, UseCoverage } from '#shared/domain/identity.ts';

const dayMicros = 86_400e6;
/** Below this share of days with events, silence says nothing. */
const leastCoverage = 0.9;

/**
 * Whether an identity is in use, from the last moment that shows it alive and the logs that would have shown more.
 * Silence counts only as far as the logs reach: a stretch that they do not cover is `cannot-know`.
 */
export function judgeDormancy(
  alive: Moment | null,
  logs: readonly LogDays[],
  { asOf, dormantAfterDays }: IdentityOptions,
): { dormancy: Dormancy; coverage: UseCoverage } {
  const threshold = asOf.micros - dormantAfterDays * dayMicros;
  const coverage = coverageOf(logs, threshold, asOf, dormantAfterDays);
  if (alive !== null && alive.micros >= threshold) {
    return { dormancy: 'active', coverage: { ...coverage, why: `Seen alive at ${alive.text}.` } };
  }
  if (coverage.confidence < leastCoverage) return { dormancy: 'cannot-know', coverage };
  return { dormancy: alive === null ? 'never-seen' : 'dormant', coverage };
}

function coverageOf(
  logs: readonly LogDays[],
  threshold: number,
  asOf: Moment,
  dormantAfterDays: number,
): UseCoverage {
  const firstDay = Math.floor(threshold / dayMicros) + 1;
  const lastDay = Math.floor(asOf.micros / dayMicros);
  const days = Math.max(1, lastDay - firstDay + 1);
  const covered = new Set<number>();
  for (const log of logs) {
    for (const day of log.days) if (day >= firstDay && day <= lastDay) covered.add(day);
  }
  const confidence = covered.size / days;
  return {
    from: dayText(firstDay),
    to: asOf.text,
    days,
    daysWithEvents: covered.size,
    confidence: Math.round(confidence * 1000) / 1000,
    sources: logs.map(({ format, account }) => ({ format, account })),
    why: whyOf(logs, covered.size, days, dormantAfterDays),
  };
}

function whyOf(logs: readonly LogDays[], covered: number, days: number, dormantAfterDays: number): string {
  if (logs.length === 0) return 'No log that would show this identity is in the case.';
  const names = [...new Set(logs.map(({ format }) => format))].join(', ');
  const missing = days - covered;
  if (missing === 0)
    return `${names} has events on each of the last ${dormantAfterDays} days, none of this identity.`;
  return (
    `${names} has events on ${covered} of the last ${days} days. On the other ${missing} there was no event or ` +
    'no log: use of the identity on them would not be seen.'
  );
}

/** A day since 1970 as its first instant. */
function dayText(day: number): string {
  return formatInstant({ micros: day * dayMicros, nanos: 0, digits: 0 });
}
