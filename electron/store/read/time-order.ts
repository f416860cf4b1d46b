import type { Column } from './event-table.ts';

const digitBits = 16;
const digitValues = 2 ** digitBits;

/**
 * The positions of the events in the order of time, then nanoseconds, then position; null where they stand in that
 * order already. Least significant digit radix sort: its time does not depend on the data.
 */
export function timeOrder(micros: Float64Array, nanos: Column | null): Uint32Array | null {
  if (isOrdered(micros, nanos)) return null;
  const count = micros.length;
  let order = new Uint32Array(count);
  for (let index = 0; index < count; index++) order[index] = index;
  if (nanos !== null) order = sortPass(order, Float64Array.from(nanos), 1, 1000).order;
  let keys = new Float64Array(count);
  const { smallest, largest, unit } = rangeOf(micros);
  for (let index = 0; index < count; index++) {
    keys[index] = ((micros[order[index] as number] as number) - smallest) / unit;
  }
  const highest = (largest - smallest) / unit;
  for (let divisor = 1; divisor <= highest; divisor *= digitValues) {
    ({ order, keys } = sortPass(order, keys, divisor, digitValues));
  }
  return order;
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
  for (let index = 0; index < micros.length && unit > 1; index++) {
    while (((micros[index] as number) - smallest) % unit !== 0) unit /= 1000;
  }
  return { smallest, largest, unit };
}

/** One stable pass by the digit `floor(key / divisor) % values`. Keys move along with the order. */
function sortPass(
  order: Uint32Array<ArrayBuffer>,
  keys: Float64Array<ArrayBuffer>,
  divisor: number,
  values: number,
): { order: Uint32Array<ArrayBuffer>; keys: Float64Array<ArrayBuffer> } {
  const count = order.length;
  const starts = new Uint32Array(values);
  for (let index = 0; index < count; index++) {
    const digit = Math.floor((keys[index] as number) / divisor) % values;
    starts[digit] = (starts[digit] as number) + 1;
  }
  let next = 0;
  for (let digit = 0; digit < values; digit++) {
    const amount = starts[digit] as number;
    starts[digit] = next;
    next += amount;
  }
  const sortedOrder = new Uint32Array(count);
  const sortedKeys = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    const key = keys[index] as number;
    const digit = Math.floor(key / divisor) % values;
    const target = starts[digit] as number;
    starts[digit] = target + 1;
    sortedOrder[target] = order[index] as number;
    sortedKeys[target] = key;
  }
  return { order: sortedOrder, keys: sortedKeys };
}

/** The values at the positions of `order`, in an array of the same kind. */
export function inOrder<Values extends Column | Float64Array>(
  values: Values,
  order: Uint32Array | null,
): Values {
  if (order === null) return values;
  const target = values.slice() as Values;
  for (let index = 0; index < order.length; index++) target[index] = values[order[index] as number] as number;
  return target;
}
