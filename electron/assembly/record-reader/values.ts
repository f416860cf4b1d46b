import { hashOf, isSame } from './bytes';
import { valueBytes, valueBytesSize, valuePlaceSize, valuePlaces, valueTable } from './layout';
import { lengthOf, startOf } from './members';

/** A longer value gets no number. */
const longestValue: u32 = 0x4000;
const mostValues: u32 = 0xa000;
const longestProbe: u32 = 64;
/** The value has no number. */
export const unnumbered: u32 = 0;

let count: u32 = 0;
/** Numbers are never given twice. */
let last: u32 = 0;
let used: usize = 0;

/** Whether no more values can be numbered. */
export function isFullOfValues(): bool {
  return count >= mostValues || used + (longestValue as usize) > valueBytesSize;
}

export function forgetValues(): void {
  memory.fill(valueTable, 0, (valuePlaces as usize) * valuePlaceSize);
  count = 0;
  used = 0;
}

/**
 * The number of the value at a slot: equal bytes have the same number until values are forgotten, different ones never
 * have. `unnumbered` where the value is too long or has no place.
 */
export function numberAt(slot: u32): u32 {
  const start = startOf(slot);
  const length = lengthOf(slot);
  if (length > longestValue) return unnumbered;
  const hash = hashOf(start, length);
  let place = hash & (valuePlaces - 1);
  for (let probe: u32 = 0; probe < longestProbe; probe++) {
    const entry = valueTable + (place as usize) * valuePlaceSize;
    const number = load<u32>(entry, 12);
    if (number == 0) return add(entry, hash, start, length);
    if (
      load<u32>(entry) == hash &&
      load<u32>(entry, 8) == length &&
      isSame(load<u32>(entry, 4), start, length)
    ) {
      return number;
    }
    place = (place + 1) & (valuePlaces - 1);
  }
  return unnumbered;
}

function add(entry: usize, hash: u32, start: usize, length: u32): u32 {
  if (isFullOfValues()) return unnumbered;
  const copy = valueBytes + used;
  memory.copy(copy, start, length);
  store<u32>(entry, hash);
  store<u32>(entry, copy as u32, 4);
  store<u32>(entry, length, 8);
  store<u32>(entry, ++last, 12);
  count++;
  used += (length + 7) & ~7;
  return last;
}
