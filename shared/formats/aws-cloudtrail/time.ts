import type { DateOrder } from '../../domain/format.ts';
import type { Json } from '../../domain/json.ts';
import { formatInstant, parseInstant } from '../../util/instant.ts';

/**
 * The first of the candidates that is a time, in UTC with its own precision. CloudTrail always writes UTC, so a time
 * that a re-export has stripped of its zone is UTC as well. Numbers are seconds or milliseconds since 1970.
 */
export function firstTime(candidates: readonly (Json | undefined)[], order?: DateOrder): string | null {
  for (const candidate of candidates) {
    const time = readTime(candidate, order);
    if (time !== null) return time;
  }
  return null;
}

const withoutZone = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?$/;
const compact = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
const epoch = /^(\d{9,13})(?:\.(\d{1,9}))?$/;
const withoutSeconds = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d$/;

/** One time in UTC, or null. `order`: of day and month, where the file settles it. */
export function readTime(value: Json | undefined, order?: DateOrder): string | null {
  if (typeof value === 'number') return readTime(String(value));
  if (typeof value !== 'string' || value.length > 64) return null;
  const instant = parseInstant(value) ?? parseInstant(rewritten(value)) ?? epochInstant(value);
  if (instant === null) return localTime(value, order);
  // The form that nearly all records use is handed on as it stands; a leap second is not.
  return value.length === 20 && value[17] !== '6' && value[19] === 'Z' ? value : formatInstant(instant);
}

function rewritten(value: string): string {
  if (withoutSeconds.test(value)) return `${value}:00Z`;
  if (withoutZone.test(value)) return `${value}Z`;
  return value.replace(compact, '$1-$2-$3T$4:$5:$6Z');
}

/** Seconds (`lookup-events`) or milliseconds (CloudWatch Logs) since 1970. */
function epochInstant(value: string): ReturnType<typeof parseInstant> {
  const match = epoch.exec(value);
  if (match === null) return null;
  const [, whole = '', fraction = ''] = match;
  if (whole.length >= 12) return { micros: Number(whole) * 1000, nanos: 0, digits: 3 };
  const nanos = Number(fraction.padEnd(9, '0'));
  return {
    micros: Number(whole) * 1e6 + Math.floor(nanos / 1000),
    nanos: nanos % 1000,
    digits: fraction.replace(/0+$/, '').length,
  };
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const named =
  /^([A-Za-z]{3})[a-z]* (\d{1,2}), (\d{4}),? (\d{1,2}):(\d\d):(\d\d)(?: ([AP]M))?(?: ?\(?(?:UTC|Z)([+-]\d\d:\d\d)?\)?)?$/i;
const numbered =
  /^(\d{1,2})[/.](\d{1,2})[/.](\d{4}),? (\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?: ?([AP]M))?$/i;

/**
 * Times as spreadsheets and portals print them, in UTC: `Nov 5, 2020 9:21:45 PM`, `6/13/2025, 4:05:06.789 PM` and
 * `13/06/2025, 16:05:06.789`.
 */
function localTime(value: string, order: DateOrder | undefined): string | null {
  const byName = named.exec(value);
  if (byName !== null) {
    const [, month = '', day = '', year = '', hour = '', minute = '', second = '', half, offset = 'Z'] =
      byName;
    const number = months.indexOf(month.slice(0, 3).toLowerCase()) + 1;
    return utcText(Number(year), number, Number(day), hourOf(hour, half), minute, second, offset);
  }
  const match = numbered.exec(value);
  if (match === null) return null;
  const [, first = '', other = '', year = '', hour = '', minute = '', second = '00', fraction = '', half] =
    match;
  const [left, right] = [Number(first), Number(other)];
  const isMonthFirst = isMonthBefore(left, right, half, order);
  const [month, day] = isMonthFirst ? [left, right] : [right, left];
  return utcText(
    Number(year),
    month,
    day,
    hourOf(hour, half),
    minute,
    second,
    fraction === '' ? 'Z' : `.${fraction}Z`,
  );
}

/**
 * Whether the month stands before the day: by a number above 12, here or elsewhere in the file; else by the clock. One
 * of twelve hours with `AM` stands with the month first, all others with the day (Azure portal, by language).
 */
function isMonthBefore(
  left: number,
  right: number,
  half: string | undefined,
  order: DateOrder | undefined,
): boolean {
  if (left > 12 || right > 12) return right > 12;
  return order === undefined ? half === 'AM' || half === 'PM' : order === 'month-first';
}

function hourOf(hour: string, half: string | undefined): number {
  const number = Number(hour);
  if (half === undefined) return number;
  return (number % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
}

function utcText(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: string,
  second: string,
  /** What follows the seconds: a fraction, and the offset from UTC. */
  rest: string,
): string | null {
  const text = `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}${rest}`;
  const instant = parseInstant(text);
  return instant === null ? null : formatInstant(instant);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
