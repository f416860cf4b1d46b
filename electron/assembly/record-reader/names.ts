// Names of the members that are wanted.
import { isSame, word } from './bytes';
import { memberTable, memberTableSize, nameLengths, names, nameSize } from './layout';

const noMember: u8 = 0xff;

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

/** Whether a slot is that of a key of containers. */
export function isContainer(slot: u32): bool {
  return slot >= firstContainer;
}

function placeOfKey(key: usize, length: u32): usize {
  const last = length > 8 ? load<u64>(key + length - 8) : 0;
  const mixed = (word(key, length) ^ rotl<u64>(last, 23) ^ (length as u64)) * 0x9e37_79b9_7f4a_7c15;
  return (mixed >> 56) as usize;
}

/** The slot of a key; -1 where the member is not wanted. */
export function slotOf(key: usize, length: u32): i32 {
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
