import { hashOf, isSame } from './bytes';
import { valueBytes, valueBytesSize, valuePlaceSize, valuePlaces, valueTable } from './layout';

/** A longer value gets no number. */
export const longestValue: u32 = 0x4000;
const mostValues: u32 = 0xa000;
const longestProbe: u32 = 64;
/** The value has no number. */
export const unnumbered: u32 = 0;

// The number of a value is where it is kept: its length, then what others remember of it, then its bytes.

/** Of what lies within it: keys, start and end, hash. */
export const withinKeys: u32 = 4;
export const withinStart: u32 = 8;
export const withinEnd: u32 = 10;
export const withinHash: u32 = 12;
/** Where it leads to in trees: node and link. */
export const steps: u32 = 16;
export const stepSize: u32 = 8;
export const mostSteps: u32 = 4;
const head: u32 = steps + mostSteps * stepSize;

let count: u32 = 0;
let used: usize = 0;

/** Whether no more values can be numbered. */
export function isFullOfValues(): bool {
  return count >= mostValues || used + (longestValue as usize) + (head as usize) > valueBytesSize;
}

export function forgetValues(): void {
  memory.fill(valueTable, 0, (valuePlaces as usize) * valuePlaceSize);
  count = 0;
  used = 0;
}

/**
 * The number of a value: equal bytes have the same number until values are forgotten, different ones never have.
 * `unnumbered` where the value is too long or has no place.
 */
export function numberOf(start: usize, length: u32): u32 {
  return length > longestValue ? unnumbered : numberByHash(start, length, hashOf(start, length));
}

/** What is kept where the hash of a value leads first. */
export function candidateOf(hash: u32): u32 {
  return load<u32>(valueTable + ((hash & (valuePlaces - 1)) as usize) * valuePlaceSize, 4);
}

export function numberByHash(start: usize, length: u32, hash: u32): u32 {
  let place = hash & (valuePlaces - 1);
  for (let probe: u32 = 0; probe < longestProbe; probe++) {
    const entry = valueTable + (place as usize) * valuePlaceSize;
    const number = load<u32>(entry, 4);
    if (number == 0) return add(entry, hash, start, length);
    if (load<u32>(entry) == hash && load<u32>(number) == length && isSame(number + head, start, length)) {
      return number;
    }
    place = (place + 1) & (valuePlaces - 1);
  }
  return unnumbered;
}

function add(entry: usize, hash: u32, start: usize, length: u32): u32 {
  if (isFullOfValues()) return unnumbered;
  const number = (valueBytes + used) as u32;
  for (let at = number; at < number + head; at += 16) v128.store(at, i8x16.splat(0));
  store<u32>(number, length);
  // What is copied beyond its end is written over by the next one.
  for (let at: u32 = 0; at < length; at += 16) v128.store(number + head + at, v128.load(start + at));
  store<u32>(entry, hash);
  store<u32>(entry, number, 4);
  count++;
  used += (head + length + 15) & ~15;
  return number;
}
