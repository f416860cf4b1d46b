import { isSame, word } from './bytes';
import {
  closeBrace,
  colon,
  comma,
  endOfKey,
  forgetEscapes,
  quote,
  sawEscape,
  setLimit,
  skipBlanks,
  skipValue,
} from './json';
import { input, memberTable, memberTableSize, nameLengths, names, nameSize } from './layout';
import { forgetNumbers, prepare, touchCandidates } from './numbers';
import { forgetSlots, isAbsent, setEscapes, setSlot } from './slots';

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

/** Position after the object that opens at `from`, with its members found; -1 where it is refused. */
export function scanMembers(from: u32): i32 {
  setLimit(input + from + longestRecord);
  forgetSlots();
  forgetNumbers();
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
      if ((slot as u32) >= firstContainer || !isAbsent(slot)) return refused;
      setSlot(slot, start, at);
      setEscapes(slot, sawEscape());
      prepare(slot);
    }
    at = skipBlanks(at);
    if (at - (input + from) >= longestRecord) return refused;
    const byte: u32 = load<u8>(at);
    if (byte == closeBrace) {
      touchCandidates();
      return (at + 1 - input) as i32;
    }
    if (byte != comma) return refused;
    at = skipBlanks(at + 1);
  }
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
