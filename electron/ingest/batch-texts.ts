/** A dictionary's texts by id; what an extractor has entered is left open, as it keeps the texts itself. */
export type OpenTexts = readonly (string | undefined)[];

const lineFeed = 10;
const encoder = new TextEncoder();

/** Whether what is open stands behind all others. */
export function isOpenAtEnd(texts: OpenTexts): boolean {
  for (let id = firstOpen(texts); id < texts.length; id++) if (texts[id] !== undefined) return false;
  return true;
}

/** The texts as `PackedColumn` has them. `read`: those that are open, in order, with a line feed behind each. */
export function packedTexts(texts: OpenTexts, read: Uint8Array | null): Uint8Array {
  const own = firstOpen(texts);
  const first = encoder.encode(texts.slice(0, own).join('\n'));
  if (read === null || own === texts.length) return first;
  // Every dictionary begins with an entry that no extractor has entered.
  const packed = new Uint8Array(first.length + read.length);
  packed.set(first);
  packed[first.length] = lineFeed;
  packed.set(read.subarray(0, -1), first.length + 1);
  return packed;
}

function firstOpen(texts: OpenTexts): number {
  let id = 0;
  while (id < texts.length && texts[id] !== undefined) id++;
  return id;
}
