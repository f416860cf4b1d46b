import type { Column } from './event-table.ts';

/** The loops over rows. Plain, without branches where possible: about one nanosecond a row. */

/** Whether any row has another value than this. */
export function hasOthers(column: Column, value: number): boolean {
  for (let row = 0; row < column.length; row++) if (column[row] !== value) return true;
  return false;
}

/** Adds 1 to `counts` for the entry of each row. */
export function countEntries(ids: Column, from: number, to: number, counts: Uint32Array): void {
  for (let row = from; row < to; row++) {
    const id = ids[row] as number;
    counts[id] = (counts[id] as number) + 1;
  }
}

/** Adds 1 to the count of what each row's entry belongs to: `groups` says by entry. */
export function countGroups(
  ids: Column,
  groups: Uint32Array,
  from: number,
  to: number,
  counts: Uint32Array,
): void {
  for (let row = from; row < to; row++) {
    const group = groups[ids[row] as number] as number;
    counts[group] = (counts[group] as number) + 1;
  }
}

/** The same for listed rows. */
export function countGroupsOf(
  ids: Column,
  groups: Uint32Array,
  rows: Uint32Array,
  counts: Uint32Array,
): void {
  for (let index = 0; index < rows.length; index++) {
    const group = groups[ids[rows[index] as number] as number] as number;
    counts[group] = (counts[group] as number) + 1;
  }
}

/** Writes the value of each row's entry. */
export function valuesByRow(ids: Column, values: Uint8Array, column: Uint8Array): void {
  for (let row = 0; row < column.length; row++) column[row] = values[ids[row] as number] as number;
}

/** How many of the listed rows have each of `size` values; `column` says by row which. */
export function countValuesOf(column: Uint8Array, size: number, rows: Uint32Array): Uint32Array {
  const counts = new Uint32Array(size);
  for (let index = 0; index < rows.length; index++) {
    const value = column[rows[index] as number] as number;
    counts[value] = (counts[value] as number) + 1;
  }
  return counts;
}

/** Counts pairs of groups: `first` of one column and `second` of another are counted at `base + first + second * width`. */
export function countPairs(
  one: { readonly ids: Column; readonly groups: Uint32Array },
  other: { readonly ids: Column; readonly groups: Uint32Array },
  width: number,
  from: number,
  to: number,
  base: number,
  counts: Uint32Array,
): void {
  const [ids, groups, otherIds, otherGroups] = [one.ids, one.groups, other.ids, other.groups];
  for (let row = from; row < to; row++) {
    const second = Math.imul(otherGroups[otherIds[row] as number] as number, width);
    const at = base + (groups[ids[row] as number] as number) + second;
    counts[at] = (counts[at] as number) + 1;
  }
}

// A loop for each kind of column where questions go over all rows: one that meets all of them is slower in V8.

/** Writes the rows of `from`..`to` whose entry is marked in `lookup`; answers how many. `rows` has one place to spare. */
export function selectRows(
  ids: Column,
  lookup: Uint8Array,
  from: number,
  to: number,
  rows: Uint32Array,
): number {
  if (ids instanceof Uint8Array) return selectByBytes(ids, lookup, from, to, rows);
  if (ids instanceof Uint16Array) return selectByShorts(ids, lookup, from, to, rows);
  return selectByWords(ids, lookup, from, to, rows);
}

function selectByBytes(
  ids: Uint8Array,
  lookup: Uint8Array,
  from: number,
  to: number,
  rows: Uint32Array,
): number {
  let length = 0;
  for (let row = from; row < to; row++) {
    rows[length] = row;
    length += lookup[ids[row] as number] as number;
  }
  return length;
}

function selectByShorts(
  ids: Uint16Array,
  lookup: Uint8Array,
  from: number,
  to: number,
  rows: Uint32Array,
): number {
  let length = 0;
  for (let row = from; row < to; row++) {
    rows[length] = row;
    length += lookup[ids[row] as number] as number;
  }
  return length;
}

function selectByWords(
  ids: Uint32Array,
  lookup: Uint8Array,
  from: number,
  to: number,
  rows: Uint32Array,
): number {
  let length = 0;
  for (let row = from; row < to; row++) {
    rows[length] = row;
    length += lookup[ids[row] as number] as number;
  }
  return length;
}

/** Keeps those of the first `count` rows whose entry is marked; answers how many. */
export function keepRows(ids: Column, lookup: Uint8Array, rows: Uint32Array, count: number): number {
  let length = 0;
  for (let index = 0; index < count; index++) {
    const row = rows[index] as number;
    rows[length] = row;
    length += lookup[ids[row] as number] as number;
  }
  return length;
}

