/**
 * A moment in UTC. `micros` are whole microseconds since 1970 (exact in a double from 1684 to 2255), `nanos` the
 * rest below a microsecond (0..999), `digits` the fractional digits that the source gave (0..9), so that the
 * text comes back with the source's own precision.
 */
export interface Instant {
  readonly micros: number;
  readonly nanos: number;
  readonly digits: number;
}

const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?\s?([Zz]|UTC|[+-]\d\d(?::?\d\d)?)$/;

/**
 * Reads an RFC 3339 time with an offset (also with a blank for `T`, `+00` and `UTC`, as databases print them).
 * A leap second counts as the last second of its minute. Null for anything else, also for dates that do not exist and for years
 * whose microseconds a double cannot hold.
 */
export function parseInstant(text: string): Instant | null {
  const plain = parsePlain(text);
  if (plain !== null) return plain;
  const match = RFC3339.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match;
  const seconds = epochSeconds(
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  if (seconds === null) return null;
  const offset = offsetSeconds(zone);
  if (offset === null) return null;
  const digits = fraction.length;
  const nanos = Number(fraction.padEnd(9, '0'));
  const micros = (seconds - offset) * 1e6 + Math.floor(nanos / 1000);
  return Number.isSafeInteger(micros) ? { micros, nanos: nanos % 1000, digits } : null;
}

/** The form that nearly all records use, `2024-05-01T10:00:00Z`, without a regular expression. */
function parsePlain(text: string): Instant | null {
  if (text.length !== 20 || text.charCodeAt(19) !== 90 || text.charCodeAt(10) !== 84) return null;
  const year = digitsAt(text, 0, 4);
  const month = digitsAt(text, 5, 2);
  const day = digitsAt(text, 8, 2);
  const hour = digitsAt(text, 11, 2);
  const minute = digitsAt(text, 14, 2);
  const second = digitsAt(text, 17, 2);
  if (text[4] !== '-' || text[7] !== '-' || text[13] !== ':' || text[16] !== ':') return null;
  const seconds = epochSeconds(year, month, day, hour, minute, second);
  return seconds === null || !Number.isSafeInteger(seconds * 1e6)
    ? null
    : { micros: seconds * 1e6, nanos: 0, digits: 0 };
}

function digitsAt(text: string, start: number, count: number): number {
  let value = 0;
  for (let index = start; index < start + count; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function epochSeconds(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | null {
  if (!(month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59 && second <= 60)) return null;
  if (!(day <= daysInMonth(year, month))) return null;
  return daysSinceEpoch(year, month, day) * 86400 + hour * 3600 + minute * 60 + Math.min(second, 59);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar (Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

function offsetSeconds(zone: string): number | null {
  if (zone === 'Z' || zone === 'z' || zone === 'UTC') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const hours = Number(zone.slice(1, 3));
  const minutes = zone.length > 3 ? Number(zone.slice(-2)) : 0;
  return hours > 23 || minutes > 59 ? null : sign * (hours * 3600 + minutes * 60);
}

/** RFC 3339 in UTC with the instant's own precision. */
export function formatInstant(instant: Instant): string {
  const seconds = Math.floor(instant.micros / 1e6);
  const text = secondText(seconds);
  if (instant.digits === 0) return `${text}Z`;
  const nanos = (instant.micros - seconds * 1e6) * 1000 + instant.nanos;
  return `${text}.${String(nanos).padStart(9, '0').slice(0, instant.digits)}Z`;
}

const daySeconds = 86_400;
/** The first day of the year 10000, which is written another way. */
const lastDay = 2_932_897;
const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
/** Texts of days: a log has few, and each is asked for again and again. */
const dayTexts = new Map<number, string>();
const keptDays = 4_096;

function secondText(seconds: number): string {
  const day = Math.floor(seconds / daySeconds);
  if (day < 0 || day >= lastDay) return new Date(seconds * 1000).toISOString().slice(0, 19);
  let text = dayTexts.get(day);
  if (text === undefined) {
    text = new Date(day * daySeconds * 1000).toISOString().slice(0, 11);
    if (dayTexts.size >= keptDays) dayTexts.clear();
    dayTexts.set(day, text);
  }
  const rest = seconds - day * daySeconds;
  const [hour, minute] = [Math.floor(rest / 3600), Math.floor((rest % 3600) / 60)];
  return `${text}${twoDigits[hour]}:${twoDigits[minute]}:${twoDigits[rest % 60]}`;
}
