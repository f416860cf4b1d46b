/** A line of a comparison with its number on either side, from 1; null where the side has no such line. */
export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly before: number | null;
  readonly after: number | null;
  readonly text: string;
}

/** Beyond so many differing lines the middle is shown as replaced: an exact comparison would take too long. */
const mostEdits = 1_500;

/**
 * Compares two texts line by line: the shortest edit script.
 * Source: E. W. Myers, “An O(ND) Difference Algorithm and Its Variations”, Algorithmica 1 (1986).
 */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < now.length - head &&
    old[old.length - 1 - tail] === now[now.length - 1 - tail]
  ) {
    tail++;
  }
  const result: DiffLine[] = [];
  let [left, right] = [0, 0];
  const put = (kind: DiffLine['kind']): void => {
    const text = (kind === 'added' ? now[right] : old[left]) ?? '';
    const onLeft = kind === 'added' ? null : ++left;
    const onRight = kind === 'removed' ? null : ++right;
    result.push({ kind, before: onLeft, after: onRight, text });
  };
  for (let index = 0; index < head; index++) put('same');
  for (const kind of editsOf(old.slice(head, old.length - tail), now.slice(head, now.length - tail)))
    put(kind);
  for (let index = 0; index < tail; index++) put('same');
  return result;
}

function linesOf(text: string): readonly string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

function editsOf(old: readonly string[], now: readonly string[]): DiffLine['kind'][] {
  const trace = furthestPaths(old, now);
  if (trace === null) {
    return [...old.map(() => 'removed' as const), ...now.map(() => 'added' as const)];
  }
  const edits: DiffLine['kind'][] = [];
  let [x, y] = [old.length, now.length];
  for (let depth = trace.length - 1; depth >= 0; depth--) {
    const ends = trace[depth] ?? new Map<number, number>();
    const diagonal = x - y;
    const down =
      diagonal === -depth ||
      (diagonal !== depth && (ends.get(diagonal - 1) ?? -1) < (ends.get(diagonal + 1) ?? -1));
    const from = down ? diagonal + 1 : diagonal - 1;
    const startX = depth === 0 ? 0 : (ends.get(from) ?? 0);
    const startY = depth === 0 ? 0 : startX - from;
    while (x > startX && y > startY) {
      edits.push('same');
      x--;
      y--;
    }
    if (depth > 0) edits.push(down ? 'added' : 'removed');
    [x, y] = [startX, startY];
  }
  return edits.toReversed();
}

/** For each number of edits the furthest points on each diagonal before it; null where there are too many edits. */
function furthestPaths(
  old: readonly string[],
  now: readonly string[],
): readonly ReadonlyMap<number, number>[] | null {
  const trace: Map<number, number>[] = [];
  let ends = new Map<number, number>([[1, 0]]);
  for (let depth = 0; depth <= Math.min(mostEdits, old.length + now.length); depth++) {
    trace.push(new Map(ends));
    const next = new Map(ends);
    for (let diagonal = -depth; diagonal <= depth; diagonal += 2) {
      const down =
        diagonal === -depth ||
        (diagonal !== depth && (ends.get(diagonal - 1) ?? -1) < (ends.get(diagonal + 1) ?? -1));
      let x = down ? (ends.get(diagonal + 1) ?? 0) : (ends.get(diagonal - 1) ?? 0) + 1;
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x++;
      next.set(diagonal, x);
      if (x >= old.length && x - diagonal >= now.length) return trace;
    }
    ends = next;
  }
  return null;
}
