import { PairNumbers } from '../segments/pair-numbers.ts';
import type { Column } from './event-table.ts';

/** A distinct combination of entries: one of each column, how many rows have it, and the first and last of them. */
export interface RowGroup {
  readonly entries: readonly number[];
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/** The distinct combinations of several columns' entries over all rows, in the order in which they first appear. */
export function groupRows(columns: readonly Column[], rows: number): RowGroup[] {
  const [head = new Uint32Array(rows), ...rest] = columns;
  const levels = rest.map(() => new PairNumbers());
  const counts: number[] = [];
  const firsts: number[] = [];
  const lasts: number[] = [];
  for (let row = 0; row < rows; row++) {
    let number = head[row] as number;
    for (let level = 0; level < rest.length; level++) {
      number = (levels[level] as PairNumbers).numberOf(number, (rest[level] as Column)[row] as number);
    }
    const known = counts[number];
    if (known === undefined) {
      counts[number] = 1;
      firsts[number] = row;
    } else counts[number] = known + 1;
    lasts[number] = row;
  }
  return counts.map((count, number): RowGroup => {
    const entries: number[] = [];
    let at = number;
    for (let level = rest.length - 1; level >= 0; level--) {
      const pairs = levels[level] as PairNumbers;
      entries.unshift(pairs.secondOf(at));
      at = pairs.firstOf(at);
    }
    return {
      entries: [at, ...entries],
      count,
      first: firsts[number] as number,
      last: lasts[number] as number,
    };
  });
}
