/**
 * How well `text` answers to what was typed: every character of it in order; 0 does not, higher is better.
 * Whole stretches and starts of words count more, then shorter texts.
 */
export function fuzzyScore(typed: string, text: string): number {
  const wanted = typed.toLowerCase().trim();
  const lower = text.toLowerCase();
  if (wanted === '') return 1;
  const found = lower.indexOf(wanted);
  if (found >= 0) return 100 + (isWordStart(lower, found) ? 50 : 0) + 1 / text.length;
  let score = 0;
  let at = -1;
  for (const character of wanted.replaceAll(' ', '')) {
    const next = lower.indexOf(character, at + 1);
    if (next < 0) return 0;
    score += next === at + 1 ? 3 : isWordStart(lower, next) ? 2 : 1;
    at = next;
  }
  return score / wanted.length + 1 / text.length;
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '');
}
