// Ids and time of a record, which are different in nearly every one.
import { backslash, quote } from './json';
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
import { addText, hashTexts } from './hashes';
import { readGuid } from './guid';
import { isAbsent, lengthOf, startOf } from './slots';
import { plainTime } from './time';
import { findWithin, noKey, placeOfHash } from './within';

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
  hashTexts();
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
    if (key == noKey) return readText(field, slot, 0);
    const found = findWithin(slot, key, load<u16>(path, 4));
    if (found < 0) return false;
    if (found == 0) continue;
    return readText(field, withinSlot, placeOfHash());
  }
  return true;
}

/**
 * Reads a text of printable ASCII without escapes as the id; `remembered` is where its hash may stand. False where it is
 * another one: it is left to the host.
 */
function readText(field: u32, slot: u32, remembered: usize): bool {
  const target = hashes + (field << 2);
  const known = remembered == 0 ? 0 : load<u32>(remembered);
  if (known != 0 && field != 0) {
    store<u32>(target, known);
    return true;
  }
  const start = startOf(slot) + 1;
  const size = lengthOf(slot) - 2;
  if (load<u8>(start - 1) != quote || size == 0 || size > longestIdentifier || !isPlain(start, size)) {
    return false;
  }
  addText(start, size, target, remembered);
  if (field != 0) return true;
  const isGuid = readGuid(start, size, eventKey);
  store<u32>(hasEventKey, isGuid ? 1 : 0);
  return isGuid;
}

/** Whether a text is printable ASCII without escapes. */
function isPlain(start: usize, size: u32): bool {
  const end = start + (size as usize);
  for (let at = start; at < end; at += 16) {
    const bytes = v128.load(at);
    // As signed numbers all that is not ASCII lies below the space too.
    const unusual = v128.or(
      v128.or(i8x16.lt_s(bytes, i8x16.splat(0x20)), i8x16.eq(bytes, i8x16.splat(0x7f))),
      i8x16.eq(bytes, i8x16.splat(backslash as i8)),
    );
    const marks = i8x16.bitmask(unusual);
    if (marks != 0 && at + (ctz<i32>(marks) as usize) < end) return false;
  }
  return true;
}
