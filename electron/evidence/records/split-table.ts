import { type RecordSlice, longestRecord } from './record.ts';
import { parseRow, rowObject } from './row.ts';
import * as scan from './scan.ts';
import type { Window } from './window.ts';

const carriageReturn = 0x0d;

/** Splits a delimited table: a row is a record with the header's names as keys. A broken row costs its line alone. */
export class TableSplitter {
  readonly #window: Window;
  readonly #delimiter: string;
  readonly #header: readonly string[];
  #at = 0;
  #pastHeader = false;

  constructor(window: Window, delimiter: string, header: readonly string[]) {
    this.#window = window;
    this.#delimiter = delimiter;
    this.#header = header;
  }

  /** Position up to which the window is dealt with. */
  get position(): number {
    return this.#at;
  }

  /** Tells that the window has moved by `distance`. */
  moved(distance: number): void {
    this.#at -= distance;
  }

  *records(): Generator<RecordSlice> {
    for (;;) {
      const { scan: bytes, ended } = this.#window;
      while (bytes[this.#at] === scan.lineFeed || bytes[this.#at] === carriageReturn) this.#at++;
      const from = this.#at;
      if (from >= bytes.length) return;
      const isTooLong = bytes.length - from > longestRecord;
      const rowEnd = endOfRow(bytes, from, this.#delimiter.charCodeAt(0), ended);
      if (rowEnd === scan.unfinished && !ended && !isTooLong) return;
      const slice = rowEnd >= 0 ? this.#row(from, rowEnd) : null;
      if (slice !== null) {
        this.#at = rowEnd;
        if (slice !== 'header') yield slice;
        continue;
      }
      // Not a row with the header's cells: this line is rejected, the next one is looked at afresh.
      const lineFeed = bytes.indexOf(scan.lineFeed, from);
      if (lineFeed === -1 && !ended && !isTooLong) return;
      this.#at = lineFeed === -1 ? bytes.length : lineFeed + 1;
      yield this.#brokenLine(from, trimLineEnd(bytes, from, this.#at), rowEnd === scan.unfinished);
    }
  }

  /** Null where the bytes are no row of this table; its header is no slice the first time. */
  #row(from: number, end: number): RecordSlice | 'header' | null {
    const to = trimLineEnd(this.#window.scan, from, end);
    if (to - from > longestRecord) return null;
    const cells = parseRow(this.#window.text(from, to), this.#delimiter);
    if (cells === null || cells.length !== this.#header.length) return null;
    const position = { offset: this.#window.offsetOf(from), length: this.#window.lengthOf(from, to) };
    if (cells.every((cell, index) => cell.trim() === this.#header[index])) {
      if (this.#pastHeader) return { kind: 'passed', ...position, reason: 'repeated header of the table' };
      this.#pastHeader = true;
      return 'header';
    }
    return { kind: 'record', ...position, record: rowObject(this.#header, cells) };
  }

  #brokenLine(from: number, to: number, isCut: boolean): RecordSlice {
    if (to - from > longestRecord)
      return this.#window.problem(from, to, `Longer than ${longestRecord} bytes.`);
    const cells = parseRow(this.#window.text(from, to), this.#delimiter);
    const expected = `Expected ${this.#header.length} cells as in the header`;
    const found = cells === null ? 'a quoted cell that does not end as it should' : `${cells.length}`;
    const isLast = isCut && to === this.#window.scan.length;
    return this.#window.problem(from, to, `${isLast ? 'Truncated. ' : ''}${expected}, found ${found}.`);
  }
}

/** A row cannot be read here: text follows a quoted cell. */
const malformed = -2;

/**
 * Position after the row's line end (line ends within quotes belong to a cell), `unfinished` or `malformed`. The end
 * of the stream ends a row as a line end does.
 */
function endOfRow(bytes: Buffer, from: number, delimiter: number, ended: boolean): number {
  let at = from;
  for (;;) {
    if (bytes[at] === scan.quote) {
      at = endOfQuoted(bytes, at);
      if (at === scan.unfinished) return scan.unfinished;
      const next = bytes[at];
      if (next !== undefined && next !== delimiter && next !== scan.lineFeed && next !== carriageReturn) {
        return malformed;
      }
    }
    while (at < bytes.length && bytes[at] !== delimiter && bytes[at] !== scan.lineFeed) at++;
    if (at >= bytes.length) return ended ? bytes.length : scan.unfinished;
    if (bytes[at] === scan.lineFeed) return at + 1;
    at++;
  }
}

function endOfQuoted(bytes: Buffer, from: number): number {
  let at = from + 1;
  for (;;) {
    const end = bytes.indexOf(scan.quote, at);
    if (end === -1) return scan.unfinished;
    if (bytes[end + 1] !== scan.quote) return end + 1;
    at = end + 2;
  }
}

function trimLineEnd(bytes: Buffer, from: number, to: number): number {
  let end = to;
  while (end > from && (bytes[end - 1] === scan.lineFeed || bytes[end - 1] === carriageReturn)) end--;
  return end;
}
