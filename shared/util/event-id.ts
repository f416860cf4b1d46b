/** Identity of an event: 128 bits as four words, most significant first; as text 32 lower-case hex digits. */

/** The event id of the four words at `start`. */
export function eventIdOf(words: ArrayLike<number>, start = 0): string {
  let id = '';
  for (let index = start; index < start + 4; index++) {
    id += ((words[index] ?? 0) >>> 0).toString(16).padStart(8, '0');
  }
  return id;
}

/** The words of an event id; null where the text is none. */
export function eventIdWords(id: string): readonly [number, number, number, number] | null {
  if (!/^[0-9a-f]{32}$/.test(id)) return null;
  const word = (index: number): number => Number.parseInt(id.slice(index * 8, index * 8 + 8), 16);
  return [word(0), word(1), word(2), word(3)];
}
