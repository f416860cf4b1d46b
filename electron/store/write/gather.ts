// One function for each kind of array: a loop over one kind alone is several times faster.

/** Copies the values at the positions `kept`, which ascend, to `target` from `at` on. */
export function gather(source: Uint32Array, kept: Uint32Array, target: Uint32Array, at: number): void {
  if (isStretch(kept)) target.set(source.subarray(kept[0], (kept[0] as number) + kept.length), at);
  else for (let row = 0; row < kept.length; row++) target[at + row] = source[kept[row] as number] as number;
}

export function gatherWide(source: Float64Array, kept: Uint32Array, target: Float64Array, at: number): void {
  if (isStretch(kept)) target.set(source.subarray(kept[0], (kept[0] as number) + kept.length), at);
  else for (let row = 0; row < kept.length; row++) target[at + row] = source[kept[row] as number] as number;
}

export function gatherNarrow(
  source: Uint8Array | Uint16Array,
  kept: Uint32Array,
  target: Uint32Array,
  at: number,
): void {
  if (isStretch(kept)) target.set(source.subarray(kept[0], (kept[0] as number) + kept.length), at);
  else for (let row = 0; row < kept.length; row++) target[at + row] = source[kept[row] as number] as number;
}

/** Keys of four words each, of which each word has a column. */
export function gatherKeys(
  source: Uint32Array,
  kept: Uint32Array,
  [first, second, third, fourth]: readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array],
  at: number,
): void {
  for (let row = 0; row < kept.length; row++) {
    const from = (kept[row] as number) * 4;
    first[at + row] = source[from] as number;
    second[at + row] = source[from + 1] as number;
    third[at + row] = source[from + 2] as number;
    fourth[at + row] = source[from + 3] as number;
  }
}

/** Nearly always no event is left out: then the positions follow one another, and are copied as one. */
function isStretch(kept: Uint32Array): boolean {
  const { length } = kept;
  return length > 0 && (kept[length - 1] as number) - (kept[0] as number) === length - 1;
}
