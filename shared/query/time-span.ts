import { type Instant, parseInstant } from '../util/instant.ts';

/** A point in time as the store holds it; order by micros, then nanos. */
export interface Moment {
  readonly micros: number;
  readonly nanos: number;
}

/** From `from` up to and without `to`. */
export interface TimeSpan {
  readonly from: Moment;
  readonly to: Moment;
}

const partial = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt ](\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?)?)?)?$/;
const withZone = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?([Zz]|[+-]\d\d(?::?\d\d)?)$/;

/**
 * The span that a time names: `2026` a year, `2026-05` a month, `2026-05-01` a day, then hour, minute, second, and with
 * a fraction the span of its last digit. UTC unless it carries an offset. Null where it is no time.
 */
export function parseTimeSpan(text: string): TimeSpan | null {
  const zoned = withZone.exec(text);
  if (zoned !== null) {
    const [, date, minute, second, zone] = zoned;
    const start = parseInstant(`${date}T${minute}${second ?? ':00'}${zone}`);
    if (start === null) return null;
    return { from: start, to: second === undefined ? later(start, 60e6, 0) : afterSecond(start) };
  }
  const match = partial.exec(text);
  if (match === null) return null;
  const [, year = '', month, day, hour, minute, second, fraction] = match;
  const seconds = `${second ?? '00'}${fraction === undefined ? '' : `.${fraction}`}`;
  const start = parseInstant(
    `${year}-${month ?? '01'}-${day ?? '01'}T${hour ?? '00'}:${minute ?? '00'}:${seconds}Z`,
  );
  if (start === null) return null;
  if (second !== undefined) return { from: start, to: afterSecond(start) };
  if (minute !== undefined) return { from: start, to: later(start, 60e6, 0) };
  if (hour !== undefined) return { from: start, to: later(start, 3600e6, 0) };
  if (day !== undefined) return { from: start, to: later(start, 86400e6, 0) };
  const next =
    month === undefined || month === '12'
      ? `${String(Number(year) + 1).padStart(4, '0')}-01`
      : `${year}-${String(Number(month) + 1).padStart(2, '0')}`;
  const end = parseInstant(`${next}-01T00:00:00Z`);
  return end === null ? null : { from: start, to: end };
}

/** Negative where `first` is before `second`. */
export function compareMoments(first: Moment, second: Moment): number {
  return first.micros - second.micros || first.nanos - second.nanos;
}

function afterSecond(start: Instant): Moment {
  if (start.digits <= 6) return later(start, 10 ** (6 - start.digits), 0);
  return later(start, 0, 10 ** (9 - start.digits));
}

function later(start: Moment, micros: number, nanos: number): Moment {
  const below = start.nanos + nanos;
  return { micros: start.micros + micros + Math.floor(below / 1000), nanos: below % 1000 };
}
