import type { Column } from './event-table.ts';
import type { Steps } from './in-steps.ts';

/** Few enough values that the pages where a pass writes stay known to the processor. */
const digitBits = 9;
const digitValues = 2 ** digitBits;
const wordBits = 32;

/** So many moments are counted one by one: three months of whole seconds. */
const mostMoments = 2 ** 23;

/**
 * Puts times into order, and answers the positions that their events had: by time, then nanoseconds, then position; null
 * where they stand in that order already. Where the times are few moments, as those of whole seconds are, the events of each are counted and
 * put behind each other at once; else a least significant digit radix sort, whose time does not depend on the data. A
 * step is one pass.
 */
export function* sortTimes(micros: Float64Array, nanos: Column | null): Steps<Uint32Array | null> {
  if (isOrdered(micros, nanos)) return null;
  yield;
  const count = micros.length;
  const { smallest, largest, unit } = rangeOf(micros);
  const highest = (largest - smallest) / unit;
  yield;
  if (nanos === null && highest < Math.min(mostMoments, count * 2)) {
    const next = countMoments(micros, smallest, unit, highest);
    yield;
    const order = placeMoments(micros, smallest, unit, next);
    yield;
    fillMoments(micros, smallest, unit, next);
    return order;
  }
  let order = new Uint32Array(count);
  for (let index = 0; index < count; index++) order[index] = index;
  if (nanos !== null) order = yield* sortByKeys(order, Uint32Array.from(nanos), 999);
  const keys = new Uint32Array(count);
  yield;
  for (let word = 1; word <= highest; word *= 2 ** wordBits) {
    for (let index = 0; index < count; index++) {
      const key = ((micros[order[index] as number] as number) - smallest) / unit;
      // The conversion to 32 bits takes the remainder by itself.
      keys[index] = word === 1 ? key : Math.floor(key / word);
    }
    order = yield* sortByKeys(order, keys, Math.min(2 ** wordBits - 1, Math.floor(highest / word)));
  }
  micros.set(inOrder(micros, order));
  return order;
}

/** How many events there are before each moment; moments are counted in units from the smallest. */
function countMoments(micros: Float64Array, smallest: number, unit: number, highest: number): Uint32Array {
  const before = new Uint32Array(highest + 2);
  for (let index = 0; index < micros.length; index++) {
    const moment = (((micros[index] as number) - smallest) / unit) >>> 0;
    before[moment + 1] = (before[moment + 1] as number) + 1;
  }
  for (let moment = 1; moment < before.length; moment++) {
    before[moment] = (before[moment] as number) + (before[moment - 1] as number);
  }
  return before;
}

/** Puts each position at the next place of its moment; afterwards `next` says where each moment ends. */
function placeMoments(micros: Float64Array, smallest: number, unit: number, next: Uint32Array): Uint32Array {
  const order = new Uint32Array(micros.length);
  for (let index = 0; index < micros.length; index++) {
    const moment = (((micros[index] as number) - smallest) / unit) >>> 0;
    const place = next[moment] as number;
    next[moment] = place + 1;
    order[place] = index;
  }
  return order;
}

/** Writes the times in their order: each moment up to its end. */
function fillMoments(micros: Float64Array, smallest: number, unit: number, ends: Uint32Array): void {
  let index = 0;
  for (let moment = 0; moment < ends.length; moment++) {
    const end = ends[moment] as number;
    for (; index < end; index++) micros[index] = smallest + moment * unit;
  }
}

function isOrdered(micros: Float64Array, nanos: Column | null): boolean {
  for (let index = 1; index < micros.length; index++) {
    const difference = (micros[index] as number) - (micros[index - 1] as number);
    if (difference < 0) return false;
    if (difference === 0 && nanos !== null && (nanos[index] as number) < (nanos[index - 1] as number))
      return false;
  }
  return true;
}

