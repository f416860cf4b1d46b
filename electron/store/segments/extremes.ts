import type { NumberArray } from './codec.ts';

/** The least of the first `count` values; 0 of none. */
export function least(values: NumberArray, count: number): number {
  if (count === 0) return 0;
  return values instanceof Uint32Array ? leastWord(values, count) : leastNumber(values, count);
}

/** The greatest of the first `count` values; 0 of none. */
export function greatest(values: NumberArray, count: number): number {
  if (count === 0) return 0;
  return values instanceof Uint32Array ? greatestWord(values, count) : greatestNumber(values, count);
}

// One loop to a function, which ends with it: V8 compiles a loop while it runs, before what comes behind it has ever
// been, and leaves compiled code each time that it gets there.

function leastNumber(values: NumberArray, count: number): number {
  let found = values[0] as number;
  for (let index = 1; index < count; index++) {
    const value = values[index] as number;
    if (value < found) found = value;
  }
  return found;
}

function greatestNumber(values: NumberArray, count: number): number {
  let found = values[0] as number;
  for (let index = 1; index < count; index++) {
    const value = values[index] as number;
    if (value > found) found = value;
  }
  return found;
}

// The same of the one kind that nearly all columns are: a loop over one kind alone is several times faster.

function leastWord(values: Uint32Array, count: number): number {
  let found = values[0] as number;
  for (let index = 1; index < count; index++) {
    const value = values[index] as number;
    if (value < found) found = value;
  }
  return found;
}

function greatestWord(values: Uint32Array, count: number): number {
  let found = values[0] as number;
  for (let index = 1; index < count; index++) {
    const value = values[index] as number;
    if (value > found) found = value;
  }
  return found;
}
