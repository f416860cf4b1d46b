// Where the values of members lie, and what was found within one of them, by slots.
import { ends, escapes, input, mostMembers, starts } from './layout';

const absent: i32 = -1;

export function forgetSlots(): void {
  // Each by itself: a call out of the module takes longer.
  for (let at = starts; at < starts + mostMembers * 4; at += 16) v128.store(at, i8x16.splat(-1));
}

export function setSlot(slot: u32, start: usize, end: usize): void {
  setStart(slot, start);
  setEnd(slot, end);
}

export function setStart(slot: u32, start: usize): void {
  store<u32>(starts + (slot << 2), (start - input) as u32);
}

export function setEnd(slot: u32, end: usize): void {
  store<u32>(ends + (slot << 2), (end - input) as u32);
}

export function setAbsent(slot: u32): void {
  store<i32>(starts + (slot << 2), absent);
}

export function isAbsent(slot: u32): bool {
  return load<i32>(starts + (slot << 2)) == absent;
}

export function startOf(slot: u32): usize {
  return input + load<u32>(starts + (slot << 2));
}

export function lengthOf(slot: u32): u32 {
  return load<u32>(ends + (slot << 2)) - load<u32>(starts + (slot << 2));
}

export function setEscapes(slot: u32, has: bool): void {
  store<u8>(escapes + slot, has ? 1 : 0);
}

export function hasEscapes(slot: u32): bool {
  return load<u8>(escapes + slot) != 0;
}