/** `mask[i]` of row `from + i`: whether its entry is marked, combined with what is there. */
export function maskOr(ids: Column, lookup: Uint8Array, from: number, mask: Uint8Array): void {
  if (ids instanceof Uint8Array) orBytes(ids, lookup, from, mask);
  else if (ids instanceof Uint16Array) orShorts(ids, lookup, from, mask);
  else orWords(ids, lookup, from, mask);
}

function orBytes(ids: Uint8Array, lookup: Uint8Array, from: number, mask: Uint8Array): void {
  for (let index = 0; index < mask.length; index++) {
    mask[index] = (mask[index] as number) | (lookup[ids[from + index] as number] as number);
  }
}

function orShorts(ids: Uint16Array, lookup: Uint8Array, from: number, mask: Uint8Array): void {
  for (let index = 0; index < mask.length; index++) {
    mask[index] = (mask[index] as number) | (lookup[ids[from + index] as number] as number);
  }
}

function orWords(ids: Uint32Array, lookup: Uint8Array, from: number, mask: Uint8Array): void {
  for (let index = 0; index < mask.length; index++) {
    mask[index] = (mask[index] as number) | (lookup[ids[from + index] as number] as number);
  }
}

export function maskAnd(ids: Column, lookup: Uint8Array, from: number, mask: Uint8Array): void {
  for (let index = 0; index < mask.length; index++) {
    mask[index] = (mask[index] as number) & (lookup[ids[from + index] as number] as number);
  }
}

export function maskNonZero(words: Column, from: number, mask: Uint8Array): void {
  for (let index = 0; index < mask.length; index++) mask[index] = words[from + index] === 0 ? 0 : 1;
}

/** Writes the rows that a mask of `from` on marks; answers how many. Where none of four is marked they are passed at once. */
export function selectMasked(mask: Uint8Array, from: number, rows: Uint32Array): number {
  const words = wordsOf(mask);
  let length = 0;
  for (let word = 0; word < words.length; word++) {
    if (words[word] === 0) continue;
    const end = word * 4 + 4;
    for (let index = word * 4; index < end; index++) {
      rows[length] = from + index;
      length += mask[index] as number;
    }
  }
  for (let index = words.length * 4; index < mask.length; index++) {
    rows[length] = from + index;
    length += mask[index] as number;
  }
  return length;
}

/** The bytes of a mask four by four, as far as they go. */
function wordsOf(mask: Uint8Array): Uint32Array {
  return new Uint32Array(mask.buffer, mask.byteOffset, mask.length >>> 2);
}

export function keepMasked(mask: Uint8Array, from: number, rows: Uint32Array, count: number): number {
  let length = 0;
  for (let index = 0; index < count; index++) {
    const row = rows[index] as number;
    rows[length] = row;
    length += mask[row - from] as number;
  }
  return length;
}

/** How many of a mask's bytes are 1; the others are 0. */
export function countMask(mask: Uint8Array): number {
  const words = wordsOf(mask);
  let count = 0;
  // The product's highest byte is the sum of all four.
  for (let word = 0; word < words.length; word++)
    count += Math.imul(words[word] as number, 0x01_01_01_01) >>> 24;
  for (let index = words.length * 4; index < mask.length; index++) count += mask[index] as number;
  return count;
}

/** Adds `weights[entry]` of each row to `keys`; rows are `from + i`. */
export function addKeys(
  ids: Column,
  weights: Float64Array,
  from: number,
  count: number,
  keys: Float64Array,
): void {
  for (let index = 0; index < count; index++) {
    keys[index] = (keys[index] as number) + (weights[ids[from + index] as number] as number);
  }
}

/** The same for listed rows: `rows[start + i]`. */
export function addKeysOf(
  ids: Column,
  weights: Float64Array,
  rows: Uint32Array,
  start: number,
  count: number,
  keys: Float64Array,
): void {
  for (let index = 0; index < count; index++) {
    keys[index] = (keys[index] as number) + (weights[ids[rows[start + index] as number] as number] as number);
  }
}

/** The listed rows whose word is `word`, within `from`..`to`. */
export function rowsWithWord(words: Column, word: number, from: number, to: number): number[] {
  const rows: number[] = [];
  for (let row = from; row < to; row++) if (words[row] === word) rows.push(row);
  return rows;
}

/** The first row whose time is not before the moment. */
export function firstRowAt(
  micros: Float64Array,
  nanos: Column | null,
  moment: { readonly micros: number; readonly nanos: number },
): number {
  let low = 0;
  let high = micros.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const difference = (micros[middle] as number) - moment.micros || (nanos?.[middle] ?? 0) - moment.nanos;
    if (difference < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