/** Extent of the times, and the unit that they are whole multiples of (counted from the smallest). */
function rangeOf(micros: Float64Array): { smallest: number; largest: number; unit: number } {
  let smallest = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < micros.length; index++) {
    const value = micros[index] as number;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  let unit = 1e6;
  let index = 0;
  while (unit > 1) {
    index = firstBetween(micros, index, smallest, unit);
    if (index === micros.length) break;
    unit /= 1000;
  }
  return { smallest, largest, unit };
}

/**
 * The first time from an index on that is no multiple of a unit, counted from the smallest; the length where all are.
 * Times are whole numbers below 2^53 and units large: no fraction of a quotient is lost in rounding.
 */
function firstBetween(micros: Float64Array, from: number, smallest: number, unit: number): number {
  for (let index = from; index < micros.length; index++) {
    const passed = ((micros[index] as number) - smallest) / unit;
    if (passed !== Math.floor(passed)) return index;
  }
  return micros.length;
}

/** Stable passes, digit by digit, over keys that stand as `order` does; the arrays are used up. */
function* sortByKeys(
  order: Uint32Array<ArrayBuffer>,
  keys: Uint32Array<ArrayBuffer>,
  highest: number,
): Steps<Uint32Array<ArrayBuffer>> {
  let [fromOrder, fromKeys] = [order, keys];
  let [toOrder, toKeys] = [new Uint32Array(order.length), new Uint32Array(order.length)];
  for (let shift = 0; shift < wordBits && highest >= 2 ** shift; shift += digitBits) {
    sortPass(fromOrder, fromKeys, shift, toOrder, toKeys);
    [fromOrder, toOrder] = [toOrder, fromOrder];
    [fromKeys, toKeys] = [toKeys, fromKeys];
    yield;
  }
  return fromOrder;
}

/** One stable pass by the digit of the keys above `shift` bits. Keys move along with the order. */
function sortPass(
  order: Uint32Array,
  keys: Uint32Array,
  shift: number,
  toOrder: Uint32Array,
  toKeys: Uint32Array,
): void {
  const count = order.length;
  const places = new Uint32Array(digitValues);
  for (let index = 0; index < count; index++) {
    const digit = ((keys[index] as number) >>> shift) & (digitValues - 1);
    places[digit] = (places[digit] as number) + 1;
  }
  let next = 0;
  for (let digit = 0; digit < digitValues; digit++) {
    const amount = places[digit] as number;
    places[digit] = next;
    next += amount;
  }
  for (let index = 0; index < count; index++) {
    const key = keys[index] as number;
    const digit = (key >>> shift) & (digitValues - 1);
    const place = places[digit] as number;
    places[digit] = place + 1;
    toOrder[place] = order[index] as number;
    toKeys[place] = key;
  }
}

/** The values at the positions of `order`, in an array of the same kind. */
export function inOrder<Values extends Column | Float64Array>(
  values: Values,
  order: Uint32Array | null,
): Values {
  if (order === null) return values;
  if (values instanceof Uint8Array) return bytesInOrder(values, order) as Values;
  if (values instanceof Uint16Array) return shortsInOrder(values, order) as Values;
  if (values instanceof Uint32Array) return wordsInOrder(values, order) as Values;
  return doublesInOrder(values, order) as Values;
}

// A loop for each kind: one that meets all of them is several times slower in V8.

function bytesInOrder(values: Uint8Array, order: Uint32Array): Uint8Array {
  const target = new Uint8Array(order.length);
  for (let index = 0; index < order.length; index++) target[index] = values[order[index] as number] as number;
  return target;
}

function shortsInOrder(values: Uint16Array, order: Uint32Array): Uint16Array {
  const target = new Uint16Array(order.length);
  for (let index = 0; index < order.length; index++) target[index] = values[order[index] as number] as number;
  return target;
}

function wordsInOrder(values: Uint32Array, order: Uint32Array): Uint32Array {
  const target = new Uint32Array(order.length);
  for (let index = 0; index < order.length; index++) target[index] = values[order[index] as number] as number;
  return target;
}

function doublesInOrder(values: Float64Array, order: Uint32Array): Float64Array {
  const target = new Float64Array(order.length);
  for (let index = 0; index < order.length; index++) target[index] = values[order[index] as number] as number;
  return target;
}
