import { characters } from '../value/text.ts';

/** Rows and columns of a text, both from 1, columns in characters (code points), as OPA counts them. */
export class LineTable {
  readonly #text: string;
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.#text = text;
    const starts = [0];
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#starts = starts;
  }

  position(offset: number): { readonly row: number; readonly column: number } {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const start = this.#starts[low] ?? 0;
    return { row: low + 1, column: characters(this.#text.slice(start, offset)).length + 1 };
  }

  /** `row:column-row:column` */
  range(start: number, end: number): string {
    const from = this.position(start);
    const to = this.position(end);
    return `${from.row}:${from.column}-${to.row}:${to.column}`;
  }
}
