/** A name of at least two words, without case, order and accents. */
export function plainName(name: string | null): string | null {
  const words = (name ?? '')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  return words.length < 2 ? null : words.toSorted().join(' ');
}
