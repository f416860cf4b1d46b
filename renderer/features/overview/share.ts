/** A part of a whole as people read it: never 0 % of something, never 100 % of less than all. */
export function share(part: number, whole: number): string {
  const percent = (part / whole) * 100;
  if (part === 0 || part === whole) return `${percent} %`;
  if (percent < 0.1) return 'under 0.1 %';
  return percent > 99.9 ? 'over 99.9 %' : `${percent.toFixed(1)} %`;
}
