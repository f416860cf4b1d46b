import { bitsOf, mayHold } from '../segments/text-filter.ts';

/** Entries that were committed together, as lines of one text, which is unpacked when it is first needed. */
export interface EntryPart {
  readonly firstId: number;
  readonly text: () => string;
  /** Tells without unpacking that a text is not in it; null where there is none. */
  readonly filter: (() => Uint8Array) | null;
}

/** Lines of one string. */
class Lines {
  readonly text: string;
  #starts: Uint32Array | null = null;

  constructor(text: string) {
    this.text = text;
  }

  /** Where each begins, found when it is first needed; the last place is behind the end. */
  get starts(): Uint32Array {
    return this.#starts ?? this.findStarts();
  }

  findStarts(): Uint32Array {
    return (this.#starts = lineStarts(this.text));
  }

  get count(): number {
    return this.starts.length - 1;
  }

  at(line: number): string {
    return this.text.slice(this.starts[line], (this.starts[line + 1] as number) - 1);
  }
}

class Part {
  readonly firstId: number;
  #read: (() => string) | null;
  #lines: Lines | null = null;
  #lower: Lines | null = null;
  #hasEscapes: boolean | null = null;
  readonly #readFilter: (() => Uint8Array) | null;
  #filter: Uint8Array | null = null;

  constructor({ firstId, text, filter }: EntryPart) {
    this.firstId = firstId;
    this.#read = text;
    this.#readFilter = filter;
  }

  /** False where surely none of its texts holds a literal of these bits. */
  mayHold(bits: Uint16Array): boolean {
    // It is read for a text that is too short for it too: the next one may be longer.
    this.#filter ??= this.#readFilter?.() ?? null;
    return this.#filter === null || mayHold(this.#filter, bits);
  }

  /** Whether any of its entries is JSON with an escape in it. */
  get hasEscapes(): boolean {
    return this.#hasEscapes ?? this.findEscapes();
  }

  findEscapes(): boolean {
    return (this.#hasEscapes = this.lines.text.includes('\\'));
  }

  get lines(): Lines {
    if (this.#lines === null) {
      this.#lines = new Lines(this.#read?.() ?? '');
      // What it was unpacked from is not needed any more.
      this.#read = null;
    }
    return this.#lines;
  }

  get isSearchable(): boolean {
    return this.#lower !== null;
  }

  /** The same in lower case, made for the first search. */
  get lower(): Lines {
    if (this.#lower === null) {
      const lower = this.lines.text.toLowerCase();
      // A few letters are longer in lower case: then the lines begin elsewhere.
      this.#lower = lower === this.lines.text ? this.lines : new Lines(lower);
    }
    return this.#lower;
  }
}

const asciiEnd = 0x80;
const sampled = 65_536;
/** What is sought is at least so long: a letter or two of a longer text are found too often where it is not. */
const shortest = 3;

/**
 * How often each letter stands in texts, by the beginning of some. A search goes from one of the first letter to the
 * next, and is several times faster where they are rare: it looks for the rest of a literal from its rarest letter on.
 */
class Letters {
  readonly #counts = new Uint32Array(asciiEnd);

  constructor(text: string) {
    const length = Math.min(text.length, sampled);
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code < asciiEnd) this.#counts[code] = (this.#counts[code] as number) + 1;
    }
  }

  /** The place in a literal from which on it is sought. */
  rarestIn(literal: string): number {
    let [best, least] = [0, this.#countAt(literal, 0) / 2];
    for (let place = 1; place <= literal.length - shortest; place++) {
      const count = this.#countAt(literal, place);
      if (count < least) [best, least] = [place, count];
    }
    return best;
  }

  #countAt(literal: string, place: number): number {
    // What is not counted may be frequent: nothing is sought from there on.
    return this.#counts[literal.charCodeAt(place)] ?? Number.POSITIVE_INFINITY;
  }
}

/** So much is unpacked within about ten milliseconds. */
const stepCharacters = 2_000_000;

/**
 * The entries of a dictionary by id, kept as the few long strings in which they are stored: millions of small ones
 * take several times the memory, and one long one is searched many times faster.
 */
export class EntryTexts {
  readonly size: number;
  readonly #parts: readonly Part[];
  #letters: Letters | null = null;

  /** Ids go on from one part to the next. */
  constructor(parts: readonly EntryPart[]) {
    this.#parts = parts.map((part) => new Part(part));
    const last = this.#parts.at(-1);
    this.size = last === undefined ? 0 : last.firstId + last.lines.count;
  }

  at(id: number): string | undefined {
    const part = id >= 0 && id < this.size ? this.#partOf(id) : undefined;
    return part?.lines.at(id - part.firstId);
  }

  forEach(visit: (entry: string, id: number) => void): void {
    for (const part of this.#parts) {
      const { lines, firstId } = part;
      for (let line = 0; line < lines.count; line++) visit(lines.at(line), firstId + line);
    }
  }

  /**
   * Prepares the search for a literal step by step, which it does otherwise itself: unpacks what may hold it, and
   * everything for the empty one. Nothing is left to do after the last step.
   */
  *makeSearchable(literal: string): Generator<void> {
    const bits = bitsOf(literal);
    let characters = 0;
    for (const part of this.#parts) {
      if (!part.mayHold(bits) || part.isSearchable) continue;
      part.lower.findStarts();
      part.findEscapes();
      characters += part.lower.text.length;
      if (characters < stepCharacters) continue;
      characters = 0;
      yield;
    }
  }

  /**
   * Calls `found` once with the id of each entry whose text in lower case holds `literal`, which has no line break;
   * `plain` says that the entry has no escapes.
   */
  search(literal: string, found: (id: number, plain: boolean) => void): void {
    const bits = bitsOf(literal);
    let skipped: number | null = null;
    for (const part of this.#parts) {
      if (!part.mayHold(bits)) continue;
      const { lower, firstId } = part;
      skipped ??= (this.#letters ??= new Letters(lower.text)).rarestIn(literal);
      const sought = literal.slice(skipped);
      let line = 0;
      for (let at = lower.text.indexOf(sought); at !== -1; ) {
        if (skipped > 0 && !(at >= skipped && lower.text.startsWith(literal, at - skipped))) {
          at = lower.text.indexOf(sought, at + 1);
          continue;
        }
        const { starts } = lower;
        while ((starts[line + 1] as number) <= at) line++;
        found(firstId + line, !part.hasEscapes);
        at = lower.text.indexOf(sought, starts[line + 1]);
      }
    }
  }

  #partOf(id: number): Part | undefined {
    let low = 0;
    let high = this.#parts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#parts[middle] as Part).firstId <= id) low = middle;
      else high = middle;
    }
    return this.#parts[low];
  }
}

function lineStarts(text: string): Uint32Array {
  // Lines are rarely shorter: room for more is made where they are.
  let starts = new Uint32Array(Math.ceil(text.length / 32) + 2);
  let length = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    if (length + 2 > starts.length) starts = roomier(starts);
    starts[length++] = at + 1;
  }
  starts[length++] = text.length + 1;
  return starts.slice(0, length);
}

function roomier(starts: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const room = new Uint32Array(starts.length * 2);
  room.set(starts);
  return room;
}
