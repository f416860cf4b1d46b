/**
 * FNV-1a over UTF-16 code units, 32 bits, never 0 (0 marks an absent value in a hashed column). Finds candidates
 * only: every match is confirmed on the raw record, so a collision costs time and never a wrong answer.
 */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  const unsigned = hash >>> 0;
  return unsigned === 0 ? 1 : unsigned;
}
