import { isSame, word } from './bytes';
import {
  closeBrace,
  colon,
  comma,
  endOfKey,
  forgetEscapes,
  openBrace,
  quote,
  sawEscape,
  setLimit,
  skipBlanks,
  skipString,
  skipValue,
} from './json';
import {
  ends,
  escapes,
  input,
  keyLengths,
  keys,
  memberTable,
  memberTableSize,
  mostMembers,
  nameLengths,
  names,
  nameSize,
  starts,
  withinSlot,
} from './layout';

export const absent: i32 = -1;
const refused: i32 = -1;
const noMember: u8 = 0xff;
const longestRecord: usize = 0x1_0000;

/** From this slot on: keys of containers, whose objects are no records. */
let firstContainer: u32 = 0;

/** Takes the names of the members that are wanted. */
export function setNames(count: u32, containers: u32): void {
  firstContainer = count;
  memory.fill(memberTable, noMember, memberTableSize);
  for (let slot: u32 = 0; slot < count + containers; slot++) {
    const length = load<u32>(nameLengths + (slot << 2));
    let place = placeOfKey(names + (slot as usize) * nameSize, length);
    while (load<u8>(memberTable + place) != noMember) place = (place + 1) & (memberTableSize - 1);
    store<u8>(memberTable + place, slot as u8);
  }
}

export function startOf(slot: u32): usize {
  return input + load<u32>(starts + (slot << 2));
}

export function lengthOf(slot: u32): u32 {
  return load<u32>(ends + (slot << 2)) - load<u32>(starts + (slot << 2));
}

export function isAbsent(slot: u32): bool {
  return load<i32>(starts + (slot << 2)) == absent;
}

/** Position after the object that opens at `from`, with its members found; -1 where it is refused. */
export function scanMembers(from: u32): i32 {
  setLimit(input + from + longestRecord);
  memory.fill(starts, 0xff, mostMembers * 4);
  let at = skipBlanks(input + from + 1);
  while (true) {
    if (load<u8>(at) != quote) return refused;
    const key = at + 1;
    const keyEnd = endOfKey(key);
    if (keyEnd == 0) return refused;
    const slot = slotOf(key, (keyEnd - key) as u32);
    at = skipBlanks(keyEnd + 1);
    if (load<u8>(at) != colon) return refused;
    const start = skipBlanks(at + 1);
    forgetEscapes();
    at = skipValue(start);
    if (at == 0) return refused;
    if (slot >= 0) {
      const place = starts + ((slot as usize) << 2);
      if ((slot as u32) >= firstContainer || load<i32>(place) != absent) return refused;
      store<u32>(place, (start - input) as u32);
      store<u32>(ends + ((slot as usize) << 2), (at - input) as u32);
      store<u8>(escapes + (slot as usize), sawEscape() ? 1 : 0);
    }
    at = skipBlanks(at);
    if (at - (input + from) >= longestRecord) return refused;
    const byte: u32 = load<u8>(at);
    if (byte == closeBrace) return (at + 1 - input) as i32;
    if (byte != comma) return refused;
    at = skipBlanks(at + 1);
  }
}

/**
 * Finds the value under a key in the object at a slot; what is found lies at `withinSlot`. False where the value is no
 * object, or has no such key. Of two that are alike the last one counts, as for `JSON.parse`. Keys are compared as they
 * stand: not for members that hold a backslash.
 */
export function findKey(slot: u32, key: u32): bool {
  const found = withinSlot << 2;
  const wanted = keys + (key as usize) * nameSize;
  const length = load<u32>(keyLengths + (key << 2));
  let at = startOf(slot);
  store<i32>(starts + found, absent);
  if (load<u8>(at) != openBrace) return false;
  at = skipBlanks(at + 1);
  while (load<u8>(at) == quote) {
    const name = at + 1;
    const nameEnd = skipString(at) - 1;
    const start = skipBlanks(skipBlanks(nameEnd + 1) + 1);
    at = skipValue(start);
    if (((nameEnd - name) as u32) == length && isSame(wanted, name, length)) {
      store<u32>(starts + found, (start - input) as u32);
      store<u32>(ends + found, (at - input) as u32);
    }
    at = skipBlanks(at);
    if (load<u8>(at) != comma) break;
    at = skipBlanks(at + 1);
  }
  return load<i32>(starts + found) != absent;
}

export const noKey: u32 = 0xffff;

/** Finds what lies under one key or two: 1 where there is something, 0 where not, -1 where only parsing can tell. */
export function findWithin(slot: u32, key: u32, innerKey: u32): i32 {
  if (isAbsent(slot)) return 0;
  if (load<u8>(escapes + (slot as usize)) != 0) return -1;
  if (!findKey(slot, key)) return 0;
  return innerKey == noKey || findKey(withinSlot, innerKey) ? 1 : 0;
}

function placeOfKey(key: usize, length: u32): usize {
  const last = length > 8 ? load<u64>(key + length - 8) : 0;
  const mixed = (word(key, length) ^ rotl<u64>(last, 23) ^ (length as u64)) * 0x9e37_79b9_7f4a_7c15;
  return (mixed >> 56) as usize;
}

/** The slot of a key; -1 where the member is not wanted. */
function slotOf(key: usize, length: u32): i32 {
  let place = placeOfKey(key, length);
  while (true) {
    const slot: usize = load<u8>(memberTable + place);
    if (slot == noMember) return -1;
    if (load<u32>(nameLengths + slot * 4) == length && isSame(names + slot * nameSize, key, length)) {
      return slot as i32;
    }
    place = (place + 1) & (memberTableSize - 1);
  }
}
