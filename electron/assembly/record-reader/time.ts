// The time of a record in the form that CloudTrail writes.
import { isDigit } from './json';

/** Microseconds since 1970 of a value `"2026-05-01T10:00:00Z"`, from 1970 to 2099; -1 for any other form. */
export function plainTime(at: usize, size: u32): f64 {
  if (size != 22) return -1;
  if (
    load<u8>(at, 5) != 0x2d ||
    load<u8>(at, 8) != 0x2d ||
    load<u8>(at, 11) != 0x54 ||
    load<u8>(at, 14) != 0x3a ||
    load<u8>(at, 17) != 0x3a ||
    load<u8>(at, 20) != 0x5a
  ) {
    return -1;
  }
  const century = twoDigits(at + 1);
  const inCentury = twoDigits(at + 3);
  const year = century * 100 + inCentury;
  const month = twoDigits(at + 6);
  const day = twoDigits(at + 9);
  const hour = twoDigits(at + 12);
  const minute = twoDigits(at + 15);
  const second = twoDigits(at + 18);
  // No digits are far above all limits.
  if (century > 20 || inCentury > 99 || year < 1970 || month == 0 || month > 12 || day == 0) return -1;
  if (hour > 23 || minute > 59 || second > 59) return -1;
  const isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  const lastDay: u32 =
    month == 2 ? (isLeap ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  if (day > lastDay) return -1;
  // Days since 1970 by Hinnant's "chrono-Compatible Low-Level Date Algorithms", years from March on.
  const shifted = month <= 2 ? year - 1 : year;
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const era = shifted / 400;
  const yearOfEra = shifted % 400;
  const days = era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
  return (((days as u64) * 86400 + hour * 3600 + minute * 60 + second) as f64) * 1e6;
}

function twoDigits(at: usize): u32 {
  const tens: u32 = load<u8>(at);
  const ones: u32 = load<u8>(at, 1);
  return isDigit(tens) && isDigit(ones) ? (tens - 0x30) * 10 + (ones - 0x30) : noDigits;
}

/** Above all that two digits make. */
const noDigits: u32 = 100;
