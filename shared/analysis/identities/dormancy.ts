import type { Dormancy, IdentityOptions, LogDays, Moment, UseCoverage } from '#shared/domain/identity.ts';
import { formatInstant } from '#shared/util/instant.ts';

const dayMicros = 86_400e6;
/** Below this share of days with events, silence says nothing. */
const leastCoverage = 0.9;

/** A stretch for which a directory says that something was not used. */
export interface Silence {
  readonly format: string;
  readonly account: string | null;
  /** Microseconds since 1970; from and to are within it. */
  readonly from: number;
  readonly to: number;
  /** What the directory records and how late. */
  readonly note: string;
}

/** What would show use in one system. */
export interface Watch {
  readonly logs: readonly LogDays[];
  readonly silences: readonly Silence[];
}

/**
 * Whether an identity is in use, from the last moment that shows it alive and what would have shown more. Silence counts
 * only as far as logs and directories reach: a stretch that they do not cover is `cannot-know`. Each of `systems` in which
 * the identity has an account has to be covered by itself: that a person is silent in AWS tells nothing of Okta.
 */
export function judgeDormancy(
  alive: Moment | null,
  watch: Watch,
  { asOf, dormantAfterDays }: IdentityOptions,
  systems: readonly Watch[] = [],
): { dormancy: Dormancy; coverage: UseCoverage } {
  const threshold = asOf.micros - dormantAfterDays * dayMicros;
  const stretch = {
    firstDay: Math.floor(threshold / dayMicros) + 1,
    lastDay: Math.floor(asOf.micros / dayMicros),
  };
  let days = coveredDays(watch, stretch, asOf);
  for (const system of systems) {
    const own = coveredDays(system, stretch, asOf);
    if (own < days) days = own;
  }
  const coverage = sharedCoverage(watch, days, stretch, asOf, dormantAfterDays);
  if (alive !== null && alive.micros >= threshold) {
    return { dormancy: 'active', coverage: { ...coverage, why: `Seen alive at ${alive.text}.` } };
  }
  if (coverage.confidence < leastCoverage) return { dormancy: 'cannot-know', coverage };
  return { dormancy: alive === null ? 'never-seen' : 'dormant', coverage };
}

interface Stretch {
  readonly firstDay: number;
  readonly lastDay: number;
}

/** Days of the stretch on which use would have been seen, or of which a directory knows. */
function coveredDays({ logs, silences }: Watch, { firstDay, lastDay }: Stretch, asOf: Moment): number {
  const { days, count } = daysWithLogs(logs, { firstDay, lastDay });
  if (silences.length === 0) return count;
  const covered = Uint8Array.from(days);
  for (const { from, to } of silences) {
    const first = Math.max(firstDay, Math.ceil(from / dayMicros));
    for (let day = first; day <= lastDay; day++) {
      if (Math.min((day + 1) * dayMicros, asOf.micros) > to) break;
      covered[day - firstDay] = 1;
    }
  }
  return covered.reduce((sum, day) => sum + day, 0);
}

interface LoggedDays extends Stretch {
  /** 1 for a day of the stretch on which one of the logs has events. */
  readonly days: Uint8Array;
  readonly count: number;
}

/** Many identities are watched by the same logs: what these cover is worked out once. */
const logged = new WeakMap<readonly LogDays[], LoggedDays>();

function daysWithLogs(logs: readonly LogDays[], { firstDay, lastDay }: Stretch): LoggedDays {
  const kept = logged.get(logs);
  if (kept?.firstDay === firstDay && kept.lastDay === lastDay) return kept;
  const days = new Uint8Array(Math.max(0, lastDay - firstDay + 1));
  for (const log of logs) {
    for (const day of log.days) if (day >= firstDay && day <= lastDay) days[day - firstDay] = 1;
  }
  const made = { firstDay, lastDay, days, count: days.reduce((sum, day) => sum + day, 0) };
  logged.set(logs, made);
  return made;
}

/** Many identities are watched by the same logs and nothing else: these have one coverage. */
const covered = new WeakMap<readonly LogDays[], { readonly key: string; readonly coverage: UseCoverage }>();

function sharedCoverage(
  watch: Watch,
  days: number,
  stretch: Stretch,
  asOf: Moment,
  dormantAfterDays: number,
): UseCoverage {
  if (watch.silences.length > 0) return coverageOf(watch, days, stretch, asOf, dormantAfterDays);
  const key = `${days} ${stretch.firstDay} ${dormantAfterDays} ${asOf.text}`;
  const kept = covered.get(watch.logs);
  if (kept?.key === key) return kept.coverage;
  const coverage = coverageOf(watch, days, stretch, asOf, dormantAfterDays);
  covered.set(watch.logs, { key, coverage });
  return coverage;
}

function coverageOf(
  { logs, silences }: Watch,
  covered: number,
  { firstDay, lastDay }: Stretch,
  asOf: Moment,
  dormantAfterDays: number,
): UseCoverage {
  const days = Math.max(1, lastDay - firstDay + 1);
  const told = silences.map(({ format, account }) => ({ format, account }));
  const sources = [...logs.map(({ format, account }) => ({ format, account })), ...told];
  return {
    from: dayText(firstDay),
    to: asOf.text,
    days,
    daysWithEvents: covered,
    confidence: Math.round((covered / days) * 1000) / 1000,
    sources: [...new Map(sources.map((source) => [JSON.stringify(source), source])).values()],
    why: whyOf(logs, silences, covered, days, dormantAfterDays),
  };
}

function whyOf(
  logs: readonly LogDays[],
  silences: readonly Silence[],
  covered: number,
  days: number,
  dormantAfterDays: number,
): string {
  const notes = [...new Set(silences.map(({ note }) => note))].map((note) => ` ${note}`).join('');
  if (logs.length === 0) {
    if (silences.length === 0) return 'No log that would show this identity is in the case.';
    return `No log that would show this identity is in the case; directories cover ${covered} of the last ${days} days.${notes}`;
  }
  const names = [...new Set([...logs, ...silences].map(({ format }) => format))].join(', ');
  const missing = days - covered;
  if (missing === 0) {
    return silences.length === 0
      ? `${names} has events on each of the last ${dormantAfterDays} days, none of this identity.`
      : `${names} cover each of the last ${dormantAfterDays} days and show nothing of this identity.${notes}`;
  }
  return (
    `${names} ${silences.length === 0 ? 'has events on' : 'cover'} ${covered} of the last ${days} days. On the other ${missing} there was no event or ` +
    `no log: use of the identity on them would not be seen.${notes}`
  );
}

/** A day since 1970 as its first instant. */
function dayText(day: number): string {
  return formatInstant({ micros: day * dayMicros, nanos: 0, digits: 0 });
}
