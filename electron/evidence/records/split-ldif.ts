import { parseLdif } from './ldif.ts';
import { type RecordSlice, longestRecord } from './record.ts';
import * as scan from './scan.ts';
import type { Window } from './window.ts';

const carriageReturn = 0x0d;
const hash = 0x23;

/** Splits LDIF (RFC 2849) into entries, which blank lines part. An entry that is broken costs itself alone. */
export class LdifSplitter {
  readonly #window: Window;
  #at = 0;

  constructor(window: Window) {
    this.#window = window;
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
      if (this.#at >= bytes.length) return;
      const end = endOfEntry(bytes, this.#at);
      if (end === bytes.length && !ended && end - this.#at <= longestRecord) return;
      const slice = this.#slice(this.#at, end);
      this.#at = end;
      if (slice !== null) yield slice;
    }
  }

  /** Null for comments and a version alone: they are no entry. */
  #slice(from: number, end: number): RecordSlice | null {
    const to = trimmed(this.#window.scan, from, end);
    if (to - from > longestRecord)
      return this.#window.problem(from, to, `Longer than ${longestRecord} bytes.`);
    const found = parseLdif(this.#window.text(from, to));
    if ('problem' in found) return this.#window.problem(from, to, found.problem);
    if (Object.keys(found.record).length === 0) return null;
    return {
      kind: 'record',
      offset: this.#window.offsetOf(from),
      length: this.#window.lengthOf(from, to),
      record: found.record,
    };
  }
}

/** Position after the last line before a blank one. A blank line that ends a comment ends no entry. */
function endOfEntry(bytes: Buffer, from: number): number {
  let at = from;
  let isComment = true;
  for (;;) {
    if (bytes[at] !== hash) isComment = false;
    const lineFeed = bytes.indexOf(scan.lineFeed, at);
    if (lineFeed === -1) return bytes.length;
    at = lineFeed + 1;
    const next = bytes[at] === carriageReturn ? bytes[at + 1] : bytes[at];
    if (next === scan.lineFeed || (isComment && next !== hash && next !== 0x20)) return at;
  }
}

function trimmed(bytes: Buffer, from: number, end: number): number {
  let to = end;
  while (to > from && (bytes[to - 1] === scan.lineFeed || bytes[to - 1] === carriageReturn)) to--;
  return to;
}
