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

/** The word `word` of keys of four words. */
export function gatherWord(
  source: Uint32Array,
  word: number,
  kept: Uint32Array,
  target: Uint32Array,
  at: number,
): void {
  for (let row = 0; row < kept.length; row++) {
    target[at + row] = source[(kept[row] as number) * 4 + word] as number;
  }
}

/** Nearly always no event is left out: then the positions follow one another, and are copied as one. */
function isStretch(kept: Uint32Array): boolean {
  const { length } = kept;
  return length > 0 && (kept[length - 1] as number) - (kept[0] as number) === length - 1;
}
