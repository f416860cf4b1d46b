// What lies within members.
import { isSame } from './bytes';
import { comma, openBrace, quote, skipBlanks, skipString, skipValue } from './json';
import {
  keyLengths,
  keys,
  listedSize,
  memberList,
  mostListed,
  nameSize,
  withinList,
  withinSlot,
} from './layout';
import { knownNumber } from './numbers';
import { hasEscapes, isAbsent, lengthOf, setAbsent, setSlot, startOf } from './slots';
import { unnumbered, withinEnd, withinHash, withinKeys, withinStart } from './values';

export const noKey: u32 = 0xffff;

/** The number of the value that remembers what was found last; `unnumbered` where none does. */
let rememberedBy: u32 = unnumbered;

/** Finds what lies under one key or two: 1 where there is something, 0 where not, -1 where only parsing can tell. */
export function findWithin(slot: u32, key: u32, innerKey: u32): i32 {
  if (isAbsent(slot)) return 0;
  if (hasEscapes(slot)) return -1;
  const number = knownNumber(slot);
  rememberedBy = number;
  if (number == unnumbered) return findKeys(slot, key, innerKey) ? 1 : 0;
  // Not zero, since the first is never `noKey`.
  const both = (key | (innerKey << 16)) + 1;
  const start = startOf(slot);
  if (load<u32>(number + withinKeys) == both) {
    const from: usize = load<u16>(number + withinStart);
    if (from == 0) return 0;
    const to: usize = load<u16>(number + withinEnd);
    setSlot(withinSlot, start + from, start + to);
    return 1;
  }
  const isThere = findKeys(slot, key, innerKey);
  store<u32>(number + withinKeys, both);
  const found = isThere ? ((startOf(withinSlot) - start) as u32) : 0;
  store<u16>(number + withinStart, found);
  store<u16>(number + withinEnd, found + lengthOf(withinSlot));
  store<u32>(number + withinHash, 0);
  return isThere ? 1 : 0;
}

/** Where the hash of what was found within a member last is remembered: 0 there until it is made, 0 where it is not. */
export function placeOfHash(): usize {
  return rememberedBy == unnumbered ? 0 : rememberedBy + withinHash;
}

function findKeys(slot: u32, key: u32, innerKey: u32): bool {
  return findKey(slot, key) && (innerKey == noKey || findKey(withinSlot, innerKey));
}

/** The next record is looked at: what was listed is none of its members. */
export function forgetLists(): void {
  store<u32>(memberList, 0);
  store<u32>(withinList, 0);
}

/**
 * Finds the value under a key in the object at a slot; what is found lies at `withinSlot`. False where the value is no
 * object, or has no such key. Of two that are alike the last one counts, as for `JSON.parse`. Keys are compared as they
 * stand: not for members that hold a backslash.
 */
function findKey(slot: u32, key: u32): bool {
  const wanted = keys + (key as usize) * nameSize;
  const length = load<u32>(keyLengths + (key << 2));
  const object = startOf(slot);
  const list = slot == withinSlot ? withinList : memberList;
  setAbsent(withinSlot);
  if (load<u8>(object) != openBrace) return false;
  if (load<u32>(list) == (object as u32)) return findListed(list, wanted, length);
  let count: u32 = 0;
  let at = skipBlanks(object + 1);
  while (load<u8>(at) == quote) {
    const name = at + 1;
    const nameEnd = skipString(at) - 1;
    const start = skipBlanks(skipBlanks(nameEnd + 1) + 1);
    at = skipValue(start);
    if (count < mostListed) {
      const listed = list + 8 + (count as usize) * listedSize;
      store<u32>(listed, name as u32);
      store<u32>(listed, (nameEnd - name) as u32, 4);
      store<u32>(listed, start as u32, 8);
      store<u32>(listed, at as u32, 12);
    }
    count++;
    if (((nameEnd - name) as u32) == length && isSame(wanted, name, length)) {
      setSlot(withinSlot, start, at);
    }
    at = skipBlanks(at);
    if (load<u8>(at) != comma) break;
    at = skipBlanks(at + 1);
  }
  store<u32>(list, count > mostListed ? 0 : (object as u32));
  store<u32>(list, count, 4);
  return !isAbsent(withinSlot);
}

function findListed(list: usize, wanted: usize, length: u32): bool {
  for (let index = load<u32>(list, 4); index > 0; index--) {
    const listed = list + 8 + ((index - 1) as usize) * listedSize;
    if (load<u32>(listed, 4) == length && isSame(wanted, load<u32>(listed), length)) {
      setSlot(withinSlot, load<u32>(listed, 8), load<u32>(listed, 12));
      return true;
    }
  }
  return false;
}
