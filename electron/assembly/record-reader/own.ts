// Ids and time of a record, which are different in nearly every one.
import { backslash, isDigit, isHex, quote } from './json';
import {
  eventKey,
  fieldPaths,
  hasEventKey,
  hashes,
  mostPaths,
  pathSize,
  time,
  timeDigits,
  timeNanos,
  withinSlot,
} from './layout';
import { findWithin, isAbsent, lengthOf, noKey, startOf } from './members';

/** The text is no plain one: it is left to the host. */
const unusual: u32 = 0;
const plainText: u32 = 1;
const guid: u32 = 2;
const guidLength: u32 = 36;
const longestIdentifier: u32 = 4096;

let fieldCount: u32 = 0;
let timeSlot: u32 = 0;

/** Takes the number of ids, of which the first is the vendor's, and the member that is the time. */
export function setOwn(fields: u32, timeMember: u32): void {
  fieldCount = fields;
  timeSlot = timeMember;
}

/**
 * Reads ids and time; answers a bit for each id that the host has to read, and one more for the time. Where there is no
 * vendor's id, the host has to make the event's key.
 */
export function readOwn(): u32 {
  let left: u32 = 0;
  store<u32>(hasEventKey, 0);
  for (let field: u32 = 0; field < fieldCount; field++) {
    store<u32>(hashes + (field << 2), 0);
    if (!readField(field)) left |= 1 << field;
  }
  if (load<u32>(hasEventKey) == 0) left |= 1;
  store<u32>(timeNanos, 0);
  store<u32>(timeDigits, 0);
  const micros = isAbsent(timeSlot) ? -1 : plainTime(startOf(timeSlot), lengthOf(timeSlot));
  store<f64>(time, micros);
  return micros < 0 ? left | (1 << fieldCount) : left;
}

/** False where the host has to read the id. */
function readField(field: u32): bool {
  for (let index: usize = 0; index < mostPaths; index++) {
    const path = fieldPaths + ((field as usize) * mostPaths + index) * pathSize;
    if (load<u8>(path, 1) == 0) return true;
    const slot: u32 = load<u8>(path);
    const key: u32 = load<u16>(path, 2);
    if (isAbsent(slot)) continue;
    if (key == noKey) {
      if (!readText(field, slot)) return false;
      return true;
    }
    const found = findWithin(slot, key, load<u16>(path, 4));
    if (found < 0) return false;
    if (found == 0) continue;
    return readText(field, withinSlot);
  }
  return true;
}

/** Reads a text as the id; false where it is no plain one. */
function readText(field: u32, slot: u32): bool {
  const kind = identify(startOf(slot), lengthOf(slot), hashes + (field << 2));
  if (kind == unusual) return false;
  if (field != 0) return true;
  if (kind == guid) store<u32>(hasEventKey, 1);
  return kind == guid;
}

/**
 * A text of printable ASCII without escapes: its FNV-1a hash, as shared/util/hash32.ts makes it, goes to `target`,
 * the 128 bits of a GUID to `eventKey` where it is one.
 */
function identify(start: usize, size: u32, target: usize): u32 {
  const end = start + (size as usize) - 1;
  if (load<u8>(start) != quote || size < 3 || size - 2 > longestIdentifier) return unusual;
  let hash: u32 = 0x811c_9dc5;
  for (let at = start + 1; at < end; at++) {
    const byte: u32 = load<u8>(at);
    if (byte >= 0x7f || byte == backslash) return unusual;
    hash = (hash ^ byte) * 0x0100_0193;
  }
  store<u32>(target, hash == 0 ? 1 : hash);
  return target == hashes && size - 2 == guidLength && readGuid(start + 1) ? guid : plainText;
}

function readGuid(at: usize): bool {
  let word: u32 = 0;
  let digits: u32 = 0;
  for (let index: u32 = 0; index < guidLength; index++) {
    const byte: u32 = load<u8>(at + (index as usize));
    if (index == 8 || index == 13 || index == 18 || index == 23) {
      if (byte != 0x2d) return false;
      continue;
    }
    if (!isHex(byte)) return false;
    word = (word << 4) | (byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57);
    if ((++digits & 7) == 0) store<u32>(eventKey + (((digits >> 3) - 1) << 2), word);
  }
  return true;
}

/** Microseconds since 1970 of a value `"2026-05-01T10:00:00Z"`, from 1970 to 2099; -1 for any other form. */
function plainTime(at: usize, size: u32): f64 {
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
