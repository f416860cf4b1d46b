import { BuiltinProblem, refuse } from '../evaluate/problems.ts';

/** Moments as whole nanoseconds since 1970, and the civil calendar. */

export interface Civil {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
}

const daySeconds = 86_400n;
const second = 1_000_000_000n;

/** Days from 1970-01-01; month and day may lie outside of their ranges and carry over. */
export function daysFrom(year: number, month: number, day: number): number {
  const wholeYear = year + Math.floor((month - 1) / 12);
  const civilMonth = ((((month - 1) % 12) + 12) % 12) + 1;
  const shifted = civilMonth <= 2 ? wholeYear - 1 : wholeYear;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (civilMonth + (civilMonth > 2 ? -3 : 9)) + 2) / 5);
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear +
    day -
    1 -
    719_468
  );
}

function dateOf(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

/** The civil time at a moment, `offset` seconds east of UTC. */
export function civilOf(nanoseconds: bigint, offset: number): Civil {
  const seconds = floorDivide(nanoseconds, second) + BigInt(offset);
  const days = floorDivide(seconds, daySeconds);
  const ofDay = Number(seconds - days * daySeconds);
  return {
    ...dateOf(Number(days)),
    hour: Math.floor(ofDay / 3600),
    minute: Math.floor(ofDay / 60) % 60,
    second: ofDay % 60,
    nanosecond: Number(nanoseconds - floorDivide(nanoseconds, second) * second),
  };
}

/** The moment of a civil time in UTC. */
export function momentOf(civil: Civil): bigint {
  const days = BigInt(daysFrom(civil.year, civil.month, civil.day));
  const ofDay = BigInt(civil.hour * 3600 + civil.minute * 60 + civil.second);
  return (days * daySeconds + ofDay) * second + BigInt(civil.nanosecond);
}

export const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
export const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

export function weekdayOf({ year, month, day }: Civil): number {
  return (((daysFrom(year, month, day) + 4) % 7) + 7) % 7;
}

export interface Zone {
  /** Seconds east of UTC at a moment. */
  offsetAt(nanoseconds: bigint): number;
  /** The abbreviation in force, e.g. `UTC`. */
  nameAt(nanoseconds: bigint): string;
}

export const utc: Zone = { offsetAt: () => 0, nameAt: () => 'UTC' };

const zones = new Map<string, Zone>();

/** A zone of the IANA database, as the JavaScript engine brings it. */
export function zoneNamed(name: string): Zone {
  if (name === '' || name === 'UTC') return utc;
  const known = zones.get(name);
  if (known !== undefined) return known;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw new BuiltinProblem(`unknown time zone ${name}`);
  }
  const zone: Zone = {
    offsetAt: (nanoseconds) => zoneOffset(format, nanoseconds),
    nameAt: (nanoseconds) => zoneName(name, nanoseconds),
  };
  zones.set(name, zone);
  return zone;
}

function zoneOffset(format: Intl.DateTimeFormat, nanoseconds: bigint): number {
  const seconds = floorDivide(nanoseconds, second);
  const parts = new Map(format.formatToParts(Number(seconds) * 1000).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const year = parts.get('era') === 'BC' ? 1 - part('year') : part('year');
  const civil = BigInt(daysFrom(year, part('month'), part('day'))) * daySeconds;
  const ofDay = BigInt((part('hour') % 24) * 3600 + part('minute') * 60 + part('second'));
  return Number(civil + ofDay - seconds);
}

/** Only the abbreviations of some zones are known to JavaScript engines. */
function zoneName(name: string, nanoseconds: bigint): string {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'short' });
  const parts = format.formatToParts(Number(floorDivide(nanoseconds, second)) * 1000);
  const short = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  if (/^[A-Z]{3,5}$/.test(short)) return short;
  throw refuse(`the abbreviation of the time zone ${name}`);
}

/** `+02:00`, `+0200` or, without minutes where they are 0, `+02`. */
export function offsetText(offset: number, separator: string, short = false): string {
  const size = Math.abs(offset);
  const hours = String(Math.floor(size / 3600)).padStart(2, '0');
  const minutes = String(Math.floor(size / 60) % 60).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${hours}${short ? '' : separator + minutes}`;
}
