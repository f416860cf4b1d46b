/**
 * Begins a deflate stream (RFC 1951) in the middle of a byte. Stored blocks are aligned to bytes, so the bits after the
 * beginning have to stay where they are; what stands before them in their byte is the end of empty blocks, which give
 * out nothing: the decompressor comes to the right bit with whatever it was given as its window.
 */
export function startAt(bytes: Uint8Array, bit: number): Uint8Array {
  if (bit === 0) return bytes;
  const [at, within] = [bit >> 3, bit % 8];
  const before = within === 0 ? new Uint8Array(0) : (prefixes[within] as Uint8Array);
  const started = new Uint8Array(before.length + bytes.length - at - (within === 0 ? 0 : 1));
  started.set(before);
  started.set(bytes.subarray(within === 0 ? at : at + 1), before.length);
  if (within > 0) {
    const last = before.length - 1;
    started[last] = (started[last] ?? 0) | ((bytes[at] ?? 0) & (0xff << within));
  }
  return started;
}

/** The first three bits of a block: whether it is the last one, and its type. */
export function headerAt(bytes: Uint8Array, bit: number): number {
  const [at, within] = [bit >> 3, bit % 8];
  return (((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)) >> within) & 7;
}

/** A number as bits, the least significant first. */
function number(value: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => (value >> index) & 1);
}

/** With fixed codes: the end-of-block code alone. Ten bits. */
const fixedBlock = [...number(0, 1), ...number(1, 2), ...number(0, 7)];

/**
 * With codes of its own, of which the end-of-block code is the only one. An odd number of bits, 95, which no number of
 * the others comes to. Lengths of codes are told with the codes 0 (run of zeros), 10 (zero) and 11 (one).
 */
const dynamicBlock = [
  ...number(0, 1),
  ...number(2, 2),
  ...number(0, 5),
  ...number(0, 5),
  ...number(15, 4),
  // Lengths of the codes for 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15.
  ...[0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0].flatMap((length) => number(length, 3)),
  // 256 literals that do not occur, in runs of 138 and 118; the end of the block; no distance.
  0,
  ...number(138 - 11, 7),
  0,
  ...number(118 - 11, 7),
  1,
  1,
  1,
  0,
  0,
];

/** Empty blocks whose last bit is the one before bit 1 to 7 of a byte. */
const prefixes: readonly Uint8Array[] = Array.from({ length: 8 }, (_, bit) => {
  const bits = bit % 2 === 1 ? [...dynamicBlock] : [];
  while (bits.length % 8 !== bit) bits.push(...fixedBlock);
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  for (const [index, value] of bits.entries())
    bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (value << (index % 8));
  return bytes;
});
